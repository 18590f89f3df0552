// The profile of one browser: its IndexedDB, its cookies, its locks, and what may go wrong with the first.

import "fake-indexeddb/auto";
import { forceCloseDatabase, IDBFactory } from "fake-indexeddb";
import { openDB, unwrap } from "./build/lib/idb.js";
import { never } from "./ticking.mjs";

const put = IDBObjectStore.prototype.put;
const get = IDBObjectStore.prototype.get;
const getAll = IDBObjectStore.prototype.getAll;

// A write that the browser swallows: the request succeeds, and nothing is there.
IDBObjectStore.prototype.put = function maybeLost(...given) {
  const { losesOutbox, isFull } = this.transaction.faults ?? {};
  if (losesOutbox && this.name === "outbox") return get.call(this, "nothing");
  const request = put.call(this, ...given);
  if (isFull) this.transaction._abort("QuotaExceededError");
  return request;
};

IDBObjectStore.prototype.get = function noted(key) {
  if (this.name === "outbox") this.transaction.noteRead?.(key);
  return get.call(this, key);
};

IDBObjectStore.prototype.getAll = function noted(...given) {
  const request = getAll.apply(this, given);
  if (this.name === "outbox") request.addEventListener("success", () => { for (const { command_id: id } of request.result) this.transaction.noteRead?.(id); });
  return request;
};

export class Profile {
  jar = new Map();
  factory = new IDBFactory();
  readBack = new Set();
  #locks = new Map();

  /** The same again, as when somebody copies the folder. */
  copy() {
    const other = new Profile();
    other.jar = new Map(this.jar);
    for (const [name, database] of this.factory._databases) other.factory._databases.set(name, copyOfDatabase(database));
    return other;
  }

  /** What is left when the browser takes its storage back: the cookies. */
  emptied() {
    const other = new Profile();
    other.jar = this.jar;
    return other;
  }

  /** The records of a store as they lie there, outside of any transaction. */
  peek(store) {
    const raw = this.factory._databases.get("daysheet")?.rawObjectStores.get(store);
    return raw ? [...raw.records.values()].map(({ value }) => value) : [];
  }

  /** Web Locks: one at a time by name, and given up by a worker that is stopped. */
  request(worker, name, work) {
    const before = this.#locks.get(name) ?? Promise.resolve();
    const stopped = new Promise((resolve) => { worker.onStop.push(resolve); });
    const mine = before.then(() => (worker.alive ? work() : never()));
    this.#locks.set(name, Promise.race([mine.then(() => {}, () => {}), stopped]));
    return mine;
  }

  /** A connection for this worker; `chance` says what goes wrong with its transactions, `stop(worker)` ends it. */
  async open(worker, { chance, stop }, name, version, callbacks) {
    globalThis.indexedDB = this.factory;
    const db = await openDB(name, version, callbacks);
    if (!worker.alive) return never();
    const raw = unwrap(db);
    worker.onStop.push(() => forceCloseDatabase(raw));
    return {
      close: () => db.close(),
      transaction: (stores, mode, options) => {
        if (!worker.alive) return DEAD;
        const writes = mode === "readwrite";
        if (writes && chance.strikes("killed_before_write")) {
          stop(worker);
          return DEAD;
        }
        if (chance.strikes("connection_lost")) forceCloseDatabase(raw);
        const tx = db.transaction(stores, mode, options);
        const inner = unwrap(tx);
        const appends = writes && options.durability === "strict" && stores.length === 3 && stores.includes("outbox");
        inner.faults = { isFull: writes && chance.strikes("quota"), losesOutbox: appends && chance.strikes("put_lost") };
        if (!writes) inner.noteRead = (key) => this.readBack.add(key);
        if (writes && chance.strikes("killed_after_write")) inner.addEventListener("complete", () => stop(worker));
        return tx;
      },
    };
  }
}

const deadStore = new Proxy({}, { get: (_, name) => (name === "index" ? () => deadStore : never) });
const DEAD = { objectStore: () => deadStore, done: never(), abort: () => {} };

function copyOfDatabase(database) {
  const made = new database.constructor(database.name, database.version);
  for (const [name, raw] of database.rawObjectStores) {
    const store = new raw.constructor(made, raw.name, raw.keyPath, raw.autoIncrement);
    for (const record of raw.records.values()) store.records.put(record);
    for (const [of, index] of raw.rawIndexes) {
      const other = new index.constructor(store, index.name, index.keyPath, index.multiEntry, index.unique);
      other.initialized = true;
      for (const record of index.records.values()) other.records.put(record);
      store.rawIndexes.set(of, other);
    }
    made.rawObjectStores.set(name, store);
  }
  return made;
}
