/** What was done on this device and is not yet receipted: sealed, numbered without gaps, never dropped. */

import { lastNumber, sameBytes, numbered } from "./numbers.js";

/** In the first format nothing was signed: such an entry is handed in as it is, and the office holds it for a person. */
const FORMAT = 2;
const KEPT_IN_VIEW = 200;
/** The office takes a request of 1 MB, with one command in it if need be; what it could never take is not Saved. */
const LARGEST = 900_000;
const KEPT_MS = 30 * 24 * 3600 * 1000;
const SAID = ["command_id", "command", "v", "actor", "made", "was", "seen", "after", "fields"];
const SETTLED = new Set(["applied", "noop"]);

/** Saying "Saved" would be a lie: the store did not keep what it was given. */
export class NotSaved extends Error {}

/** The same id came with other content, so one of the two would be lost without a word. */
export class AlreadySent extends Error {}

/** `signer` signs as who acts now, and seals to the office: `sign(text)`, `seal(kind, text)`. */
export async function openOutbox(world, store, sealer, device, signer) {
  let pending = [];
  let stranded = new Set();
  let decided = null;

  async function load() {
    const records = await store.read(["outbox"], (tx) => tx.objectStore("outbox").getAll());
    const read = await Promise.all(records.map(open));
    pending = read.filter((entry) => entry !== null).sort(byNumber);
    stranded = new Set(records.filter((_, at) => read[at] === null).map(({ command_id: id }) => id));
  }

  /** Follows what another worker of this profile saved or settled, as one that is being replaced does; whether it had. */
  async function look() {
    const before = pending;
    const there = new Set(await store.read(["outbox"], (tx) => tx.objectStore("outbox").getAllKeys()));
    const known = new Set(pending.map(({ command_id: id }) => id));
    const unseen = [...there].filter((id) => !known.has(id) && !stranded.has(id));
    const gone = new Set(before.filter(({ command_id: id }) => !there.has(id)));
    if (!unseen.length && !gone.size) return false;
    const records = await store.read(["outbox"], (tx) => Promise.all(unseen.map((id) => tx.objectStore("outbox").get(id))));
    for (const record of records.filter(Boolean)) {
      const entry = await open(record);
      if (entry) remember(entry);
      else stranded.add(record.command_id);
    }
    pending = pending.filter((entry) => !gone.has(entry));
    decided = null;
    return true;
  }

  /** Null for what another enrolment of this device sealed: it stays where it is, counted, until a person exports it. */
  async function open(record) {
    try {
      if (record.key !== sealer.device) return null;
      const kept = await sealer.open("outbox", record.command_id, record.v, record.sealed);
      const { said, sig, paint } = record.v === 1 ? { said: saidOf(kept), sig: "", paint: kept } : kept;
      const { n, replica, command_id: id, again = false } = record;
      return { n, replica, command_id: id, again, said, sig, command: { ...paint, ...JSON.parse(said) } };
    } catch {
      return null;
    }
  }

  /** Durable, read back and compared; throws NotSaved when that cannot be had. A repeated id is one command. */
  async function append(command) {
    const id = command.command_id;
    const said = saidOf(command);
    const [known, sig] = await Promise.all([
      pending.find((entry) => entry.command_id === id) ?? findDecided(id), signer.sign(`daysheet command\n${said}`),
    ]);
    if (known) return repeated(known, command);
    if (new TextEncoder().encode(JSON.stringify(said)).length > LARGEST) throw new NotSaved(`command ${id} is too large`);
    const paint = Object.fromEntries(Object.entries(command).filter(([name]) => !SAID.includes(name)));
    const [sealed, office] = await Promise.all([
      sealer.seal("outbox", id, FORMAT, { said, sig, paint }), signer.seal("command", JSON.stringify({ said, sig })),
    ]);
    let failure;
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      try {
        const record = await store.write(["outbox", "decided", "meta"], async (tx) => {
          const { replica_id: replica } = device.record();
          const [waits, isDecided, last, stands] = await Promise.all([
            tx.objectStore("outbox").get(id), tx.objectStore("decided").get(id), lastNumber(tx, replica), tx.objectStore("meta").get("device"),
          ]);
          if (stands?.refused === "wiped") throw new NotSaved(`command ${id} came when the device was wiped`);
          if (waits ?? isDecided) return waits ?? isDecided;
          const n = 1 + last;
          const fresh = { v: FORMAT, command_id: id, replica, n, key: sealer.device, sealed, office };
          await tx.objectStore("outbox").put(fresh);
          return fresh;
        });
        const kept = await store.read(["outbox"], (tx) => tx.objectStore("outbox").get(id));
        if (kept && kept.n === record.n && sameBytes(kept.sealed.data, sealed.data)) return remember({ ...kept, said, sig, command });
        const other = kept && await open(kept);
        if (other) return repeated(remember(other), command);
      } catch (error) {
        if (error instanceof AlreadySent) throw error;
        failure = error;
      }
    }
    throw new NotSaved(`command ${id} was not kept`, { cause: failure });
  }

  function remember({ n, replica, command_id: id, again = false, said, sig, command }) {
    const entry = { n, replica, command_id: id, again, said, sig, command };
    if (!pending.some((known) => known.command_id === id)) pending = [...pending, entry].sort(byNumber);
    return entry;
  }

  function repeated(entry, command) {
    const content = ({ command: name, fields }) => JSON.stringify([name, fields]);
    if (content(entry.command) !== content(command)) throw new AlreadySent(command.command_id);
    return entry;
  }

  /** At most `limit` commands or `bytes` above number `acked`, lowest first; one too large for any batch goes alone. */
  function batch(acked, limit, bytes) {
    const { replica_id: replica } = device.record();
    const chosen = [];
    let size = 0;
    for (const { n, replica: of, said, sig } of pending) {
      if (of !== replica || n <= acked) continue;
      size += said.length * 2;
      if (chosen.length && (chosen.length >= limit || size > bytes)) break;
      chosen.push({ n, said, sig });
    }
    return chosen;
  }

  /** Moves what the receipts name to the decided: `write(tx)` in the answer's own transaction, then `commit()`. */
  async function prepareReceipts(rows) {
    const outcomes = [];
    for (const [, id, , body] of rows) {
      if (body === null) continue;
      const sealed = await sealer.seal("decided", id, FORMAT, body);
      outcomes.push([id, { outcome: sealed, settled: SETTLED.has(body.outcome), decided_at: world.now() }]);
    }
    return {
      async write(tx) {
        for (const [id, outcome] of outcomes) {
          const record = (await tx.objectStore("outbox").get(id)) ?? (await tx.objectStore("decided").get(id));
          if (!record || record.key !== sealer.device) continue;
          const { again, ...kept } = record;
          await tx.objectStore("decided").put({ ...kept, ...outcome });
          await tx.objectStore("outbox").delete(id);
        }
      },
      commit() {
        const ids = new Set(outcomes.map(([id]) => id));
        pending = pending.filter(({ command_id: id }) => !ids.has(id));
        if (outcomes.length) decided = null;
      },
    };
  }

  /** The last commands that were decided, newest first, with their outcomes. */
  async function lastDecided() {
    decided ??= await readDecided(await store.read(["decided"], (tx) => tx.objectStore("decided").getAll()));
    return decided;
  }

  async function readDecided(records) {
    const latest = records.sort((one, other) => other.decided_at - one.decided_at || other.n - one.n).slice(0, KEPT_IN_VIEW);
    const read = await Promise.all(latest.map(async (record) => {
      const entry = await open(record);
      try {
        return entry && { ...entry, outcome: await sealer.open("decided", record.command_id, record.v, record.outcome), decided_at: record.decided_at };
      } catch {
        return entry;
      }
    }));
    return read.filter((entry) => entry !== null);
  }

  async function findDecided(id) {
    const record = await store.read(["decided"], (tx) => tx.objectStore("decided").get(id)).catch(() => undefined);
    return record ? open(record) : undefined;
  }

  async function prune() {
    const before = world.now() - KEPT_MS;
    await store.writeRelaxed(["decided"], async (tx) => {
      for (const { command_id: id, settled, decided_at: at } of await tx.objectStore("decided").getAll()) {
        if (settled && at < before) await tx.objectStore("decided").delete(id);
      }
    });
    decided = null;
  }

  await load();
  return {
    append, look, batch, prepareReceipts, lastDecided, prune,
    pending: () => pending,
    stranded: () => stranded.size,
    reload: async () => { decided = null; await load(); },
    ...numbered(store, sealer, device),
  };
}

/** The text that is signed: once written, it is kept to the letter. */
const saidOf = (command) => JSON.stringify(Object.fromEntries(SAID.map((name) => [name, command[name]])));

const byNumber = (one, other) => one.n - other.n;
