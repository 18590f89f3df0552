// The values that declarations are written with: constants, names, and a few functions of them.

import { momentAt } from "./wall_clock.js";

const MARKS = /[\u0300-\u036f]/g;
const APOSTROPHES = /['\u2019\u02bc]/g;
const SEPARATORS = /[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+/g;

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);

// A value's JSON read in a scope; whatever is missing is null.
export function evaluate(value, scope) {
  if (Array.isArray(value)) return value.map((item) => evaluate(item, scope));
  if (!isObject(value)) return value;
  switch (value.fn) {
    case undefined:
      return walk(scope, value.$);
    case "fold":
      return folded(...value.of.map((part) => evaluate(part, scope)));
    case "key":
      return value.of.map((part) => spell(evaluate(part, scope))).join("/");
    case "ref": {
      const found = scope.get(value.kind, evaluate(value.id, scope));
      return found === null ? null : walk(found, value.name);
    }
    case "moment":
      return momentAt(evaluate(value.day, scope), evaluate(value.time, scope), scope.zone ?? null);
    case "serial":
      return walk(scope, `serial.${value.name}`);
  }
  throw new Error(`There is no function ${value.fn} of values.`);
}

// `entered.each` of a row: each step into an object, null as soon as there is none.
export function walk(found, path) {
  for (const name of path.split(".")) {
    found = isObject(found) && Object.hasOwn(found, name) ? found[name] ?? null : null;
  }
  return found;
}

// Text as it is searched: no case, no accents, no punctuation, one space between words.
export function folded(...parts) {
  const text = parts.filter((part) => part !== null).map(spell).join(" ");
  return text
    .normalize("NFD")
    .replace(MARKS, "")
    .toLowerCase()
    // Whether a sigma ends a word depends on what follows, so half a name typed would not find the whole one.
    .replaceAll("\u03c2", "\u03c3")
    .replace(APOSTROPHES, "")
    .replace(SEPARATORS, " ")
    .replace(/^ | $/g, "");
}

// A plain value as text, the same in both engines.
export function spell(value) {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || typeof value === "number") return String(value);
  return Array.isArray(value) ? value.map(spell).join(" ") : "";
}

// Values of different sorts stand in this order: null, boolean, integer, text, list, anything else.
export function sortOf(value) {
  if (value === null || value === undefined) return 0;
  if (typeof value === "string") return 3;
  if (typeof value === "number") return 2;
  if (typeof value === "boolean") return 1;
  return Array.isArray(value) ? 4 : 5;
}

// Negative, zero or positive; text by code point.
export function compare(left, right) {
  const sort = sortOf(left);
  const other = sortOf(right);
  if (sort !== other) return sort - other;
  if (sort === 3) return compareText(left, right);
  if (sort === 4) {
    for (let at = 0; at < left.length && at < right.length; at += 1) {
      const order = compare(left[at], right[at]);
      if (order) return order;
    }
    return left.length - right.length;
  }
  return sort === 0 || sort === 5 ? 0 : Number(left) - Number(right);
}

// JavaScript's own order is by UTF-16 unit, which puts an emoji before the last part of the basic plane.
export function compareText(left, right) {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    const a = left.charCodeAt(at);
    const b = right.charCodeAt(at);
    if (a !== b) return a >= 0xd800 && b >= 0xd800 ? lifted(a) - lifted(b) : a - b;
  }
  return left.length - right.length;
}

const lifted = (unit) => (unit >= 0xe000 ? unit - 0x800 : unit + 0x2000);

export function same(left, right) {
  const sort = sortOf(left);
  if (sort !== sortOf(right) || sort === 5) return false;
  return sort === 4 ? compare(left, right) === 0 : sort === 0 || left === right;
}

// Whether left < right; never when either is missing or they are of different sorts.
export function below(left, right) {
  const sort = sortOf(left);
  return sort !== 0 && sort === sortOf(right) && compare(left, right) < 0;
}

// One comparison of an effect's condition or of a list's where.
export function holds(left, op, right) {
  switch (op) {
    case "eq":
      return same(left, right);
    case "ne":
      return !same(left, right);
    case "lt":
      return below(left, right);
    case "gt":
      return below(right, left);
    case "set":
      return (sortOf(left) !== 0) === (right === true);
    case "in":
      return Array.isArray(right) && right.some((one) => same(left, one));
    case "any": {
      const wanted = Array.isArray(right) ? right : [right];
      return (Array.isArray(left) ? left : [left]).some((one) => wanted.some((other) => same(one, other)));
    }
    case "lacks":
      return !holds(left, "any", right);
  }
  throw new Error(`There is no comparison ${op}.`);
}
