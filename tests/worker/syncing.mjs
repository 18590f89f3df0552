import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { openBinder } from "./worker/binder.js";
import { standing } from "./worker/standing.js";
import { arrival, freshProfile, json, Office, unlocked, visit } from "./world.mjs";

const TODAY = "visits/main/2026-11-23";

beforeEach(freshProfile);

const statusOf = async (binder, id) => (await binder.load(TODAY))?.rows.get("visit")?.get(id)?.status ?? null;

test("the sign-in page of a hotel is not an answer, though it says 200", async () => {
  const tablet = await unlocked(() => new Response("<html>Welcome! Room number?</html>", { status: 200, headers: { "Content-Type": "text/html" } }));
  await tablet.outbox.append(arrival("v1"));
  await tablet.sync.kick();
  assert.equal(tablet.outbox.pending().length, 1);
  assert.ok(tablet.device.record().offline_since);
});

test("an answer to another request is dropped", async () => {
  const office = new Office();
  office.put(TODAY, "visit", "v1", 1, visit("booked"));
  const tablet = await unlocked(async (request) => json(200, { ...(await office.answer(request).json()), request_id: "late" }));
  await tablet.sync.kick();
  assert.equal(await statusOf(tablet.binder, "v1"), null);
});

test("an answer that arrives after the device was locked changes nothing", async () => {
  const office = new Office();
  office.put(TODAY, "visit", "v1", 1, visit("booked"));
  const tablet = await unlocked((request) => { tablet.sync.stop(); return office.answer(request); });
  await tablet.sync.kick();
  assert.equal(await statusOf(tablet.binder, "v1"), null);
});

test("an answer applied in the middle of a crash is applied whole or not at all", async () => {
  const office = new Office();
  office.put(TODAY, "visit", "v1", 1, visit("booked"));
  const tablet = await unlocked(office.answer);
  await tablet.outbox.append(arrival("v1"));
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function crash(value, ...key) {
    const request = put.call(this, value, ...key);
    if (this.name === "decided") this.transaction.abort();
    return request;
  };
  await tablet.sync.kick().finally(() => { IDBObjectStore.prototype.put = put; });
  const after = await unlocked(office.answer);
  assert.equal(await statusOf(after.binder, "v1"), null);
  assert.equal(after.outbox.pending().length, 1);
  await after.sync.kick();
  assert.equal(await statusOf(after.binder, "v1"), "booked");
  assert.equal(after.outbox.pending().length, 0);
  assert.equal(office.known.size, 1);
});

test("a cloned profile becomes a replica of its own and keeps its command ids", async () => {
  const office = new Office();
  const tablet = await unlocked(office.answer);
  const { replica_id: replica } = tablet.device.record();
  office.last[replica] = 5;
  const command = arrival("v1");
  await tablet.outbox.append(command);
  await tablet.sync.kick();
  assert.notEqual(tablet.device.record().replica_id, replica);
  assert.ok(office.known.has(command.command_id));
  assert.deepEqual(tablet.outbox.pending(), []);
  assert.equal((await tablet.outbox.append(arrival("v2"))).n, 2);
});

test("a removed row goes, and a dropped sheet goes whole", async () => {
  const office = new Office();
  office.put(TODAY, "visit", "v1", 1, visit("booked"));
  office.put(TODAY, "visit", "v2", 1, visit("booked"));
  const tablet = await unlocked(office.answer);
  await tablet.sync.kick();
  office.put(TODAY, "visit", "v1", 2, null);
  await tablet.sync.kick();
  assert.equal(await statusOf(tablet.binder, "v1"), null);
  assert.equal(await statusOf(tablet.binder, "v2"), "booked");
  office.rows.delete(TODAY);
  await tablet.sync.kick();
  assert.deepEqual(tablet.binder.names(), []);
  const { store } = tablet;
  assert.equal(await store.read(["deltas"], (tx) => tx.objectStore("deltas").count()), 0);
});

test("a binder that differs is sent again also when an entry was saved meanwhile", async () => {
  const office = new Office();
  office.put(TODAY, "visit", "v1", 1, visit("booked"));
  let saves = false;
  const tablet = await unlocked(async (request) => {
    if (saves) await tablet.outbox.append(arrival("v2"));
    saves = false;
    return office.answer(request);
  });
  await tablet.sync.kick();
  office.rows.get(TODAY)[0][2] = 7;
  office.put(TODAY, "visit", "v2", 1, visit("booked"));
  saves = true;
  await tablet.sync.kick();
  assert.equal((await tablet.binder.load(TODAY)).rows.get("visit").get("v1").version, 7);
});

test("a binder that differs from the office's is sent again, and the difference reported", async () => {
  const office = new Office();
  office.put(TODAY, "visit", "v1", 1, visit("booked"));
  const tablet = await unlocked(office.answer);
  await tablet.sync.kick();
  office.rows.get(TODAY)[0][2] = 7;
  office.put(TODAY, "visit", "v2", 1, visit("booked"));
  await tablet.sync.kick();
  assert.deepEqual(tablet.requests.at(-1).mismatch, [TODAY]);
  assert.equal((await tablet.binder.load(TODAY)).rows.get("visit").get("v1").version, 7);
  const asked = tablet.requests.length;
  await tablet.sync.kick();
  assert.equal(tablet.requests.length, asked + 1);
});

