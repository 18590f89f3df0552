/** The end of a device: when everything is handed in, all of it goes, and the device signs that it has gone. */

import { sealedAfter } from "./numbers.js";
import { sign } from "./signing.js";
import { EVERYTHING } from "./store.js";

const DATA = EVERYTHING.filter((name) => name !== "meta");
const ANSWERS_WITHIN_MS = 5000;
const AGAIN_MS = 10_000;

/**
 * Clears every store, unless something waits there that the office can still be given: somebody may have saved it while
 * the office's word was on its way. Says whether it did. What is left is who it was, until the office has the receipt.
 */
export async function wipe(world, store, device) {
  const { device_id: id, replica_id: replica, identity, name, language } = device.record();
  const left = await store.write(EVERYTHING, async (tx) => {
    const { handed_n: handed = 0, acked_n: acked = 0 } = (await tx.objectStore("meta").get("device")) ?? {};
    if ((await sealedAfter(tx, replica, Math.max(handed, acked), 1)).length) return null;
    await Promise.all(DATA.map((one) => tx.objectStore(one).clear()));
    const counts = await Promise.all(DATA.map((one) => tx.objectStore(one).count()));
    const wiped = { at: new Date(world.now()).toISOString(), left: counts.reduce((sum, count) => sum + count, 0) };
    await tx.objectStore("meta").clear();
    await tx.objectStore("meta").put({ device_id: id, replica_id: replica, identity, name, language, refused: "wiped", wiped }, "device");
    return wiped;
  });
  if (left === null) return false;
  device.replace({ device_id: id, replica_id: replica, identity, name, language, refused: "wiped", wiped: left });
  await tellOfIt(world, store, device);
  return true;
}

/** Sends the receipt, again and again, until the office has it; then nothing at all is left. */
export async function tellOfIt(world, store, device) {
  const { device_id: id, replica_id: replica, identity, wiped } = device.record() ?? {};
  if (!wiped || !identity) return;
  const signature = await sign(world, identity.key, `wiped\n${id}\n${replica}\n${wiped.at}\n${wiped.left}`);
  const told = await world.fetch("/devices/wiped", {
    method: "POST", credentials: "same-origin", cache: "no-store", redirect: "error", signal: world.timeout(ANSWERS_WITHIN_MS),
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-Daysheet": "wiped" },
    body: JSON.stringify({ device_id: id, replica_id: replica, at: wiped.at, entries_left: wiped.left, signature }),
  }).then((response) => response.status === 200 || response.status === 401 || response.status === 404, () => false);
  if (!told) {
    // The page that is left may never say a word to this worker.
    world.timer(() => tellOfIt(world, store, device).catch(world.report), AGAIN_MS);
    return;
  }
  await store.write(["meta"], (tx) => tx.objectStore("meta").clear());
  device.replace(null);
}
