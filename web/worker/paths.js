// Paths and sheet names with parameters in them: `/checkin/{day:date}/{visit_id:id}`, `visits/{site}/{day}`.

import { isId } from "./ids.js";
import { spell } from "./values.js";

const PLACE = /\{([a-z_][a-z0-9_]*)(?::([a-z]+))?\}/g;
const WHOLE = /^\{([a-z_][a-z0-9_]*)(?::([a-z]+))?\}$/;
// Only years that a page can also write; beyond them is no day of an office.
const DATE = /^((?:1[89]|2[0-9])[0-9]{2})-([0-9]{2})-([0-9]{2})$/;
const NAME = /^[a-z0-9_-]+$/;
const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

// Whether the text is a day of the calendar, written YYYY-MM-DD.
export function isDate(text) {
  const found = typeof text === "string" ? DATE.exec(text) : null;
  return found !== null && isDay(Number(found[1]), Number(found[2]), Number(found[3]));
}

export function isDay(year, month, day) {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= (month === 2 && leap ? 29 : MONTHS[month - 1]);
}

export const TYPES = { date: isDate, id: isId, name: (text) => typeof text === "string" && NAME.test(text) };

// One pattern, matched part by part.
class Path {
  constructor(pattern) {
    this.pattern = pattern;
    this.parts = pattern.split("/").map((part) => {
      const place = WHOLE.exec(part);
      return place ? { name: place[1], type: place[2] ?? "name" } : part;
    });
    this.types = Object.fromEntries(this.parts.filter((part) => part.name).map((part) => [part.name, part.type]));
  }

  // The parameters, or null when the path is another one.
  match(path) {
    const given = path.split("/");
    if (given.length !== this.parts.length) return null;
    const params = {};
    for (const [at, part] of this.parts.entries()) {
      if (typeof part === "string") {
        if (part !== given[at]) return null;
      } else if (!TYPES[part.type](given[at])) return null;
      else params[part.name] = given[at];
    }
    return params;
  }

  // Whether every parameter of the path is given and of its type.
  fits(params) {
    return Object.entries(this.types).every(([name, type]) => TYPES[type](params[name]));
  }

  fill(params) {
    return fill(this.pattern, params);
  }
}

const parsed = new Map();

export function parse(pattern) {
  if (!parsed.has(pattern)) parsed.set(pattern, new Path(pattern));
  return parsed.get(pattern);
}

// A path with its parameters written in.
export function fill(pattern, params) {
  return pattern.replace(PLACE, (_, name) => {
    if (!Object.hasOwn(params, name)) throw new Error(`${pattern} needs ${name}.`);
    return encodeURIComponent(spell(params[name]));
  });
}

// A sheet's name with its parameters written in; null while one of them is unknown.
export function sheetName(pattern, params) {
  const text = (name) => (Object.hasOwn(params, name) ? spell(params[name]) : "");
  for (const [, name] of pattern.matchAll(PLACE)) if (text(name) === "") return null;
  return pattern.replace(PLACE, (_, name) => text(name));
}

// Whether one of these sheet names, which may end in `*`, means this sheet.
export function covers(patterns, sheet) {
  return patterns.some((one) => (one.endsWith("*") ? sheet.startsWith(one.slice(0, -1)) : sheet === one));
}

// What a browser sent as a form or behind the question mark: each name with its texts.
export function formOf(text) {
  const form = new Map();
  // Python's reader keeps a leading question mark; this one would drop it.
  for (const [name, value] of new URLSearchParams(text.startsWith("?") ? `&${text}` : text)) {
    form.set(name, [...(form.get(name) ?? []), value]);
  }
  return Object.fromEntries(form);
}
