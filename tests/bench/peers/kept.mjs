/** IndexedDB for Node lives in memory, so whatever a device commits with "strict" is also written to a file and synced: saving costs here what it costs there. */

import { fdatasyncSync, openSync, writeSync } from "node:fs";
import { openDB } from "./lib/idb.js";

const CHANGES = new Set(["put", "add", "delete", "clear"]);

/** `openDB`, with a file beside the database. */
export function openKept(path) {
  const file = openSync(path, "a");
  return async (...opening) => within(await openDB(...opening), {
    transaction: (db) => (stores, mode, options) => {
      const tx = db.transaction(stores, mode, options);
      return mode === "readwrite" && options.durability === "strict" ? followed(tx, file) : tx;
    },
  });
}

function followed(tx, file) {
  const changes = [];
  const done = tx.done.then(() => {
    writeSync(file, changes.join("\n"));
    fdatasyncSync(file);
  });
  // Whoever gives up a transaction asks for `done` again; nobody need ask.
  done.catch(() => {});
  const noted = (store, name) => (...given) => {
    changes.push(JSON.stringify(given, (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value)));
    return store[name](...given);
  };
  const storeOf = (name) => within(tx.objectStore(name), Object.fromEntries([...CHANGES].map((change) => [change, (store) => noted(store, change)])));
  return within(tx, { done: () => done, objectStore: () => storeOf });
}

/** The object with some of its properties made anew; its methods still are its own. */
function within(target, made) {
  return new Proxy(target, {
    get(of, name) {
      if (name in made) return made[name](of);
      const value = of[name];
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
}
