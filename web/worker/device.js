/** What this device knows about itself: its enrolment, replica, epoch and counters, none of it patient data. */

const FIELDS = {
  device_id: null, replica_id: null, name: "", purpose: "", code: "", language: "en", unlock: null, epoch: null, acked_n: 0,
  copy_at: null, offline_since: null, persisted: null, refused: null, too_old: false,
};

export async function openDevice(store) {
  let record = await store.read(["meta"], (tx) => tx.objectStore("meta").get("device"));
  let known = record ?? null;

  /** Inside a transaction that covers `meta`; memory follows when the caller's transaction is done, with `follow`. */
  async function writeIn(tx, changes) {
    const stored = (await tx.objectStore("meta").get("device")) ?? FIELDS;
    await tx.objectStore("meta").put({ ...stored, ...changes }, "device");
  }

  async function write(changes) {
    await store.write(["meta"], (tx) => writeIn(tx, changes));
    follow(changes);
  }

  function follow(changes) {
    known = { ...FIELDS, ...known, ...changes };
  }

  return { record: () => known, writeIn, write, follow };
}
