/** Who looked at whom on this device: written sealed to the office, so that not even this device can read it again. */

import { toBase64url } from "./bytes.js";
import { sealTo } from "./signing.js";

const SAME_LOOK_MS = 10 * 60_000;
const MOST_AT_ONCE = 200;

export function makeAccesses(world, store, device) {
  const seen = new Map();

  /** One entry per actor, subject, page and ten minutes; never in anybody's way. */
  async function note({ kind, actor = null, subject = null, page = "", code = "" }) {
    const office = device.record()?.office_key;
    if (!office || isRepeated(kind, actor, subject, page)) return;
    const id = world.newId();
    const envelope = await sealTo(world, office, "access", JSON.stringify({ id, kind, actor, subject, page, code, made: world.clock() }));
    await store.writeRelaxed(["access"], (tx) => tx.objectStore("access").put({ id, envelope }));
  }

  function isRepeated(kind, actor, subject, page) {
    if (kind !== "read") return false;
    const [look, now] = [JSON.stringify([actor, subject, page]), world.now()];
    const repeated = now - (seen.get(look) ?? -Infinity) < SAME_LOOK_MS;
    if (!repeated) seen.set(look, now);
    return repeated;
  }

  async function batch() {
    const entries = await store.read(["access"], (tx) => tx.objectStore("access").getAll(null, MOST_AT_ONCE));
    return entries.map(({ id, envelope }) => ({ id, sealed: toBase64url(envelope) }));
  }

  function taken(ids) {
    if (!ids?.length) return undefined;
    return store.writeRelaxed(["access"], (tx) => Promise.all(ids.map((id) => tx.objectStore("access").delete(id))));
  }

  /** Whether the office, having taken these, has more to take: what it does not take must not keep a device from its end. */
  const goOn = async (ids) => Boolean(ids?.length) && (await batch()).length > 0;

  return { note: (entry) => note(entry).catch(world.report), batch, taken, goOn };
}
