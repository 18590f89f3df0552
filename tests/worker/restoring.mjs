import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { arrival, freshProfile, Office, unlocked } from "./world.mjs";

beforeEach(freshProfile);

/** The office as it was before any of this, from a backup. */
function restore(office) {
  const { last, known, rows } = new Office();
  Object.assign(office, { last, known, rows, epoch: "e2" });
}

test("a server that lost its last hour is offered what it had decided again", async () => {
  const office = new Office();
  const tablet = await unlocked(office.answer);
  for (const id of ["v1", "v2", "v3"]) await tablet.outbox.append(arrival(id));
  await tablet.sync.kick();
  const [replica] = Object.keys(office.last);
  const ids = [...office.known.keys()];
  office.last[replica] = 1;
  office.known.delete(ids[1]);
  office.known.delete(ids[2]);
  await tablet.outbox.append(arrival("v4"));
  await tablet.sync.kick();
  assert.equal(office.known.size, 4);
  assert.equal(office.last[replica], 4);
});

test("a restored server gets back everything of the last thirty days", async () => {
  const office = new Office();
  const tablet = await unlocked(office.answer);
  for (const id of ["v1", "v2", "v3"]) await tablet.outbox.append(arrival(id));
  await tablet.sync.kick();
  restore(office);
  await tablet.sync.kick();
  assert.equal(office.known.size, 3);
  assert.equal(tablet.device.record().epoch, "e2");
  assert.deepEqual(tablet.outbox.pending(), []);
});

test("what a device did before it became another replica comes back before what it did since", async () => {
  const office = new Office();
  let now = Date.parse("2026-11-23T15:00:00Z");
  const tablet = await unlocked(office.answer, { now: () => (now += 1) });
  const visits = ["v1", "v2", "v3", "v4"];
  const done = visits.map((id) => arrival(id));
  for (const command of done.slice(0, 2)) await tablet.outbox.append(command);
  await tablet.sync.kick();
  const { replica_id: first } = tablet.device.record();
  // Its profile was copied, and the copy used the next number.
  office.last[first] = 3;
  await tablet.outbox.append(done[2]);
  await tablet.sync.kick();
  const { replica_id: second } = tablet.device.record();
  assert.notEqual(second, first);
  restore(office);
  await tablet.outbox.append(done[3]);
  await tablet.sync.kick();
  assert.deepEqual([...office.known.keys()], done.map(({ command_id: id }) => id));
  assert.deepEqual(Object.values(office.last), [4]);
  assert.ok(![first, second].includes(tablet.device.record().replica_id));
  assert.deepEqual(tablet.outbox.pending(), []);
  assert.deepEqual((await tablet.outbox.lastDecided()).length, 4);
});

test("a device that is stopped as it hears of a restore hears of it again, and offers everything once", async () => {
  const office = new Office();
  const tablet = await unlocked(office.answer);
  for (const id of ["v1", "v2"]) await tablet.outbox.append(arrival(id));
  await tablet.sync.kick();
  restore(office);
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function crash(value, ...key) {
    const request = put.call(this, value, ...key);
    if (this.name === "outbox" && value.again) this.transaction.abort();
    return request;
  };
  await tablet.sync.kick().finally(() => { IDBObjectStore.prototype.put = put; });
  assert.equal(office.known.size, 0);
  const after = await unlocked(office.answer);
  assert.equal(after.device.record().epoch, "e1");
  await after.sync.kick();
  assert.equal(office.known.size, 2);
  assert.deepEqual(after.outbox.pending(), []);
});

test("what the store does not keep while it is offered again stays among what was decided, and is offered the next time", async () => {
  const office = new Office();
  let now = Date.parse("2026-11-23T15:00:00Z");
  const tablet = await unlocked(office.answer, { now: () => now });
  for (const id of ["v1", "v2", "v3"]) await tablet.outbox.append(arrival(id));
  await tablet.sync.kick();
  restore(office);
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function lose(value, ...key) {
    return this.name === "outbox" && value.n === 2 ? this.get("nothing") : put.call(this, value, ...key);
  };
  try {
    await tablet.sync.kick();
  } finally {
    IDBObjectStore.prototype.put = put;
  }
  assert.equal(office.known.size, 0);
  assert.equal(tablet.device.record().epoch, "e1");
  now += 3_600_000;
  await tablet.sync.kick({ urgent: true });
  assert.equal(office.known.size, 3);
});
