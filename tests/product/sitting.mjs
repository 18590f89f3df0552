// A morning that is played from outside, one act after another: what people send from the pages of their tablets, and read.

import { Chance, FAULTS } from "./chance.mjs";
import { Morning } from "./morning.mjs";
import { Profile } from "./profile.mjs";
import { outside } from "./ticking.mjs";

const ORIGIN = "https://office.test";
const FORM = "application/x-www-form-urlencoded";
const STEP_MS = 500;
const PATIENCE_MS = 300_000;

export class Sitting {
  /** `pages` are `{makeRespond, routeOf, templates}` of the build. */
  constructor(house, pages, most) {
    const chance = new Chance(1);
    for (const fault of FAULTS) chance.rates[fault] = 0;
    Object.assign(this, { house, pages, morning: new Morning(chance, house) });
    this.morning.wire.most = most;
    this.tablets = new Map();
  }

  begin = () => this.morning.begin();

  /** One that is there since last night, or a browser that becomes a device by Maria's form. */
  async tablet({ name, who, purpose }) {
    const { morning, house } = this;
    const known = house.profiles[name];
    const tablet = known ? morning.tablet(name) : morning.add(name, [who], new Profile());
    this.tablets.set(name, tablet);
    if (!known) {
      await this.#done(morning.wire.carry(tablet, "/signin", form({ username: "maria", password: house.host.password })));
      await this.#done(morning.wire.carry(tablet, "/devices/enrol", form({ name, place: "", purpose, storage: "yes" })));
    }
    await this.signIn({ tablet: name, who });
    await this.sync({ tablet: name });
    return tablet.profile.peek("meta")[0]?.device_id;
  }

  async signIn({ tablet: name, who }) {
    const tablet = this.tablets.get(name);
    if (!(await this.#done(tablet.signIn(tablet.worker(), who)))) throw new Error(`${who} cannot open ${name}`);
  }

  online({ tablet: name, online }) {
    this.tablets.get(name).online = online;
  }

  /** Its clock is wrong by so many milliseconds, or its worker was stopped. */
  clock({ tablet: name, offset }) {
    this.tablets.get(name).offset = offset;
  }

  stop({ tablet: name }) {
    const tablet = this.tablets.get(name);
    tablet.stop(tablet.worker());
  }

  pass = ({ ms }) => this.morning.time.pass(ms);

  /** It looks for the office, and hands in and takes over until nothing is left. */
  async sync({ tablet: name }) {
    const tablet = this.tablets.get(name);
    await this.#done(tablet.opened());
    await this.#done(tablet.ask({ type: "online" }));
  }

  /** What the office's server does at this moment, in its own name: see `office.py`. */
  office = ({ order, ...given }) => {
    this.morning.wire.renew();
    for (const [, { username, staff_id: id }] of given.commands ?? []) if (username) this.house.host.staff[username] = id;
    return this.#done(this.house.host.ask(order, { now: new Date(this.morning.time.now).toISOString(), ...given }));
  };

  waiting = ({ tablet: name }) => this.tablets.get(name).profile.peek("outbox").length;

  now = () => new Date(this.morning.time.now).toISOString();

  /** The tablet's answer to a page or a form: `{status, location, text}`, or `raw` in Base64. */
  async visit({ tablet: name, path, fields = null }) {
    const tablet = this.tablets.get(name);
    const worker = tablet.worker();
    await this.#done(tablet.opened(worker));
    await this.#done(tablet.ask({ type: "active" }, worker));
    const url = new URL(path, ORIGIN);
    const request = requestTo(url, fields);
    const { makeRespond, routeOf, templates } = this.pages;
    const { manifest } = this.house;
    worker.respond ??= makeRespond({ house: { manifest, templates }, world: worker.world, assets: null, ...worker.watch });
    const answer = await this.#done(worker.respond(routeOf(manifest, request, url), { request, clientId: "page" }));
    const text = await this.#done(outside(() => answer.text()));
    return { status: answer.status, location: answer.headers.get("Location"), text, raw: answer.raw?.toString("base64") };
  }

  /** What the program did wrong by itself on any of them. */
  end() {
    const faults = this.morning.tablets.flatMap((tablet) => tablet.faults().map((error) => `${tablet.name}: ${error.stack}`));
    for (const tablet of this.morning.tablets) tablet.stopAll();
    this.morning.wire.close();
    return [...faults, ...this.morning.ledger.violations];
  }

  /** Lets time go on until it is over. */
  async #done(promise) {
    let over = false;
    promise.then(() => { over = true; }, () => { over = true; });
    const { time } = this.morning;
    const limit = time.now + PATIENCE_MS;
    await time.pass(0);
    while (!over && time.now < limit) await time.pass(STEP_MS);
    if (!over) throw new Error("this waits for something that never comes");
    return promise;
  }
}

const form = (fields) => ({ headers: { "Content-Type": FORM, Accept: "text/html" }, body: new URLSearchParams(fields).toString() });

/** As a worker is given it by a browser. */
function requestTo(url, fields) {
  const body = fields && new URLSearchParams(Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, one]))).toString();
  const request = { method: fields ? "POST" : "GET", mode: "navigate", url: url.href, headers: new Headers({ "Content-Type": FORM, Accept: "text/html" }), text: async () => body };
  request.clone = () => request;
  return request;
}
