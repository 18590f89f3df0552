/** The device's one database: what may be dropped (the binder) and what may never be lost (the outbox) beside it. */

export const BINDER = ["sheets", "blocks", "deltas"];
export const OUTBOX = ["outbox", "decided", "meta"];
export const EVERYTHING = [...BINDER, ...OUTBOX, "slots", "access"];

const NAME = "daysheet";
const VERSION = 2;
const TRIES = 3;

/** Every key that begins with `token`. */
export const within = (token) => IDBKeyRange.bound([token], [token, []]);

/** One database rather than two, because a sync answer (rows, cursors, outcomes, outbox removal) must be one transaction. */
export function openStore(world) {
  let opening = null;

  function connect() {
    opening ??= world.openDB(NAME, VERSION, {
      upgrade: layOut,
      blocking: () => close(),
      terminated: () => { opening = null; },
    }).catch((error) => { opening = null; throw error; });
    return opening;
  }

  async function close() {
    const open = opening;
    opening = null;
    await open?.then((db) => db.close(), () => {});
  }

  async function transact(mode, stores, work, durability) {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const db = await connect();
        const tx = db.transaction(stores, mode, { durability });
        let result;
        try {
          result = await work(tx);
        } catch (error) {
          await abandon(tx);
          throw error;
        }
        await tx.done;
        return result;
      } catch (error) {
        if (attempt >= TRIES || !isLostConnection(error)) throw error;
        await close();
      }
    }
  }

  return {
    /** `work(tx)` may run again after a lost connection, so it must not change anything outside the transaction. */
    read: (stores, work) => transact("readonly", stores, work, "default"),
    write: (stores, work) => transact("readwrite", stores, work, "strict"),
    /** Rows can be fetched again, so they need not wait for the disk. */
    writeRelaxed: (stores, work) => transact("readwrite", stores, work, "relaxed"),
    close,
  };
}

function layOut(db, oldVersion) {
  if (oldVersion < 1) layOutFirst(db);
  if (oldVersion < 2) db.createObjectStore("access", { keyPath: "id" });
}

function layOutFirst(db) {
  db.createObjectStore("meta");
  db.createObjectStore("slots");
  db.createObjectStore("sheets");
  db.createObjectStore("blocks");
  db.createObjectStore("deltas");
  db.createObjectStore("outbox", { keyPath: "command_id" }).createIndex("number", ["replica", "n"]);
  db.createObjectStore("decided", { keyPath: "command_id" }).createIndex("number", ["replica", "n"]);
}

async function abandon(tx) {
  try {
    tx.abort();
  } catch {
    // Already aborted by the failure that brought us here.
  }
  await tx.done.catch(() => {});
}

/** A connection the browser closed under us; a full disk or a broken record is not, and is not tried again. */
function isLostConnection(error) {
  return error?.name === "InvalidStateError" || error?.name === "UnknownError"
    || (error?.name === "AbortError" && !error.cause);
}
