// Virtual time on one thread: whatever is ready runs in its order, one thing after the other, before time goes on.

const macrotask = setImmediate;
const ready = [];

// IndexedDB in memory asks for its turns here, so that they come in the same order in every replay.
globalThis.setImmediate = (work, ...given) => { ready.push(() => work(...given)); };

/** Something of the real world (a cipher, a server): nothing else goes on until it is done. */
export const outside = (work) => new Promise((resolve, reject) => { ready.push(() => work().then(resolve, reject)); });

/** Until nothing is ready and nothing can go on by itself. */
export async function settle() {
  for (;;) {
    await new Promise((done) => macrotask(done));
    const next = ready.shift();
    if (!next) return;
    await next();
  }
}

/** What never comes: the answer to somebody who was stopped. */
export const never = () => new Promise(() => {});

/** The events of one history, in the order of their times. */
export class Time {
  #events = [];
  #tie = 0;

  constructor(start) {
    this.now = start;
  }

  /** `work()` at that time; the event's `off` calls it off. */
  at(moment, work) {
    const event = { moment: Math.max(moment, this.now), tie: (this.#tie += 1), work, off: false };
    let place = this.#events.length;
    while (place > 0 && later(this.#events[place - 1], event)) place -= 1;
    this.#events.splice(place, 0, event);
    return event;
  }

  after = (ms, work) => this.at(this.now + Math.max(0, ms), work);

  sleep = (ms) => new Promise((resolve) => { this.after(ms, resolve); });

  /** Lets everything happen until then, and stands there. */
  async until(moment) {
    await settle();
    while (this.#events.length && this.#events[0].moment <= moment) {
      const { moment: now, work, off } = this.#events.shift();
      if (off) continue;
      this.now = now;
      work();
      await settle();
    }
    this.now = Math.max(this.now, moment);
  }

  pass = (ms) => this.until(this.now + ms);
}

const later = (one, other) => one.moment > other.moment || (one.moment === other.moment && one.tie > other.tie);
