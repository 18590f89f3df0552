/** The keys of the present unlock: in memory only, asked of the open pages after a restart, of the server last. */

import { createKeys, unwrapKeys } from "./seal.js";

const PAGES_ANSWER_MS = 400;
const SERVER_ANSWERS_MS = 2000;

/** Why a device is locked. */
export const SIGNED_OUT = "signed_out";
export const NOT_ENROLLED = "not_enrolled";
export const UNREACHABLE = "unreachable";
export const UNREADABLE = "unreadable";

/** A bundle is `{unlock, keys, session}`: what a page keeps for a worker that may be stopped at any moment. */
export function openKeys(world, store, device) {
  let bundle = null;
  let looking = null;
  let turns = 0;

  /** `{bundle}` or `{locked: why}`; however many ask, one looks. */
  function find({ online = true } = {}) {
    if (bundle) return Promise.resolve({ bundle });
    if (looking && online && !looking.online) return looking.found.then((found) => (found.bundle ? found : find({ online })));
    looking ??= { online, found: look(online).finally(() => { looking = null; }) };
    return looking.found;
  }

  async function look(online) {
    const began = turns;
    const handed = device.record()?.unlock ? await askPages() : null;
    // An unlock or a sign-out that happened meanwhile knows better than what was found.
    if (bundle) return { bundle };
    if (handed && began === turns) {
      bundle = handed;
      return { bundle };
    }
    if (!online) return { locked: UNREACHABLE };
    const found = await unlock();
    if (bundle) return { bundle };
    if (!found.bundle || began !== turns) return found.bundle ? { locked: SIGNED_OUT } : found;
    await device.write({ unlock: found.bundle.unlock, ...found.device });
    if (began !== turns) return { locked: SIGNED_OUT };
    bundle = found.bundle;
    world.tellPages({ type: "keys", bundle });
    return { bundle };
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
    const { unlock, device_id: id } = device.record();
    return Boolean(given?.unlock && given.unlock === unlock && given.session?.device.id === id && given.keys);
  }

  async function unlock() {
    const replica = device.record()?.replica_id ?? world.newId();
    let answer;
    try {
      answer = await ask(replica);
    } catch {
      return { locked: UNREACHABLE };
    }
    const { share, epoch, server_time: time, ...session } = answer.body ?? {};
    if (answer.status === 404 && answer.body?.error === NOT_ENROLLED) return { locked: NOT_ENROLLED };
    if (answer.status === 401) return { locked: SIGNED_OUT };
    if (answer.status !== 200 || !share || !session.device || !session.actor) return { locked: UNREACHABLE };
    const keys = await keysFor(share, session.device.id);
    if (!keys) return { locked: UNREADABLE };
    const record = device.record();
    const enrolled = record?.device_id === session.device.id
      ? { replica_id: replica, refused: null }
      : { device_id: session.device.id, replica_id: record?.device_id ? world.newId() : replica, acked_n: 0, epoch, refused: null };
    const { name, purpose, code } = session.device;
    return { bundle: { unlock: world.newId(), keys, session }, device: { ...enrolled, name, purpose, code, language: session.language } };
  }

  async function ask(replica) {
    const response = await world.fetch("/devices/unlock", {
      method: "POST", credentials: "same-origin", cache: "no-store", redirect: "error", signal: world.timeout(SERVER_ANSWERS_MS),
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-Daysheet": "unlock" },
      body: JSON.stringify({ replica_id: replica }),
    });
    return { status: response.status, body: await response.json().catch(() => null) };
  }

  /** The share is the device's, the same for everyone who unlocks it, so one slot serves them all. */
  async function keysFor(share, deviceId) {
    const name = `${deviceId}/server`;
    const slot = await store.read(["slots"], (tx) => tx.objectStore("slots").get(name));
    if (slot) return unwrapKeys(world, share, slot);
    const { slot: made, keys } = await createKeys(world, share, deviceId);
    // Another look-up may have been first; the key that was stored is the key.
    const kept = await store.write(["slots"], async (tx) => {
      const already = await tx.objectStore("slots").get(name);
      if (!already) await tx.objectStore("slots").put(made, name);
      return already ?? null;
    });
    return kept ? unwrapKeys(world, share, kept) : keys;
  }

  async function forget() {
    turns += 1;
    bundle = null;
    world.tellPages({ type: "forget" });
    if (device.record()) await device.write({ unlock: null });
  }

  return { find, forget, current: () => bundle };
}
