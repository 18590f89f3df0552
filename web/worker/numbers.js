/** The numbers of the outbox: 1, 2, 3… per replica, and what becomes of them when the server and the device disagree. */

/** The highest number this replica ever used, from the records themselves: a counter could outrun a record that was lost. */
export async function lastNumber(tx, replica) {
  const highest = async (name) => (await tx.objectStore(name).index("number").openKeyCursor(ofReplica(replica), "prev"))?.key[1] ?? 0;
  const [known, ...numbers] = await Promise.all([tx.objectStore("meta").get("device"), highest("outbox"), highest("decided")]);
  return Math.max(...numbers, known?.replica_id === replica ? known.acked_n ?? 0 : 0);
}

const ofReplica = (replica, from = 0) => IDBKeyRange.bound([replica, from], [replica, Infinity]);

/** What waits above a number, lowest first, as far as the office can be given it without anybody's key. */
export async function sealedAfter(tx, replica, n, most) {
  const records = await tx.objectStore("outbox").index("number").getAll(ofReplica(replica, n + 1), most);
  // An entry that was never sealed to the office waits for somebody to open the device, and so does what follows it.
  const unsealed = records.findIndex(({ office }) => !office);
  return unsealed < 0 ? records : records.slice(0, unsealed);
}

export function sameBytes(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

export function numbered(store, sealer, device) {
  const mine = (record) => record.key === sealer.device;

  /** A cloned or restored profile becomes a replica of its own: new numbers, the same command ids. */
  async function renumber(replica) {
    const changes = { replica_id: replica, acked_n: 0, handed_n: 0 };
    await store.write(["outbox", "meta"], async (tx) => {
      const records = (await tx.objectStore("outbox").getAll()).filter(mine).sort((one, other) => one.n - other.n);
      for (const [at, record] of records.entries()) await keep(tx, { ...record, replica, n: at + 1 });
      await device.writeIn(tx, changes);
    });
    device.follow(changes);
  }

  /** The server misses numbers that were already decided: they are offered again. Returns whether `expect` is among what waits now. */
  async function offerAgain(expect) {
    const [known, isThere] = await store.write(["outbox", "decided", "meta"], async (tx) => {
      const { replica_id: replica, acked_n: acked, handed_n: handed } = device.record();
      const decided = tx.objectStore("decided");
      for (const record of (await decided.index("number").getAll(ofReplica(replica, expect))).filter(mine)) {
        await moveBack(tx, record);
      }
      const changes = { acked_n: Math.min(acked, expect - 1), handed_n: Math.min(handed, expect - 1) };
      await device.writeIn(tx, changes);
      return [changes, (await tx.objectStore("outbox").index("number").getKey([replica, expect])) !== undefined];
    });
    device.follow(known);
    return isThere;
  }

  /**
   * The server was restored from a backup: everything decided in the last 30 days is offered again under its own number.
   * What an earlier replica of this device did came before: then all of it is numbered in that order, for the replica `fresh`.
   */
  async function offerAllAgain(epoch, fresh) {
    const known = await store.write(["outbox", "decided", "meta"], async (tx) => {
      const { replica_id: current } = device.record();
      const decided = (await tx.objectStore("decided").getAll()).filter(mine).sort((one, other) => one.decided_at - other.decided_at || one.n - other.n);
      const waiting = (await tx.objectStore("outbox").getAll()).filter(mine).sort((one, other) => one.n - other.n);
      const mixed = decided.some(({ replica }) => replica !== current);
      const number = (record, at) => (mixed ? { ...record, replica: fresh, n: at + 1 } : record);
      for (const [at, record] of decided.entries()) await moveBack(tx, number(record, at));
      for (const [at, record] of waiting.entries()) await keep(tx, number(record, decided.length + at));
      const changes = { epoch, acked_n: 0, handed_n: 0, ...(mixed ? { replica_id: fresh } : {}) };
      await device.writeIn(tx, changes);
      return changes;
    });
    device.follow(known);
  }

  return { renumber, offerAgain, offerAllAgain };
}

async function moveBack(tx, record) {
  const { outcome, settled, decided_at: at, ...kept } = record;
  await keep(tx, { ...kept, again: true });
  await tx.objectStore("decided").delete(record.command_id);
}

/** Read back, as when it was saved: where the store does not keep it, the whole transaction is undone and tried again. */
async function keep(tx, record) {
  const outbox = tx.objectStore("outbox");
  await outbox.put(record);
  const { n, replica } = (await outbox.get(record.command_id)) ?? {};
  if (n !== record.n || replica !== record.replica) throw new Error("the store did not keep an entry");
}
