/** What this device knows about itself: its enrolment, replica, epoch and counters, none of it patient data. */

const FIELDS = {
  device_id: null, replica_id: null, name: "", purpose: "", code: "", language: "en", epoch: null, acked_n: 0,
  copy_at: null, offline_since: null, apart: [], persisted: null, refused: null, too_old: false,
  // The lock: the present unlock, whether a person must open it themselves, wrong PINs, the last touch, the session it suspended.
  unlock: null, locked: false, failures: 0, active_at: null, suspended: null,
  // Whom the office did not know here when it was last asked: until they sign in, it takes nothing as theirs.
  strangers: [],
  // What the office said at the last unlock or contact: how long it may be alone, what to seal to, and since when it is.
  rules: null, office_key: null, identity: null, contact_at: null, latest_at: null, handed_n: 0, wiped: null,
  // When the office's certificate ends, and what is wrong with it while the office does not answer: expired or untrusted.
  certificate_until: null, certificate: null,
  // By how many minutes this clock was ahead of the office's, or behind, when the office last answered; 0 within two.
  clock_ahead: 0, clock_behind: 0,
  // What changed while it was offline, in numbers, until a person has read it.
  news: null,
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

  /** `7-42`: this device's code and the next of a series; never the same twice, also when what it was for is not saved. */
  async function nextSerial(series) {
    const { code } = known;
    const count = await store.write(["meta"], async (tx) => {
      const last = await tx.objectStore("meta").get(`serial/${series}`);
      const next = 1 + (last?.code === code ? last.count : 0);
      await tx.objectStore("meta").put({ code, count: next }, `serial/${series}`);
      return next;
    });
    return `${code}-${count}`;
  }

  function follow(changes) {
    known = { ...FIELDS, ...known, ...changes };
  }

  /** Another record altogether, or none: this browser is a device no longer. */
  function replace(other) {
    known = other;
  }

  return { record: () => known, writeIn, write, nextSerial, follow, replace };
}
