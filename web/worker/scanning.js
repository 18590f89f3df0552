// What a scanner, a camera or a person gives for a code: the key that an item is known by, with lot and dates.
// The normal form of the key, and where the rules come from, stand in backend/scanning.py.

import { readHibc } from "./hibc.js";

const MOST_CHARACTERS = 120;
const GS = "\x1d";

const EDGES = /^[\t-\r \u00a0\u2000-\u200a\u202f\u3000\ufeff]+|[\t-\r \u00a0\u2000-\u200a\u202f\u3000\ufeff]+$/g;
const CONTROLS = /[\x00-\x1c\x1e\x1f\x7f-\x9f\ud800-\udfff]/u;
const SYMBOLOGY = /^\][A-Za-z][0-9a-zA-Z]/;
const OF_GS1 = new Set(["]C1", "]d2", "]e0", "]e1", "]e2", "]Q3", "]J1"]);
const HUMAN = / *\(([0-9]{2,4})\) */g;
const STARTS_HUMAN = /^ *\([0-9]{2,4}\)/;
const GTIN = /^(?:[0-9]{8}|[0-9]{12,14})$/;
const STARTS_WITH_ITEM = /^0[12][0-9]{14}/;
const SEPARATORS = /^\x1d+/;
// Whole lengths, AI included, of the element strings that need no separator (GS1, figure 7.8.5-2).
const LENGTHS = { "00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "20": 4, "41": 16 };
for (let n = 1; n <= 9; n += 1) LENGTHS[`1${n}`] = 8;
for (let n = 1; n <= 6; n += 1) LENGTHS[`3${n}`] = 10;
const CHARACTERS_82 = /^[!-"%-?A-Z_a-z]{1,20}$/;
const NUMBER = /^[0-9]{1,8}$/;
const VARIABLE = { 10: CHARACTERS_82, 21: CHARACTERS_82, 30: NUMBER, 37: NUMBER };
const SKIPPED = /^[0-9]{2}[^\x1d]{1,90}$/u;
const NOTHING = { code: null, kind: null, lot: null, expires: null, produced: null, serial: null, count: null, warning: null };

// The fields of a scanned code; null for what cannot be one. `code` is null where the symbol is a label's second one,
// which has a lot or a date and names no item.
export function readScan(text, today) {
  text = text.replaceAll("{GS}", GS).replaceAll("<GS>", GS).replace(EDGES, "").normalize("NFC");
  if (CONTROLS.test(text) || [...text].length > MOST_CHARACTERS) return null;
  const symbology = SYMBOLOGY.exec(text)?.[0] ?? "";
  text = text.slice(symbology.length);
  const human = STARTS_HUMAN.test(text);
  const marked = OF_GS1.has(symbology) || text.startsWith(GS) || human;
  if (human) text = text.replace(HUMAN, (_, ai) => GS + ai);
  text = text.replace(SEPARATORS, "");
  if (!marked && GTIN.test(text)) return gtin(text);
  if (marked || text.includes(GS) || STARTS_WITH_ITEM.test(text)) {
    const found = gs1(text, today, marked);
    if (found) return found;
  }
  const found = text.startsWith("+") ? readHibc(text, today, dayOf) : null;
  if (found) return found;
  if (text === "" || text.includes(GS)) return null;
  return { ...NOTHING, code: text, kind: "plain" };
}

// The last digit of a GTIN, from those before it.
export function checkDigit(digits) {
  const total = [...digits].reverse().reduce((sum, digit, at) => sum + Number(digit) * (at % 2 ? 1 : 3), 0);
  return String((10 - (total % 10)) % 10);
}

// The date of a year of two digits, at most 50 years ahead and 49 behind; day 0 is the month's last.
export function dayOf(short, month, day, today) {
  const now = Number(today.slice(0, 4));
  let year = short + now - (now % 100);
  if (year - now >= 51) year -= 100;
  else if (year - now <= -50) year += 100;
  if (month < 1 || month > 12) return null;
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day > last) return null;
  return [String(year).padStart(4, "0"), String(month).padStart(2, "0"), String(day || last).padStart(2, "0")].join("-");
}

function gtin(digits) {
  const warning = checkDigit(digits.slice(0, -1)) === digits.at(-1) ? null : "check_digit";
  return { ...NOTHING, code: digits.padStart(14, "0"), kind: "gtin", warning };
}

// What the element strings say; null when they are none, or only look so by chance.
function gs1(text, today, marked) {
  const { found, whole } = elements(text);
  const item = found["01"] || found["02"];
  if (!Object.keys(found).length || !(marked || item)) return null;
  const read = item ? gtin(item) : { ...NOTHING, kind: "gtin" };
  // Nothing marks it as GS1, not all of it reads as that, and the item is none: a code of some house.
  if (!marked && !whole && read.warning) return null;
  const count = found[30] || found[37];
  Object.assign(read, { lot: found[10] ?? null, serial: found[21] ?? null, count: count ? Number(count) : null });
  for (const [ai, name] of [[17, "expires"], [11, "produced"]]) {
    const day = found[ai];
    if (!day) continue;
    read[name] = dayOf(Number(day.slice(0, 2)), Number(day.slice(2, 4)), Number(day.slice(4)), today);
    read.warning ??= read[name] ? null : "date";
  }
  read.warning ??= whole ? null : "rest";
  return read;
}

// {values by AI, whether all was read}: what comes before a fault is still what the label says.
function elements(text) {
  const found = {};
  while ((text = text.replace(SEPARATORS, "")) !== "") {
    const ai = text.slice(0, 2);
    const length = Object.hasOwn(LENGTHS, ai) ? LENGTHS[ai] : 0;
    const end = length || (text.includes(GS) ? text.indexOf(GS) : text.length);
    const element = text.slice(0, end);
    text = text.slice(end);
    if (length) {
      if (element.length < length || !/^[0-9]+$/.test(element)) return { found, whole: false };
    } else if (!(Object.hasOwn(VARIABLE, ai) ? VARIABLE[ai].test(element.slice(2)) : SKIPPED.test(element))) {
      return { found, whole: false };
    }
    if (!Object.hasOwn(found, ai)) found[ai] = element.slice(2);
  }
  return { found, whole: true };
}
