import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { AlreadySent, NotSaved } from "./worker/outbox.js";
import { openDevice } from "./worker/device.js";
import { newId } from "./worker/ids.js";
import { arrival, freshProfile, unlocked } from "./world.mjs";

beforeEach(freshProfile);

test("what was saved is still there after the worker is stopped", async () => {
  const { outbox } = await unlocked();
  await outbox.append(arrival("v1"));
  await outbox.append(arrival("v2"));
  const again = await unlocked();
  assert.deepEqual(again.outbox.pending().map(({ n, command }) => [n, command.fields.visit_id]), [[1, "v1"], [2, "v2"]]);
});

test("a double tap is one command", async () => {
  const { outbox } = await unlocked();
  const command = arrival("v1");
  const entries = await Promise.all([outbox.append(command), outbox.append({ ...command })]);
  await outbox.append({ ...command });
  assert.equal(outbox.pending().length, 1);
  assert.equal(entries[0].n, entries[1].n);
});

test("the same id with another content is not swallowed", async () => {
  const { outbox } = await unlocked();
  const command = arrival("v1");
  await outbox.append(command);
  await assert.rejects(outbox.append({ ...command, fields: { visit_id: "v2" } }), AlreadySent);
});

test("a write that the store lost is never called saved, and leaves no hole in the numbers", async () => {
  const { outbox, store } = await unlocked();
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function lose(value, ...key) {
    return this.name === "outbox" ? this.get("nothing") : put.call(this, value, ...key);
  };
  try {
    await assert.rejects(outbox.append(arrival("v1")), NotSaved);
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  assert.equal(outbox.pending().length, 0);
  assert.equal((await outbox.append(arrival("v2"))).n, 1);
  assert.equal((await store.read(["outbox"], (tx) => tx.objectStore("outbox").count())), 1);
});

test("what no request could ever carry is not called saved, and blocks nothing", async () => {
  const { outbox } = await unlocked();
  const large = arrival("v1");
  await assert.rejects(outbox.append({ ...large, fields: { note: "\u00e9".repeat(460_000) } }), NotSaved);
  assert.equal((await outbox.append(arrival("v2"))).n, 1);
});

test("a read that comes back empty is not called saved", async () => {
  const { outbox } = await unlocked();
  const get = IDBObjectStore.prototype.get;
  IDBObjectStore.prototype.get = function forget(key) {
    return get.call(this, this.name === "outbox" ? "nothing" : key);
  };
  try {
    await assert.rejects(outbox.append(arrival("v1")), NotSaved);
  } finally {
    IDBObjectStore.prototype.get = get;
  }
});

test("an aborted transaction saves nothing and says so", async () => {
  const { outbox } = await unlocked();
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function abort(value, ...key) {
    const request = put.call(this, value, ...key);
    if (this.name === "outbox") this.transaction.abort();
    return request;
  };
  try {
    await assert.rejects(outbox.append(arrival("v1")), NotSaved);
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  const { outbox: after } = await unlocked();
  assert.deepEqual(after.pending(), []);
});

test("a connection that the browser closed is opened again", async () => {
  const { outbox, store } = await unlocked();
  const db = await store.read(["outbox"], (tx) => tx.db);
  db.close();
  assert.equal((await outbox.append(arrival("v1"))).n, 1);
});

test("nothing that names a patient or a visit is in the store in plain", async () => {
  const { outbox, store } = await unlocked();
  await outbox.append(arrival("secret-visit"));
  const kept = await store.read(["outbox", "meta", "slots"], async (tx) => [await tx.objectStore("outbox").getAll(), await tx.objectStore("meta").getAll(), await tx.objectStore("slots").getAll()]);
  const plain = JSON.stringify(kept, (_, value) => (value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value));
  assert.ok(!plain.includes("secret-visit") && !plain.includes("record_arrival"));
});

test("a record put in another's place does not open", async () => {
  const { outbox, store } = await unlocked();
  await outbox.append(arrival("v1"));
  await outbox.append(arrival("v2"));
  await store.write(["outbox"], async (tx) => {
    const [one, other] = await tx.objectStore("outbox").getAll();
    await tx.objectStore("outbox").put({ ...one, sealed: other.sealed });
  });
  const again = await unlocked();
  assert.equal(again.outbox.pending().length, 1);
  assert.equal(again.outbox.stranded(), 1);
});

test("work sealed under an earlier enrolment stays where it is, counted", async () => {
  const { outbox, store } = await unlocked();
  await outbox.append(arrival("v1"));
  await store.write(["outbox"], async (tx) => {
    const [one] = await tx.objectStore("outbox").getAll();
    await tx.objectStore("outbox").put({ ...one, key: newId() });
  });
  const again = await unlocked();
  assert.equal(again.outbox.stranded(), 1);
  assert.equal(again.outbox.pending().length, 0);
});

test("a serial is never the same twice, goes on after a restart, and begins again with another code", async () => {
  const tablet = await unlocked();
  await tablet.device.write({ code: "7" });
  assert.deepEqual(await Promise.all([1, 2, 3].map(() => tablet.device.nextSerial("receipts"))), ["7-1", "7-2", "7-3"]);
  assert.equal(await tablet.device.nextSerial("labels"), "7-1");
  const again = await openDevice(tablet.store);
  assert.equal(await again.nextSerial("receipts"), "7-4");
  await again.write({ code: "8" });
  assert.equal(await again.nextSerial("receipts"), "8-1");
});
