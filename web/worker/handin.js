/**
 * What a locked device still does: it hands in what is sealed to the office, and hears whether it is still wanted.
 * `revoked(mode)` says whether the device is gone then; where it is not, there is more to hand in.
 */

import { failedAgain, reached, told } from "./apart.js";
import { toBase64url } from "./bytes.js";
import { exchange, Unreachable } from "./exchange.js";
import { numbered, sealedAfter } from "./numbers.js";
import { comeBack } from "./returning.js";

const AT_ONCE = 100;
const MOST_ROUNDS = 50;

export function makeHandIn(world, { store, device, accesses, revoked }) {
  let running = null;

  function run() {
    running ??= world.locks.request("daysheet-sync", rounds).catch(failed).finally(() => { running = null; });
    return running;
  }

  async function rounds() {
    for (let round = 0; round < MOST_ROUNDS; round += 1) if (!(await oneRound())) return;
  }

  /** Whether there is more to do. Nothing leaves the outbox: that needs a receipt, and a receipt needs somebody to read it. */
  async function oneRound() {
    const { device_id: deviceId, replica_id: replica, epoch = null, handed_n: handed = 0, acked_n: acked = 0 } = device.record() ?? {};
    if (!deviceId) return false;
    const commands = await waiting(replica, Math.max(handed, acked));
    const access = await accesses.batch();
    const clock = world.clock();
    const { status, body } = await exchange(world, {
      proto: 1, app: world.app, request_id: world.newId(), device_id: deviceId, replica_id: replica, epoch, actor: null,
      clock, commands, sheets: {}, access, ...told(device.record(), clock),
    });
    const last = commands.at(-1)?.n ?? 0;
    await accesses.taken(body.access_taken);
    if (status === 200) {
      await device.write({ handed_n: Math.max(handed, Math.min(last, body.acked_n)), contact_at: world.now(), latest_at: world.now(), ...reached });
      return commands.length === AT_ONCE;
    }
    if (status === 401 && body.error === "revoked") {
      await device.write({ handed_n: Math.max(handed, last) });
      if (commands.length === AT_ONCE || await accesses.goOn(body.access_taken)) return true;
      return !(await revoked(body.mode));
    }
    if (status === 409 && body.error === "gap" && body.expect <= handed) {
      await device.write({ handed_n: body.expect - 1, acked_n: Math.min(acked, body.expect - 1) });
      return (await waiting(replica, body.expect - 1))[0]?.n === body.expect;
    }
    if (status === 409 && body.error === "epoch") {
      await numbered(store, { device: deviceId }, device).offerAllAgain(body.epoch, world.newId());
      return true;
    }
    if (status === 409 && body.error === "new_replica") {
      await numbered(store, { device: deviceId }, device).renumber(world.newId());
      return true;
    }
    return status === 401 && body.error === "unknown_device" && comeBack(world, device.record());
  }

  async function waiting(replica, after) {
    const records = await store.read(["outbox"], (tx) => sealedAfter(tx, replica, after, AT_ONCE));
    return records.map(({ n, office }) => ({ n, sealed: toBase64url(office) }));
  }

  async function failed(error) {
    if (!(error instanceof Unreachable)) return world.report(error);
    if (device.record()) await device.write(failedAgain(device.record(), world.now())).catch(world.report);
    return undefined;
  }

  /** Everything unsent, sealed, as a file that any device of the office may hand in; numbers and replica stay this device's. */
  async function exported() {
    const { device_id: deviceId, replica_id: replica } = device.record();
    const records = await store.read(["outbox"], (tx) => tx.objectStore("outbox").getAll());
    const mine = records.filter((record) => record.replica === replica && record.office).sort((one, other) => one.n - other.n);
    const entries = mine.map(({ n, office }) => ({ n, sealed: toBase64url(office) }));
    return { daysheet: "hand-in", v: 1, device_id: deviceId, replica_id: replica, app: world.app, clock: world.clock(), commands: entries, access: await accesses.batch() };
  }

  return { run, exported };
}
