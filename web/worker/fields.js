// The readers of forms: what a person typed, as the plain values that a command holds.

import { isId } from "./ids.js";
import { isDate, isDay } from "./paths.js";
import { readScan } from "./scanning.js";
import { compareText } from "./values.js";
import { readTime } from "./wall_clock.js";

const CONTROLS = /[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]/gu;
const SPACES = /[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+/g;
const SPACES_IN_LINE = /[\t\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+/g;
const WHOLE = /^[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)$/;
const MONEY = /^([+-]?) ?\$? ?((?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)?)(?:\.([0-9]{0,2}))?$/;
const US_DATE = /^([0-9]{1,2})\/([0-9]{1,2})\/([0-9]{4})$/;
const UNIT = /^[a-z0-9_-]+$/;
const LINE = /^(?:0|[1-9][0-9]{0,4})$/;

// What is wrong with one field: the bound, and the numbers that its sentence names.
class Complaint extends Error {
  constructor(bound, words = {}) {
    super(bound);
    this.bound = bound;
    this.words = words;
  }
}

// {values, complaints by field}; `reading` is {today, language, words, sentences}. A value is null where there is
// a complaint.
export function read(specs, form, reading) {
  const values = {};
  const complaints = {};
  for (const spec of specs) {
    try {
      values[spec.name] = READERS[spec.reader](spec, form, reading, complaints);
    } catch (complaint) {
      if (!(complaint instanceof Complaint)) throw complaint;
      values[spec.name] = null;
      complain(complaints, spec, complaint, reading);
    }
  }
  return { values, complaints };
}

function complain(complaints, spec, complaint, reading) {
  const label = Object.hasOwn(reading.words, spec.label) ? reading.words[spec.label] : spec.label;
  complaints[nameOf(spec, reading)] = sentence(reading.sentences, `${spec.reader}.${complaint.bound}`, reading.language, {
    ...complaint.words,
    label,
  });
}

// The sentence of a reader and bound; English for a language that has none.
export function sentence(sentences, key, language, words = {}) {
  let said = (sentences[language] ?? sentences.en)[key];
  for (const [name, word] of Object.entries(words)) said = said.replaceAll(`{${name}}`, () => word);
  return said;
}

const nameOf = (spec, reading) => (reading.before ?? "") + spec.name;
const texts = (form, name) => (Object.hasOwn(form, name) ? form[name] : []);

// The last text of that name, cleaned; a box that is ticked comes after its hidden twin.
const given = (spec, form, reading) => clean(texts(form, nameOf(spec, reading)).at(-1) ?? "");

export function clean(text, multiline = false) {
  text = text.replace(CONTROLS, "");
  if (multiline) {
    text = text
      .replace(/\r\n?/g, "\n")
      .replace(SPACES_IN_LINE, " ")
      .replace(/ ?\n ?/g, "\n")
      .replace(/\n{3,}/g, "\n\n");
  } else text = text.replace(SPACES, " ");
  return text.normalize("NFC").replace(/^[ \n]+|[ \n]+$/g, "");
}

function empty(spec) {
  if (spec.required) throw new Complaint("required");
  return null;
}

function within(number, spec, spelled = String) {
  if (number < (spec.min ?? number)) throw new Complaint("min", { min: spelled(spec.min) });
  if (number > (spec.max ?? number)) throw new Complaint("max", { max: spelled(spec.max) });
}

function wholeNumber(text) {
  const number = WHOLE.test(text) && text.length <= 40 ? Number(text.replaceAll(",", "")) : Infinity;
  if (!Number.isSafeInteger(number)) throw new Complaint("valid");
  return number + 0;
}

// $1,234.50, as the templates print it.
export function dollars(cents) {
  const [whole, rest] = [Math.floor(Math.abs(cents) / 100), Math.abs(cents) % 100];
  const grouped = String(whole).replace(/\B(?=(?:[0-9]{3})+$)/g, ",");
  return `${cents < 0 ? "-" : ""}$${grouped}.${String(rest).padStart(2, "0")}`;
}

const american = (day) => `${Number(day.slice(5, 7))}/${Number(day.slice(8))}/${day.slice(0, 4)}`;

// Where nothing was typed there is nothing to read.
const typed = (reader) => (spec, form, reading) => {
  const text = given(spec, form, reading);
  return text === "" ? empty(spec) : reader(text, spec, reading);
};

const READERS = {
  text(spec, form, reading) {
    const text = clean(texts(form, nameOf(spec, reading)).at(-1) ?? "", spec.multiline);
    if (text === "") return empty(spec);
    within([...text].length, spec);
    return text;
  },

  id: typed((text) => {
    if (!isId(text.toLowerCase())) throw new Complaint("valid");
    return text.toLowerCase();
  }),

  integer: typed((text, spec) => {
    const number = wholeNumber(text);
    within(number, spec);
    return number;
  }),

  money: typed((text, spec) => {
    const found = text.length <= 40 ? MONEY.exec(text) : null;
    if (!found || !(found[2] || found[3])) throw new Complaint("valid");
    const cents = Number(found[2].replaceAll(",", "") || "0") * 100 + Number((found[3] ?? "").padEnd(2, "0"));
    if (!Number.isSafeInteger(cents)) throw new Complaint("valid");
    const signed = found[1] === "-" ? 0 - cents : cents;
    within(signed, spec, dollars);
    return signed;
  }),

  date: typed((text, spec, { today }) => {
    const found = US_DATE.exec(text);
    if (found) {
      const [, month, day, year] = found;
      if (!isDay(Number(year), Number(month), Number(day))) throw new Complaint("valid");
      text = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
    }
    if (!isDate(text)) throw new Complaint("valid");
    const { min_date: least, max_date: most } = spec;
    if (least && text < (least === "today" ? today : least)) {
      throw least === "today" ? new Complaint("past") : new Complaint("min", { min: american(least) });
    }
    if (most && text > (most === "today" ? today : most)) {
      throw most === "today" ? new Complaint("future") : new Complaint("max", { max: american(most) });
    }
    return text;
  }),

  time: typed((text) => {
    const found = readTime(text);
    if (found === null) throw new Complaint("valid");
    return found;
  }),

  boolean: (spec, form, reading) => ["on", "true", "1", "yes"].includes(given(spec, form, reading).toLowerCase()),

  choice: typed((text, spec) => {
    if (!spec.choices.includes(text)) throw new Complaint("valid");
    return text;
  }),

  choices(spec, form, reading) {
    const chosen = new Set(texts(form, nameOf(spec, reading)).map((text) => clean(text)).filter(Boolean));
    if (!chosen.size && !spec.required) return [];
    if (!chosen.size && (spec.min ?? 0) <= 1) throw new Complaint("required");
    for (const choice of chosen) if (!spec.choices.includes(choice)) throw new Complaint("valid");
    within(chosen.size, spec);
    return spec.choices.filter((choice) => chosen.has(choice));
  },

  phone: typed((text) => {
    let digits = text.replace(/[^0-9]/g, "");
    if (digits.length === 11 && digits.startsWith("1")) digits = digits.slice(1);
    if (digits.length !== 10) throw new Complaint("valid");
    return digits;
  }),

  // Not cleaned first: the separator of GS1 is a control character.
  scan(spec, form, reading) {
    const text = texts(form, nameOf(spec, reading)).at(-1) ?? "";
    if (/^[ \t\r\n]*$/.test(text)) return empty(spec);
    const found = readScan(text, reading.today);
    if (found === null) throw new Complaint("valid");
    if (found.code === null) throw new Complaint("item");
    return found;
  },

  quantity(spec, form, reading) {
    const before = `${nameOf(spec, reading)}.`;
    const names = Object.keys(form).filter((name) => name.startsWith(before));
    const named = names.map((name) => name.slice(before.length)).filter((unit) => UNIT.test(unit));
    const entered = [];
    for (const unit of spec.units?.length ? spec.units : named.sort(compareText)) {
      const text = clean(texts(form, before + unit).at(-1) ?? "");
      if (text === "") continue;
      const number = wholeNumber(text);
      within(number, spec);
      entered.push([unit, number]);
    }
    return entered.length ? Object.fromEntries(entered) : empty(spec);
  },

  // Lines in the order of their numbers; one that was left wholly empty is no line.
  lines(spec, form, reading, complaints) {
    const before = `${nameOf(spec, reading)}.`;
    const names = Object.keys(form).filter((name) => name.startsWith(before));
    const numbers = new Set(names.map((name) => name.slice(before.length).split(".")[0]).filter((one) => LINE.test(one)));
    const found = [];
    for (const number of [...numbers].sort((a, b) => a - b)) {
      const start = `${before}${number}.`;
      const mine = names.filter((name) => name.startsWith(start));
      if (!mine.some((name) => form[name].some((text) => clean(text) !== ""))) continue;
      const line = read(spec.fields, form, { ...reading, before: start });
      found.push(line.values);
      Object.assign(complaints, line.complaints);
    }
    try {
      if (!found.length && spec.required) throw new Complaint("required");
      if (found.length) within(found.length, spec);
    } catch (complaint) {
      if (!(complaint instanceof Complaint)) throw complaint;
      complain(complaints, spec, complaint, reading);
    }
    return found;
  },
};
