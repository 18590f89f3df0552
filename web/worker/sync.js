/** Sync with the office: commands go up, rows come down, one round at a time. */

import { failedAgain, reached, told } from "./apart.js";
import { EVERYTHING } from "./store.js";
import { Busy, exchange, Unreachable } from "./exchange.js";
import { comeBack } from "./returning.js";

const COMMANDS_PER_BATCH = 200;
// After a request that was too large: each full one that got through carries so many more.
const COMMANDS_MORE = 5;
const BYTES_PER_BATCH = 512 * 1024;
const ROUNDS_PER_RUN = 200;
const REPAIRS_PER_RUN = 6;
const CLOCKS_AGREE_MS = 2 * 60 * 1000;
const PRUNE_EVERY_MS = 60 * 60 * 1000;

const STOP = "stop";
const ON = "on";

export function makeSync(world, { store, device, binder, outbox, actor, signer, accesses, stands, pace, look, news, tell, refused }) {
  let running = null;
  let again = null;
  let stopped = false;
  let acked = 0;
  let limit = COMMANDS_PER_BATCH;
  let mismatched = [];
  let away = null;
  let repairs = 0;
  let prunedAt = -Infinity;

  /** Runs now unless a run is under way, which then makes one more round; `urgent` does not wait for the back-off. */
  function kick({ urgent = false } = {}) {
    if (stopped) return Promise.resolve();
    if (running) {
      again = { urgent: urgent || Boolean(again?.urgent) };
      return running;
    }
    if (!urgent && pace.wait() > 0) {
      pace.later(kick);
      return Promise.resolve();
    }
    running = runs().finally(() => { running = null; });
    return running;
  }

  async function runs() {
    do await world.locks.request("daysheet-sync", run);
    while (!stopped && again && (again.urgent || pace.wait() === 0));
  }

  async function run() {
    again = null;
    repairs = 0;
    try {
      await look();
      away = device.record().offline_since;
      for (let round = 0; round < ROUNDS_PER_RUN && !stopped; round += 1) {
        if ((await oneRound()) === STOP) break;
      }
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof Busy)) world.report(error);
      await failed(error instanceof Busy);
    }
  }

  async function oneRound() {
    const { device_id: deviceId, replica_id: replica, epoch } = device.record();
    const id = world.newId();
    // Without it the device's own cookie, which somebody may have copied, would be enough to be sent patients.
    const proof = await signer.sign(["daysheet sync", id, deviceId, replica, actor.id].join("\n"));
    const clock = world.clock();
    const request = {
      proto: 1, app: world.app, request_id: id, device_id: deviceId, replica_id: replica, epoch, actor: actor.id, proof,
      clock, commands: outbox.batch(acked, limit, BYTES_PER_BATCH), sheets: binder.cursors(),
      access: await accesses.batch(), standing: stands(),
      ...told(device.record(), clock),
      ...(mismatched.length ? { mismatch: mismatched } : {}),
    };
    const sentAt = world.now();
    const { status, body } = await exchange(world, request);
    // The device may have been locked, or have become another replica, while the answer was on its way.
    if (stopped || device.record().replica_id !== replica) return STOP;
    await accesses.taken(body.access_taken);
    if (status !== 200) return repair(status, body, request);
    if (body.request_id !== request.request_id) throw new Unreachable("an answer to another request");
    // The office does not know this person's key any more: they must open the device with its help.
    if (body.proven === false) return refuse("unproven");
    return apply(body, request.commands, skew(sentAt, Date.parse(body.server_time), world.now()));
  }

  async function apply(answer, commands, clock) {
    const sent = commands.at(-1)?.n ?? 0;
    const sheets = answer.sheets ?? {};
    const receipts = Object.entries(sheets).filter(([name]) => name.startsWith("receipts/")).flatMap(([, page]) => page.rows);
    const rows = await binder.prepare(sheets, answer.drop ?? []);
    const outcomes = await outbox.prepareReceipts(receipts);
    const drained = !answer.more;
    const known = {
      epoch: answer.epoch ?? device.record().epoch, acked_n: Math.max(device.record().acked_n, answer.acked_n), ...reached, refused: null, too_old: false,
      contact_at: world.now(), latest_at: world.now(), certificate_until: answer.certificate_until ?? null, certificate: null,
      ...(drained ? { copy_at: answer.server_time } : {}), ...clock, ...(away ? { news: news(rows.changes, away) } : {}),
    };
    const save = receipts.length ? store.write : store.writeRelaxed;
    await save(EVERYTHING, async (tx) => {
      await rows.write(tx);
      await outcomes.write(tx);
      await device.writeIn(tx, known);
    });
    const changed = rows.commit();
    mismatched = rows.mismatched;
    outcomes.commit();
    device.follow(known);
    // Only what this worker sent counts as handed in: a clone of this profile moves the server's number too.
    if (sent) acked = Math.min(sent, answer.acked_n);
    tell(changed);
    if (acked < sent) throw new Busy("the office took a part of the commands");
    pace.succeeded();
    if (commands.length === limit) limit = Math.min(COMMANDS_PER_BATCH, limit + COMMANDS_MORE);
    if (!drained || outbox.batch(acked, 1, Infinity).length) return ON;
    const untold = outbox.batch(0, 1, Infinity)[0];
    if (untold) {
      // Handed in, everything read, and still no receipt: it was forgotten on its way. Handed in again, it is told again.
      acked = untold.n - 1;
      return mend();
    }
    if (mismatched.length) return mend();
    await binder.compact();
    if (world.mono() - prunedAt > PRUNE_EVERY_MS) {
      prunedAt = world.mono();
      await outbox.prune();
    }
    if (!again) return STOP;
    again = null;
    return ON;
  }

  async function repair(status, body, request) {
    const error = body?.error;
    if (status === 409 && error === "gap") {
      // Below what waits, the server lost commands it had decided; if they are gone here too, only new numbers help.
      acked = body.expect - 1;
      if (!(await outbox.offerAgain(body.expect))) return becomeNewReplica();
      await outbox.reload();
      return mend();
    }
    if (status === 409 && error === "new_replica") return becomeNewReplica();
    if (status === 409 && error === "epoch") {
      // The cursors go first: a device that is stopped in between asks for every sheet anew, and hears of the epoch again.
      await binder.forgetCursors();
      await outbox.offerAllAgain(body.epoch, world.newId());
      await outbox.reload();
      acked = 0;
      return mend();
    }
    if (status === 413 && request.commands.length > 1) {
      limit = Math.max(1, request.commands.length >> 1);
      return ON;
    }
    if (status === 426 && error === "too_old") {
      const before = acked;
      acked = body.acked_n ?? acked;
      await device.write({ too_old: true });
      tell(new Set());
      return acked > before && outbox.batch(acked, 1, Infinity).length ? ON : STOP;
    }
    if (status === 401 && error === "revoked") return revoked(body, request);
    if (status === 401 && error === "unknown_device") return (await comeBack(world, device.record())) ? mend() : refuse(error);
    if (status === 429 || status === 503) throw new Busy("the office asked to wait");
    throw new Unreachable(`the office answered ${status}`);
  }

  async function becomeNewReplica() {
    const replica = world.newId();
    await outbox.renumber(replica);
    await outbox.reload();
    acked = 0;
    return mend();
  }

  /** Everything is handed in first, also what was saved while the refusal was on its way. Then nothing may stay. */
  async function revoked({ mode, access_taken: taken }, request) {
    acked = request.commands.at(-1)?.n ?? acked;
    await look();
    if (outbox.batch(acked, 1, Infinity).length || await accesses.goOn(taken)) return ON;
    await device.write({ handed_n: Math.max(device.record().handed_n, acked) });
    return refuse(mode);
  }

  /** `refused(why)` ends the unlock, and more where the office wants the device no longer. */
  async function refuse(why) {
    stopped = true;
    tell(new Set());
    await refused(why);
    return STOP;
  }

  function mend() {
    repairs += 1;
    if (repairs <= REPAIRS_PER_RUN) return ON;
    world.report(new Error("the office and this device do not come to agree"));
    throw new Busy("no agreement for now");
  }

  async function failed(busy) {
    pace.failed();
    pace.later(kick);
    if (!busy) await device.write(failedAgain(device.record(), world.now())).catch(world.report);
    tell(new Set());
  }

  return { kick, acked: () => acked, stop: () => { stopped = true; pace.cancel(); } };
}

/** In whole minutes, and none where the office's time fits between question and answer, give or take two minutes. */
function skew(sentAt, office, receivedAt) {
  const minutes = (ms) => (ms > CLOCKS_AGREE_MS ? Math.round(ms / 60_000) : 0);
  return { clock_ahead: minutes(sentAt - office), clock_behind: minutes(office - receivedAt) };
}