test("two thousand rows and the changes after them read back the same", async () => {
  const office = new Office();
  for (let at = 0; at < 2000; at += 1) office.put(TODAY, "visit", `v${at}`, 1, visit("booked"));
  const tablet = await unlocked(office.answer);
  await tablet.sync.kick();
  for (let round = 0; round < 6; round += 1) {
    for (let at = 0; at < 40; at += 1) office.put(TODAY, "visit", `v${at + round * 40}`, 2 + round, visit("arrived"));
    await tablet.sync.kick();
  }
  assert.equal(await tablet.store.read(["deltas"], (tx) => tx.objectStore("deltas").count()), 0, "compacted");
  office.put(TODAY, "visit", "v0", 99, visit("checked_in"));
  await tablet.sync.kick();
  const after = await unlocked(office.answer);
  assert.equal(await statusOf(after.binder, "v0"), "checked_in");
  assert.equal(await statusOf(after.binder, "v239"), "arrived");
  assert.equal(await statusOf(after.binder, "v240"), "booked");
  assert.equal((await after.binder.load(TODAY)).rows.get("visit").size, 2000);
});

test("a damaged block is fetched again rather than shown short", async () => {
  const office = new Office();
  for (let at = 0; at < 300; at += 1) office.put(TODAY, "visit", `v${at}`, 1, visit("booked"));
  const tablet = await unlocked(office.answer);
  await tablet.sync.kick();
  await tablet.store.write(["blocks"], async (tx) => {
    const [first] = await tx.objectStore("blocks").getAllKeys();
    await tx.objectStore("blocks").delete(first);
  });
  const after = await unlocked(office.answer);
  assert.equal(await after.binder.load(TODAY), null);
  await after.sync.kick();
  assert.equal((await after.binder.load(TODAY)).rows.get("visit").size, 300);
});

test("more than two hundred commands go up in several requests", async () => {
  const office = new Office();
  const tablet = await unlocked(office.answer);
  for (let at = 0; at < 230; at += 1) await tablet.outbox.append(arrival(`v${at}`));
  await tablet.sync.kick();
  assert.deepEqual(tablet.requests.slice(0, 2).map(({ commands }) => commands.length), [200, 30]);
  assert.deepEqual(tablet.outbox.pending(), []);
});

test("a request that was too large is halved, and grows again with every full one that gets through", async () => {
  const office = new Office();
  let most = 60;
  const tablet = await unlocked((request) => (request.commands.length > most ? json(413, { error: "too_large" }) : office.answer(request)));
  for (let at = 0; at < 120; at += 1) await tablet.outbox.append(arrival(`v${at}`));
  await tablet.sync.kick();
  most = Infinity;
  for (let at = 0; at < 70; at += 1) await tablet.outbox.append(arrival(`w${at}`));
  await tablet.sync.kick();
  assert.deepEqual(tablet.requests.map(({ commands }) => commands.length).filter(Boolean), [120, 60, 60, 65, 5]);
  assert.deepEqual(tablet.outbox.pending(), []);
});

test("what a worker that is being replaced still saves is seen and sent by the next", async () => {
  const office = new Office();
  const next = await unlocked(office.answer);
  const older = await unlocked();
  await older.outbox.append(arrival("v1"));
  await next.outbox.append(arrival("v2"));
  await next.sync.kick();
  assert.equal(office.known.size, 2);
  assert.deepEqual(next.outbox.pending(), []);
  assert.equal(await older.outbox.look(), true);
  assert.deepEqual(older.outbox.pending(), [], "and what the other settled is settled here");
});

test("a revoked tablet hands in its work before anything of it goes", async () => {
  const office = new Office();
  office.put(TODAY, "visit", "v1", 1, visit("booked"));
  const tablet = await unlocked(office.answer);
  await tablet.sync.kick();
  for (let count = 0; count < 201; count += 1) await tablet.outbox.append(arrival("v1"));
  tablet.world.fetch = async (path, { body }) => { office.answer(JSON.parse(body)); return json(401, { error: "revoked", mode: "retire" }); };
  await tablet.sync.kick();
  assert.equal(office.known.size, 201);
  assert.deepEqual(tablet.refusals, ["retire"]);
});

test("what is saved while the office takes leave of a tablet is handed in, too", async () => {
  const office = new Office();
  const tablet = await unlocked(office.answer);
  await tablet.sync.kick();
  const sent = [];
  tablet.world.fetch = async (path, { body }) => {
    const request = JSON.parse(body);
    sent.push(request.commands.map(({ n }) => n));
    office.answer(request);
    if (sent.length === 1) await tablet.outbox.append(arrival("v1"));
    return json(401, { error: "revoked", mode: "retire" });
  };
  await tablet.sync.kick();
  assert.deepEqual([sent, tablet.refusals, tablet.device.record().handed_n], [[[], [1]], ["retire"], 1]);
});

test("dropping the binder leaves the outbox alone", async () => {
  const tablet = await unlocked();
  await tablet.outbox.append(arrival("v1"));
  await tablet.binder.drop();
  assert.equal((await unlocked()).outbox.pending().length, 1);
});

test("a refusal to sync for being too old still hands in the work", async () => {
  const office = new Office();
  const tablet = await unlocked((request) => { office.answer(request); return json(426, { error: "too_old", acked_n: office.last[request.replica_id] ?? 0 }); });
  await tablet.outbox.append(arrival("v1"));
  await tablet.sync.kick();
  assert.equal(office.known.size, 1);
  assert.equal(tablet.device.record().too_old, true);
  assert.equal(tablet.outbox.pending().length, 1, "until its receipt arrives");
  assert.equal(standing({ device: tablet.device, outbox: tablet.outbox, attention: 0 }).too_old, true, "and its pages say so");
});

test("a binder reads nothing sealed by other keys", async () => {
  const office = new Office();
  office.put(TODAY, "visit", "v1", 1, visit("booked"));
  const tablet = await unlocked(office.answer);
  await tablet.sync.kick();
  const stranger = { device: "x", open: async () => { throw new Error("no"); }, seal: async () => null, blind: async () => "" };
  assert.deepEqual((await openBinder(tablet.world, tablet.store, stranger)).names(), []);
});
