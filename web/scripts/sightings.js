/** Which of the codes that a camera sees is a scan: one that is surely read, and not of the label that is still held there. */

import { readScan } from "../worker/scanning.js";

const GONE_AFTER_MS = 600;

/** `see(codes, now)` gives a text or null; `codes` are the {text, flat} of one frame, `now` in milliseconds. */
export function sightings(today) {
  let before = new Set();
  let held = new Set();
  let heldAt = -Infinity;

  return function see(codes, now) {
    const read = codes.map(({ text, flat }) => ({ text, flat, ...readScan(text, today) }));
    // A code of bars is sometimes misread with a right check digit, but hardly twice the same.
    const sure = read.filter(({ text, flat, code }) => code && (!flat || before.has(text)));
    before = new Set(codes.map(({ text }) => text));
    if (now - heldAt > GONE_AFTER_MS) held = new Set();
    // A label may have one item in two codes; one that is still in the picture is not scanned again by either.
    if (read.some(({ text, code }) => held.has(text) || held.has(code))) {
      heldAt = now;
      return null;
    }
    if (!sure.length) return null;
    held = new Set(read.flatMap(({ text, code }) => (code ? [text, code] : [text])));
    heldAt = now;
    return sure.sort((a, b) => worth(b) - worth(a))[0].text;
  };
}

const worth = ({ lot, expires, kind }) => (lot ? 2 : 0) + (expires ? 2 : 0) + (kind === "plain" ? 0 : 1);
