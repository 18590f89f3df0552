// Ids: new ones, and ones that both engines make alike from the same things.

import { sha256 } from "../lib/hashes/sha2.js";

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

// A UUIDv7 in canonical lower-case text.
export function newId(time = Date.now(), random = crypto.getRandomValues(new Uint8Array(10))) {
  return shaped(time.toString(16).padStart(12, "0"), hex(random));
}

export const isId = (text) => typeof text === "string" && ID.test(text);

// The id that this seed, label and value always give, with the seed's own time.
export function mint(seed, label, value) {
  const bytes = new TextEncoder().encode(`${seed}\n${label}\n${value}`);
  return shaped(seed.replaceAll("-", "").slice(0, 12), hex(sha256(bytes)));
}

// The id of something that a command makes, when the form named none.
export const derived = (commandId, label) => mint(commandId, label, "");

function shaped(time, digits) {
  const variant = (8 | (Number.parseInt(digits[3], 16) & 3)).toString(16);
  const start = `${time.slice(0, 8)}-${time.slice(8)}-7${digits.slice(0, 3)}`;
  return `${start}-${variant}${digits.slice(4, 7)}-${digits.slice(7, 19)}`;
}
