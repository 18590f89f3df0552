// What the histories and the journeys share: an office that begins its morning, tablets, and the quiet in which all is judged.

import { EVERYTHING } from "./build/worker/store.js";
import { Ledger } from "./ledger.mjs";
import { Profile } from "./profile.mjs";
import { Tablet } from "./tablet.mjs";
import { settle, Time } from "./ticking.mjs";
import { Wire } from "./wire.mjs";

const CLEAN_ROUNDS = 3;
const PATIENCE_MS = 120_000;
// Between the evening in which the tablets were put ready and the first tap.
const NIGHT_MS = 1_800_000;

/** What comes of it without any time passing. */
export async function finished(promise) {
  let over = false;
  promise.then(() => { over = true; }, () => { over = true; });
  await settle();
  if (!over) throw new Error("this waits for something that never comes");
  return promise;
}

export class Morning {
  tablets = [];
  ledger = new Ledger();
  restores = false;
  /** The devices that the office wants no longer. */
  gone = new Set();

  /** `house` is `{host, modules, manifest, profiles}`: the same for every history. */
  constructor(chance, house, start = house.host.now + NIGHT_MS) {
    this.chance = chance;
    this.house = house;
    this.time = new Time(start);
    this.ends = start;
    this.wire = new Wire(this.time, chance, house.host, this.ledger);
    const { host, modules, manifest } = house;
    this.parts = { time: this.time, chance, wire: this.wire, ledger: this.ledger, modules, manifest, password: host.password, staff: host.staff, dayAt: modules.dayAt };
  }

  begin = () => finished(this.house.host.ask("begin", { name: "morning" }));

  /** One of the office's tablets, as it was left last night. */
  tablet(name) {
    const { profile, people } = this.house.profiles[name];
    return this.add(name, people, profile.copy());
  }

  /** `device` is the name of what it was enrolled as. */
  add(name, people, profile, device = name) {
    const tablet = new Tablet(name, people, profile, this.parts);
    tablet.device = device;
    this.tablets.push(tablet);
    return tablet;
  }

  others = (tablet) => this.tablets.filter((one) => one !== tablet).map(({ profile }) => profile);

  /** Faults have ended: three clean rounds drain every outbox (I6), and one more tells everybody of it. */
  async quiet() {
    this.chance.faulty = false;
    for (const tablet of this.tablets) {
      tablet.online = true;
      for (const older of tablet.workers.slice(0, -1)) tablet.stop(older);
      const opening = tablet.opened();
      await this.time.pass(PATIENCE_MS);
      await finished(opening);
      tablet.busy = 0;
      await this.synced(tablet);
      if (tablet.busy > CLEAN_ROUNDS) this.ledger.violated("I6", `${tablet.name} needed ${tablet.busy} rounds to hand everything in`);
    }
    for (const tablet of this.tablets) await this.synced(tablet);
  }

  async synced(tablet) {
    const opening = tablet.opened().then(() => tablet.ask({ type: "online" }));
    await this.time.pass(PATIENCE_MS);
    await finished(opening);
  }

  /** What the oracle says when all is quiet: of what is in memory, and of what a new worker reads from the disk. */
  async judged(seed) {
    const { chance, ledger, house } = this;
    await this.quiet();
    const tablets = [];
    for (const tablet of this.tablets) {
      tablets.push(await this.claimOf(tablet, tablet.name));
      tablet.stop(tablet.worker());
      tablets.push(await this.claimOf(tablet, `${tablet.name}, read again`));
      for (const error of tablet.faults()) ledger.violated("fault", `${tablet.name}: ${error.stack}`);
      tablet.stopAll();
    }
    this.wire.close();
    const said = Object.fromEntries([...ledger.said].map(([id, { command, fields }]) => [id, { command, fields, tablet: ledger.through.get(id).tablet }]));
    const claim = { said, given: [...ledger.given.keys()], forgiven: [...ledger.forgiven], tablets };
    const { violations, outcomes, trace } = await finished(house.host.ask("judge", { claim }));
    return { seed, violations: [...ledger.violations, ...violations], outcomes, trace, faults: chance.counts, commands: ledger.said.size, forgiven: ledger.forgiven.size };
  }

  async claimOf(tablet, name) {
    if (this.gone.has(tablet.device)) return this.farewellOf(tablet, name);
    const opening = tablet.opened();
    await this.time.pass(PATIENCE_MS);
    const at = await finished(opening);
    const outbox = tablet.profile.peek("outbox").length;
    if (!at) {
      this.ledger.violated("I6", `${name}: nobody can open it`);
      return { name, outbox, fates: {}, sheets: {} };
    }
    await finished(at.desk.load(["*"]));
    await finished(at.desk.load(["device"]));
    const view = at.desk.view();
    const sheets = {};
    for (const sheet of at.desk.names().filter((one) => one !== "device")) {
      sheets[sheet] = {};
      for (const kind of this.house.kinds) for (const row of view.rows(kind, [sheet])) sheets[sheet][`${kind} ${row.id}`] = row;
    }
    const fates = Object.fromEntries(view.rows("entry", ["device"]).map(({ id, fate }) => [id, fate]));
    return { name, outbox, fates, sheets };
  }

  /** The office wanted it no longer: it handed everything in, and nothing at all is left on it. */
  farewellOf(tablet, name) {
    const left = EVERYTHING.filter((store) => tablet.profile.peek(store).some((kept) => store !== "meta" || kept.device_id));
    if (left.length) this.ledger.violated("I15", `${name} was sent away and still has ${left.join(", ")}`);
    return { name, outbox: tablet.profile.peek("outbox").length, fates: {}, sheets: {} };
  }
}

/** The office's tablets the evening before: opened by each of their people, and full of what they may hold. */
export async function prepared(house, chance, names) {
  const evening = new Morning(chance, house, house.host.now);
  const profiles = {};
  for (const [name, people] of Object.entries(names)) {
    const tablet = evening.add(name, people, new Profile());
    tablet.profile.jar.set("daysheet_device", house.host.tokens[name]);
    const opening = (async () => {
      for (const who of [...people].reverse()) if (!(await tablet.signIn(tablet.worker(), who))) throw new Error(`${who} cannot open ${name}`);
    })();
    await evening.time.pass(PATIENCE_MS);
    await finished(opening);
    await evening.synced(tablet);
    tablet.killBrowser();
    profiles[name] = { people, profile: tablet.profile };
  }
  evening.wire.close();
  await finished(house.host.ask("keep", { name: "morning" }));
  return profiles;
}
