/** The digest of a sheet: a 128-bit sum of row hashes, moved by difference as rows come and go. */

import { sha256 } from "../lib/hashes/sha2.js";

const MASK = (1n << 128n) - 1n;
const text = new TextEncoder();

export const EMPTY = 0n;

/** A row's part in the sum; a row that is absent has none. */
export function rowHash(kind, id, version) {
  let value = 0n;
  for (const byte of sha256(text.encode(`${kind}\n${id}\n${version}`)).subarray(0, 16)) value = (value << 8n) | BigInt(byte);
  return value;
}

export const add = (digest, hash) => (digest + hash) & MASK;
export const subtract = (digest, hash) => (digest - hash) & MASK;
export const toHex = (digest) => digest.toString(16).padStart(32, "0");
export const fromHex = (hex) => BigInt(`0x${hex}`);
