// One browser in somebody's hands: the real worker in it, started and stopped as browsers do, and the page before it.

import { webcrypto } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { never, outside } from "./ticking.mjs";

// Real ciphers, one after the other.
const subtle = new Proxy({}, { get: (_, name) => (...given) => outside(() => webcrypto.subtle[name](...given)) });
const SALT = "c2FsdA";
/** Errors that the program makes by itself, and no fault of the world explains. */
const OURS = [ReferenceError, RangeError, SyntaxError];

export class Tablet {
  online = true;
  offset = 0;
  page = { bundle: null };
  workers = [];
  answers = [];
  busy = 0;
  /** What was sent off with a tap, and the screen has not said that it is saved. */
  form = null;
  reports = [];

  /** `parts` are the history's `{time, chance, wire, ledger, modules, manifest, password, …}`. */
  constructor(name, people, profile, parts) {
    Object.assign(this, { name, people, profile, parts, who: people[0] });
  }

  wall = () => Math.round(this.parts.time.now + this.offset);

  clock = (worker = this.worker()) => ({ wall: new Date(this.wall()).toISOString(), mono: Math.round(this.parts.time.now - worker.began), boot: worker.boot });

  /** The worker that answers now; there is always one to be had, and never one that was replaced. */
  worker() {
    const last = this.workers.at(-1);
    return last && !last.replaced ? last : this.start();
  }

  start(app = this.parts.manifest.app) {
    const { modules, manifest, time, chance } = this.parts;
    // What one that it replaces is just saving, it will know of when it syncs.
    const worker = { alive: true, mayMiss: this.workers.length > 0, onStop: [], began: time.now, boot: chance.id(time.now) };
    const world = worker.world = this.world(worker, app);
    const { openDevice, openKeys, openDesk } = modules;
    worker.watch = modules.makeWatch({ world, store: modules.openStore(world), manifest, openDevice, openKeys, openDesk });
    for (const older of this.workers) older.replaced = true;
    this.workers.push(worker);
    return worker;
  }

  stop(worker) {
    if (!worker.alive) return;
    worker.alive = false;
    this.workers = this.workers.filter((one) => one !== worker);
    for (const end of worker.onStop) end();
  }

  stopAll() {
    for (const worker of [...this.workers]) this.stop(worker);
  }

  /** The keys, which the page kept, are gone as well. */
  killBrowser() {
    this.stopAll();
    this.page = { bundle: null };
  }

  world(worker, app) {
    const { time, chance } = this.parts;
    const alive = (work) => (...given) => (worker.alive ? work(...given) : never());
    const here = { chance, stop: (one) => { chance.count("stopped"); this.stop(one); } };
    return {
      app, subtle, newId: () => chance.id(this.wall()), random: chance.bytes, chance: chance.draw, now: this.wall,
      openDB: alive((...given) => this.profile.open(worker, here, ...given)),
      mono: () => Math.round(time.now - worker.began),
      clock: () => this.clock(worker),
      timer: (work, ms) => time.after(ms, () => { if (worker.alive) work(); }),
      clearTimer: (event) => { event.off = true; },
      timeout: (ms) => ms,
      fetch: alive((path, init) => this.fetch(worker, path, init)),
      locks: { request: alive((name, work) => this.profile.request(worker, name, work)) },
      zip: async (text) => gzipSync(text),
      report: (error) => { if (worker.alive) this.reports.push(error); },
      storage: async () => ({ persisted: true, storage_used: 1 }),
      pages: async () => [this.page],
      askPage: async (page) => page.bundle,
      tellPages: async (message) => { if (worker.alive) this.hear(message); },
      badge: () => {}, notify: () => {}, openPage: () => {}, forgetPush: async () => {}, wakeLater: async () => {},
    };
  }

  hear({ type, bundle, at }) {
    if (type === "keys") this.page.bundle = bundle;
    if (type === "forget") this.page.bundle = null;
    if (type === "active" && this.page.bundle) this.page.bundle = { ...this.page.bundle, active_at: at };
  }

  async fetch(worker, path, { method, headers, body, signal } = {}) {
    if (typeof path === "object") return this.pageFrom(path);
    if (path === "/sync") {
      this.busy += this.profile.peek("outbox").length > 0;
      this.parts.ledger.asked(this, worker, JSON.parse(typeof body === "string" ? body : gunzipSync(body)));
    }
    const { status, text } = await this.parts.wire.carry(this, path, { method, headers, body, within: signal });
    if (!worker.alive) return never();
    return { status, json: async () => JSON.parse(text) };
  }

  /** A page or a form that the worker leaves to the office. */
  async pageFrom(request) {
    const { pathname, search } = new URL(request.url);
    const { status, text, raw, headers } = await this.parts.wire.carry(this, pathname + search, { method: request.method, headers: Object.fromEntries(request.headers), body: (await request.text()) ?? "" });
    return { status, ok: status === 200, raw, headers: new Headers(headers.location ? { Location: headers.location } : {}), text: async () => text };
  }

  /** What a page asks its worker, and the answer. */
  async ask(message, worker = this.worker()) {
    let answer;
    await worker.watch.hear(message, null, { postMessage: (said) => { answer = said; } });
    return answer;
  }

  /** `{worker, desk}` once somebody has opened the tablet, if they can: with what they know, or by the office's leave. */
  async opened(worker = this.worker()) {
    let { desk } = await worker.watch.opened();
    // The lock screen says so, and they do as it says. A read of the worker's own would draw chance, in every history.
    const [{ strangers = [] } = {}] = this.profile.peek("meta");
    if (!desk && strangers.includes(this.parts.staff[this.who]) && (await this.signIn(worker))) ({ desk } = await worker.watch.opened());
    if (!desk && (await this.ask({ type: "enter", given: { person: this.parts.staff[this.who], ...(await this.phrase()) } }, worker)).ok) {
      ({ desk } = await worker.watch.opened());
    }
    if (!desk && (await this.signIn(worker))) ({ desk } = await worker.watch.opened());
    return desk ? { worker, desk } : null;
  }

  async phrase() {
    const secret = new TextEncoder().encode(`${this.who} knows what rivers carry`);
    return { method: "passphrase", key: await subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]) };
  }

  /** At the office's own page, as somebody; from then on their passphrase opens the tablet too. */
  async signIn(worker = this.worker(), who = this.who) {
    const headers = { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" };
    const body = new URLSearchParams({ username: who, password: this.parts.password }).toString();
    const answer = await this.parts.wire.carry(this, "/signin", { headers, body }).catch(() => null);
    if (answer?.status !== 303) return false;
    this.who = who;
    await worker.watch.signedIn();
    const { desk } = await worker.watch.opened();
    if (desk) await this.ask({ type: "add way", given: { ...(await this.phrase()), salt: SALT } }, worker);
    return Boolean(desk);
  }

  /** What the program did wrong by itself. */
  faults = () => this.reports.filter((error) => OURS.some((kind) => error instanceof kind) || isAccident(error));
}

/** A TypeError that no network is behind. */
const isAccident = (error) => error instanceof TypeError && !/no network|timed out|went away/.test(error.message);
