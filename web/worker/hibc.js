// Codes of the Health Industry Bar Code standard (ANSI/HIBC 2.6): item, lot, serial number and dates.

const CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";
const ALL = /^\+[0-9A-Za-z. $/+%-]{5,}$/;
const PRIMARY = /^[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}[0-9]$/;
const SECONDARY = /^(?:\$|[0-9]{5})/;
const LOT = /^[A-Z0-9. $%+-]{0,18}$/;
const QUANTITY = /^(?:8([0-9]{2})|9([0-9]{5}))/;
// How the expiry behind $$ is written, by the digit before it; month and year alone have no such digit.
const DATES = {
  2: /^(?<month>[0-9]{2})(?<day>[0-9]{2})(?<year>[0-9]{2})/,
  3: /^(?<year>[0-9]{2})(?<month>[0-9]{2})(?<day>[0-9]{2})/,
  4: /^(?<year>[0-9]{2})(?<month>[0-9]{2})(?<day>[0-9]{2})[0-9]{2}/,
  5: /^(?<year>[0-9]{2})(?<of_year>[0-9]{3})/,
  6: /^(?<year>[0-9]{2})(?<of_year>[0-9]{3})[0-9]{2}/,
};
const MONTH = /^(?<month>[0-9]{2})(?<year>[0-9]{2})/;
const LONG_DAY = /^(14|16)D([0-9]{2})(?<year>[0-9]{2})(?<month>[0-9]{2})(?<day>[0-9]{2})$/;

// Modulo 43 over all characters, the leading + among them.
export function checkCharacter(text) {
  return CHARACTERS[[...text].reduce((sum, one) => sum + CHARACTERS.indexOf(one), 0) % 43];
}

// The same fields as `readScan` gives; null when it is no such code. `code` is null for a secondary code alone.
export function readHibc(text, today, dayOf) {
  if (!ALL.test(text)) return null;
  text = text.toUpperCase();
  let body = text.slice(0, -1);
  let right = checkCharacter(body) === text.at(-1);
  // A space is a check character too, and the first thing that is lost on the way.
  if (!right && checkCharacter(text) === " ") [body, right] = [text, true];
  let [primary, ...sections] = body.slice(1).split("/");
  const read = {
    code: `+${primary}`, kind: "hibc", lot: null, expires: null, produced: null, serial: null, count: null,
    warning: right ? null : "check_digit",
  };
  if (!PRIMARY.test(primary)) {
    if (!right || !SECONDARY.test(primary)) return null;
    // Its last character links it to the primary code, whose check character it is.
    read.code = null;
    sections = body.slice(1, -1).split("/");
  }
  for (const section of sections) {
    const wrong = readSection(section, read, (found) => day(found.groups, today, dayOf));
    read.warning ??= wrong;
  }
  return read;
}

// Fills in what one part says; returns the warning, if any.
function readSection(section, read, dayIn) {
  let found = LONG_DAY.exec(section);
  if (found) {
    const name = found[1] === "14" ? "expires" : "produced";
    read[name] = dayIn(found);
    return read[name] ? null : "date";
  }
  found = /^Q([0-9]{1,8})$/.exec(section);
  if (found) {
    read.count = Number(found[1]);
    return null;
  }
  if (section.startsWith("S")) return named(read, "serial", section.slice(1));
  if (section.startsWith("$$")) return dated(section.slice(2), read, dayIn);
  if (section.startsWith("$+")) return named(read, "serial", section.slice(2));
  if (section.startsWith("$")) return named(read, "lot", section.slice(1));
  found = DATES[5].exec(section);
  if (!found) return "rest";
  read.expires = dayIn(found);
  return named(read, "lot", section.slice(5)) ?? (read.expires ? null : "date");
}

function dated(section, read, dayIn) {
  const name = section.startsWith("+") ? "serial" : "lot";
  if (name === "serial") section = section.slice(1);
  const quantity = QUANTITY.exec(section);
  if (quantity) {
    read.count = Number(quantity[1] ?? quantity[2]);
    section = section.slice(quantity[0].length);
  }
  if (section === "" || section.startsWith("7")) return named(read, name, section.slice(1));
  const pattern = Object.hasOwn(DATES, section[0]) ? DATES[section[0]] : null;
  if (pattern) section = section.slice(1);
  const found = (pattern ?? MONTH).exec(section);
  if (!found) return "rest";
  read.expires = dayIn(found);
  return named(read, name, section.slice(found[0].length)) ?? (read.expires ? null : "date");
}

function named(read, name, text) {
  if (!LOT.test(text)) return "rest";
  read[name] = text.replace(/^ +| +$/g, "") || null;
  return null;
}

function day(parts, today, dayOf) {
  const year = Number(parts.year);
  if (parts.of_year === undefined) return dayOf(year, Number(parts.month), Number(parts.day ?? 0), today);
  let left = Number(parts.of_year);
  for (let month = 1; month <= 12 && left > 0; month += 1) {
    const last = dayOf(year, month, 0, today);
    const days = Number(last.slice(8));
    if (left <= days) return last.slice(0, 8) + String(left).padStart(2, "0");
    left -= days;
  }
  return null;
}
