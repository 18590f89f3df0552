// What a value may be and may do in a template, on the device; backend/dialect.py says the same on the server.

export class Markup {
  constructor(html) {
    this.html = html;
  }
}

export class RenderError extends Error {
  constructor(file, line, why) {
    super(`${file}:${line}: ${why}`);
    this.file = file;
    this.line = line;
    this.why = why;
  }
}

export function located(error, file, line) {
  return error instanceof RenderError ? error : new RenderError(file, line, error.message);
}

export function kind(value) {
  switch (typeof value) {
    case "string":
      return "text";
    case "boolean":
      return "boolean";
    case "number":
      if (Number.isSafeInteger(value)) return "integer";
      throw new TypeError("a template has no fractions");
    case "object":
      if (value === null) return "none";
      if (Array.isArray(value)) return "list";
      return value instanceof Markup ? "markup" : "dict";
    case "undefined":
      throw new TypeError("this is undefined");
    default:
      throw new TypeError(`a template has no ${typeof value}`);
  }
}

export function need(wanted, value) {
  if (kind(value) !== wanted) throw new TypeError(`${wanted} is needed here, not ${kind(value)}`);
  return value;
}

const UNSAFE = /[&<>"']/;
const EVERY_UNSAFE = /[&<>"']/g;
const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };

/** A value as HTML: none, yes and no are for a template to put into words. */
export function shown(value) {
  if (typeof value === "string") {
    return UNSAFE.test(value) ? value.replace(EVERY_UNSAFE, (letter) => ENTITIES[letter]) : value;
  }
  if (value instanceof Markup) return value.html;
  if (kind(value) !== "integer") throw new TypeError(`${kind(value)} is not printed`);
  return String(value);
}

/** Python's truth, not JavaScript's: an empty list or dict is false. */
export function truthy(value) {
  switch (kind(value)) {
    case "boolean":
      return value;
    case "none":
      return false;
    case "integer":
      return value !== 0;
    case "text":
      return value !== "";
    case "list":
      return value.length > 0;
    case "markup":
      return value.html !== "";
    default:
      return value instanceof Map ? value.size > 0 : Object.keys(value).length > 0;
  }
}

export function either(value, other) {
  return truthy(value) ? value : other();
}

export function both(value, other) {
  return truthy(value) ? other() : value;
}

/** A row's field, or a list's element; what is not there is undefined, and nothing inherited is ever reached. */
export function lookUp(thing, key) {
  if (Array.isArray(thing)) {
    if (need("integer", key) < 0) throw new TypeError("a list has no element before its first");
    return thing[key];
  }
  need("dict", thing);
  need("text", key);
  if (thing instanceof Map) return thing.get(key);
  return Object.hasOwn(thing, key) ? thing[key] : undefined;
}

export function equal(one, other) {
  const kinds = [kind(one), kind(other)];
  for (const each of kinds) {
    if (each === "list" || each === "dict" || each === "markup") throw new TypeError(`${each} is not compared`);
  }
  return one === other;
}

export function less(one, other) {
  if (kind(one) !== kind(other) || !["text", "integer"].includes(kind(one))) {
    throw new TypeError(`${kind(one)} and ${kind(other)} have no order`);
  }
  return typeof one === "number" ? one < other : precedes(one, other);
}

// JavaScript orders by UTF-16 units, which puts an emoji before U+E000 to U+FFFF; Python orders by code points.
function precedes(one, other) {
  const end = Math.min(one.length, other.length);
  for (let at = 0; at < end; at++) {
    if (one[at] !== other[at]) return unitRank(one.charCodeAt(at)) < unitRank(other.charCodeAt(at));
  }
  return one.length < other.length;
}

function unitRank(unit) {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

export function contains(thing, sought) {
  kind(sought);
  switch (kind(thing)) {
    case "list":
      return thing.some((each) => equal(sought, each));
    case "text":
      return thing.includes(need("text", sought));
    case "dict":
      need("text", sought);
      return thing instanceof Map ? thing.has(sought) : Object.hasOwn(thing, sought);
    default:
      throw new TypeError(`nothing is in ${kind(thing)}`);
  }
}

export function joined(...parts) {
  if (parts.some((part) => kind(part) === "markup")) return new Markup(parts.map(shown).join(""));
  for (const part of parts) shown(part);
  return parts.join("");
}

export { filters } from "./filters.js";
