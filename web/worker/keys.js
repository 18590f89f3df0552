/** The lock of the device: closed, idle or open. Keys are in memory only, kept by open pages while the worker sleeps. */

import { makeDoor } from "./door.js";
import { makeIdentity, sign } from "./signing.js";
import { makeWays, sessionOf } from "./ways.js";

const PAGES_ANSWER_MS = 400;
const ACTIVE_EVERY_MS = 30_000;
const MOST_FAILURES = 5;
const DEFAULT_IDLE_S = 120;

/** Why a device is locked. */
export const SIGNED_OUT = "signed_out";
export const NOT_ENROLLED = "not_enrolled";
export const UNREACHABLE = "unreachable";
export const UNREADABLE = "unreadable";
/** Nobody touched it for a while, or it was locked: the keys are here, a PIN says who goes on. */
export const IDLE = "idle";
/** The keys are gone from memory: only what a person brings, or a new sign-in, opens it. */
export const CLOSED = "closed";

/** A bundle is `{unlock, keys, session, signing, active_at}`: what a page keeps for a worker that may be stopped at any moment. While idle it has no session. */
export function openKeys(world, store, device, note = () => {}) {
  const door = makeDoor(world);
  const ways = makeWays(world, store, door);
  let bundle = null;
  let looking = null;
  let turns = 0;
  let telling = Promise.resolve();

  const record = () => device.record() ?? {};
  const strangers = () => record().strangers ?? [];
  const idleMs = () => (record().rules?.idle_seconds ?? DEFAULT_IDLE_S) * 1000;
  const isStale = (since) => since !== null && since !== undefined && world.now() - since > idleMs();

  /** `{bundle}` or `{locked: why}`; however many ask, one looks. */
  async function find({ online = true } = {}) {
    if (bundle) return present();
    if (looking && online && !looking.online) {
      const found = await looking.found;
      return found.bundle || found.locked === IDLE ? found : find({ online });
    }
    looking ??= { online, found: look(online).finally(() => { looking = null; }) };
    return looking.found;
  }

  async function present() {
    if (bundle?.session && isStale(bundle.active_at)) await lock();
    if (!bundle) return { locked: CLOSED };
    return bundle.session ? { bundle } : { locked: IDLE };
  }

  async function look(online) {
    const began = turns;
    const handed = record().unlock ? await askPages() : null;
    // An unlock or a sign-out that happened meanwhile knows better than what was found.
    if (bundle) return present();
    if (handed && began === turns) {
      bundle = handed;
      return present();
    }
    if (record().locked || isStale(record().active_at)) return { locked: CLOSED };
    if (!online) return { locked: UNREACHABLE };
    const found = await unlock();
    if (bundle) return present();
    if (!found.bundle || began !== turns) return found.bundle ? { locked: SIGNED_OUT } : found;
    await settle(found.bundle, found.device, began);
    return bundle ? { bundle } : { locked: SIGNED_OUT };
  }

  async function askPages() {
    const answers = (await world.pages()).map((page) => world.askPage(page, { type: "keys?" }, PAGES_ANSWER_MS));
    return new Promise((resolve) => {
      for (const answer of answers) {
        answer.then((given) => { if (isOurs(given)) resolve(given); }, () => {});
      }
      Promise.allSettled(answers).then(() => resolve(null));
    });
  }

  /** A page may have slept through a sign-out: only the keys of the present unlock count. */
  function isOurs(given) {
    const { unlock: present_, device_id: id } = record();
    return Boolean(given?.unlock && given.unlock === present_ && given.keys?.device === id);
  }

  /** What the office's answer opens, as `{bundle, device}`, or `{locked: why}`. */
  async function unlock() {
    const asked = await askOffice();
    if (asked.locked) return asked;
    const { answer, replica, identity } = asked;
    let secrets;
    try {
      secrets = await ways.secretsOf(answer);
    } catch {
      return { locked: UNREACHABLE };
    }
    if (!secrets) return { locked: UNREADABLE };
    const opened = await ways.inMemory(secrets, answer.device.id);
    const { device_id: id, replica_id: known } = record();
    const enrolled = id === answer.device.id
      ? { replica_id: replica, refused: null }
      : { device_id: answer.device.id, replica_id: known && id ? world.newId() : replica, acked_n: 0, handed_n: 0, epoch: answer.epoch, refused: null };
    const { name, purpose, code } = answer.device;
    const about = { name, purpose, code, language: answer.language, rules: answer.rules, office_key: answer.office_key, identity, contact_at: world.now(), strangers: strangers().filter((one) => one !== answer.actor.id) };
    return { bundle: { ...opened, session: sessionOf(answer) }, device: { ...enrolled, ...about } };
  }

  async function askOffice() {
    const replica = record().replica_id ?? world.newId();
    const identity = record().identity ?? (await makeIdentity(world));
    let answer;
    try {
      answer = await door.unlock(replica, identity.spki, record());
    } catch {
      return { locked: UNREACHABLE };
    }
    const { status, body } = answer;
    if (status === 404 && body?.error === NOT_ENROLLED) return { locked: NOT_ENROLLED };
    if (status === 401) return { locked: SIGNED_OUT };
    if (status !== 200 || !body?.share || !body.personal || !body.device || !body.actor) return { locked: UNREACHABLE };
    return { answer: body, replica, identity };
  }

  /** From now on this is the unlock; unless the device was locked or signed out meanwhile. */
  async function settle(opened, known = {}, began = turns) {
    const unlocked = world.newId();
    await device.write({ unlock: unlocked, locked: false, failures: 0, active_at: world.now(), ...known });
    if (began !== turns) return;
    bundle = { unlock: unlocked, active_at: world.now(), idle_ms: idleMs(), ...opened };
    world.tellPages({ type: "keys", bundle });
  }

  /** Somebody at the lock screen: `{ok}` or `{error, left}`. */
  async function enter(given) {
    const { device_id: id, failures = 0 } = record();
    if (!id) return { error: "closed" };
    const pin = given.method === "pin";
    if (pin && (!(await openToPins()) || failures >= MOST_FAILURES)) return { error: "closed", left: 0 };
    // Counted before it is tried: a reload in between must not give the guess back.
    if (pin) await device.write({ failures: failures + 1 });
    const began = turns;
    const opened = await ways.enter(id, given, bundle?.keys ?? null);
    if (!opened || began !== turns) {
      const left = pin ? MOST_FAILURES - failures - 1 : null;
      if (left === 0) await shut();
      note({ kind: "unlock_refused", actor: given.person, code: given.method });
      return { error: left === 0 ? "closed" : "wrong", left };
    }
    await settle(opened);
    note({ kind: "unlock", actor: opened.session.actor.id, code: given.method });
    telling = resume().catch(world.report);
    return { ok: true };
  }

  async function openToPins() {
    if (!bundle) await find({ online: false });
    return bundle?.keys ?? null;
  }

  /** The session that the lock screen suspended goes on, once the office can be asked, and only if it is theirs. */
  async function resume() {
    const { device_id: id, suspended } = record();
    if (!suspended || !bundle?.session) return;
    const { signing, session } = bundle;
    const person = session.actor.id;
    const answered = await door.resume(person, suspended, await sign(world, signing, `daysheet resume\n${id}\n${person}\n${suspended}`));
    if (answered) await device.write({ suspended: null });
  }

  /** What could not be told to the office when the device locked. */
  async function suspend() {
    if (!record().locked || record().suspended) return;
    const answered = await door.suspend();
    if (!answered) return;
    await device.write({ suspended: answered.suspended ?? "nobody" });
    // Somebody may have opened it while the office was told that it is locked.
    await resume();
  }

  /** A PIN, passphrase or passkey for who is here; the office must vouch for them once more. */
  async function add(given) {
    if (!bundle?.session) return { error: "locked" };
    const { answer, locked } = await askOffice();
    if (locked) return { error: locked === UNREACHABLE ? "office" : locked };
    if (answer.actor.id !== bundle.session.actor.id) return { error: "another" };
    return ways.add(answer, given).catch(() => ({ error: "office" }));
  }

  /** Nobody is at the device, or says so: the keys stay, the person goes. */
  async function lock() {
    if (!bundle?.session) return;
    turns += 1;
    const { keys, session } = bundle;
    const unlocked = world.newId();
    bundle = { unlock: unlocked, keys, session: null, signing: null, active_at: bundle.active_at, last: session.actor.id };
    await device.write({ unlock: unlocked, locked: true });
    world.tellPages({ type: "keys", bundle });
    world.tellPages({ type: "locked" });
    note({ kind: "lock", actor: session.actor.id });
    // The lock screen waits for nobody.
    telling = suspend().catch(world.report);
  }

  /** The keys go too: what opens it now is brought by a person, or released by the office after a sign-in. A `stranger` is told so. */
  async function shut(stranger = null) {
    turns += 1;
    bundle = null;
    await device.write({ unlock: null, locked: true, ...(stranger && { strangers: [...new Set([...strangers(), stranger])] }) });
    world.tellPages({ type: "forget" });
  }

  /** The office has just let somebody in: the next look asks it who. */
  async function signedIn() {
    turns += 1;
    bundle = null;
    world.tellPages({ type: "forget" });
    if (device.record()) await device.write({ unlock: null, locked: false, suspended: null, active_at: world.now() });
  }

  /** Whoever was here signed out: the office knows of nobody, so there is nobody to lock out. */
  async function forget() {
    turns += 1;
    bundle = null;
    world.tellPages({ type: "forget" });
    if (device.record()) await device.write({ unlock: null, locked: false, suspended: null });
  }

  /** Somebody touched it. */
  async function active() {
    if (!bundle?.session || isStale(bundle.active_at)) return;
    bundle.active_at = world.now();
    world.tellPages({ type: "active", at: bundle.active_at });
    if (world.now() - (record().active_at ?? 0) > ACTIVE_EVERY_MS) await device.write({ active_at: world.now() });
  }

  /** What the lock screen shows. */
  async function standing() {
    const { device_id: id, failures = 0, name = "" } = record();
    const people = (id ? await ways.people(id) : []).map((one) => ({ ...one, stranger: strangers().includes(one.id) }));
    return { device: name, idle: Boolean(bundle?.keys && failures < MOST_FAILURES), left: MOST_FAILURES - failures, last: bundle?.last ?? people[0]?.id ?? "", people };
  }

  const hasOwnWay = async () => (await ways.people(record().device_id)).some((one) => one.passkeys.length > 0 || one.passphrase);

  return {
    find, enter, add, lock, shut, forget, signedIn, active, suspend, resume, standing, hasOwnWay, told: () => telling,
    people: ways.people, remove: ways.remove, current: () => bundle,
  };
}
