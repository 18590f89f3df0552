// Everything random of one history: numbers, choices, bytes, ids, and how often each fault strikes in it.

import { newId } from "./build/worker/ids.js";

export const FAULTS = [
  "request_lost", "answer_lost", "duplicate", "late_request", "late_answer", "cut_short", "stale_answer", "portal",
  "said_413", "said_429", "said_500", "said_502", "server_killed", "killed_before_write", "killed_after_write",
  "connection_lost", "quota", "put_lost", "browser_killed", "double_tap", "clock_set", "offline",
];
const RATES = [0, 0, 0, 0.02, 0.06, 0.2];

export class Chance {
  #state;

  constructor(seed) {
    this.#state = (seed * 2654435769) >>> 0;
    this.rates = Object.fromEntries(FAULTS.map((fault) => [fault, this.pick(RATES)]));
    // It strikes everybody at once, and takes the longest to get over.
    this.rates.server_killed /= 8;
    this.counts = {};
    this.faulty = true;
  }

  /** A number from 0 up to 1 (mulberry32). */
  draw = () => {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  pick = (list) => list[Math.floor(this.draw() * list.length)];

  between = (least, most) => least + this.draw() * (most - least);

  bytes = (size) => Uint8Array.from({ length: size }, () => Math.floor(this.draw() * 256));

  id = (now) => newId(Math.round(now), this.bytes(10));

  count(what) {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  /** Whether this fault strikes now. */
  strikes(fault) {
    const rate = this.rates[fault];
    const does = this.faulty && rate > 0 && this.draw() < rate;
    if (does) this.count(fault);
    return does;
  }
}
