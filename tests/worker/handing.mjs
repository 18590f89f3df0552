import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { makeAccesses } from "./worker/accesses.js";
import { makeAlone } from "./worker/alone.js";
import { makeHandIn } from "./worker/handin.js";
import { NotSaved } from "./worker/outbox.js";
import { EVERYTHING } from "./worker/store.js";
import { tellOfIt, wipe } from "./worker/wipe.js";
import { ANA, arrival, freshProfile, json, makeWorld, Office, OFFICE_KEY, unlocked } from "./world.mjs";

beforeEach(freshProfile);

const ok = (request, more = {}) => json(200, { request_id: request.request_id, acked_n: request.commands.at(-1)?.n ?? 0, sheets: {}, drop: [], more: false, proven: false, ...more });

/** A device with work in its outbox, and its hand-in without any key; `office(request)` answers. */
async function locked(count, office) {
  const tablet = await unlocked();
  for (let at = 0; at < count; at += 1) await tablet.outbox.append(arrival(`v${at}`));
  const requests = [];
  const told = [];
  const world = makeWorld({
    fetch: async (path, { body }) => {
      const request = JSON.parse(body);
      if (path !== "/sync") return told.push([path, request]) && json(200, {});
      requests.push(request);
      return office(request);
    },
  });
  const accesses = makeAccesses(world, tablet.store, tablet.device);
  const revoked = [];
  const handIn = makeHandIn(world, { store: tablet.store, device: tablet.device, accesses, revoked: async (why) => revoked.push(why) });
  return { ...tablet, world, requests, told, accesses, revoked, handIn };
}

const inOutbox = ({ store }) => store.read(["outbox"], (tx) => tx.objectStore("outbox").getAll());

test("a locked device hands in sealed work, keeps it until somebody reads the receipt, and does not hand it in again", async () => {
  const tablet = await locked(3, ok);
  await tablet.handIn.run();
  await tablet.handIn.run();
  assert.deepEqual(tablet.requests.map(({ commands }) => commands.map(({ n }) => n)), [[1, 2, 3], []]);
  assert.ok(tablet.requests[0].commands.every(({ sealed, said }) => sealed && said === undefined));
  assert.deepEqual([tablet.requests[0].actor, tablet.requests[0].proof, tablet.requests[0].sheets], [null, undefined, {}]);
  assert.equal((await inOutbox(tablet)).length, 3);
});

test("more than one request holds is handed in to the end", async () => {
  const tablet = await locked(230, ok);
  await tablet.handIn.run();
  assert.deepEqual(tablet.requests.map(({ commands }) => commands.length), [100, 100, 30]);
});

test("an office that misses what was handed in is given it again", async () => {
  let lost = true;
  const tablet = await locked(3, (request) => {
    if (request.commands.length && lost === "again") { lost = false; return json(409, { error: "gap", expect: 2 }); }
    return ok(request);
  });
  await tablet.handIn.run();
  await tablet.outbox.append(arrival("v9"));
  lost = "again";
  await tablet.handIn.run();
  assert.deepEqual(tablet.requests.map(({ commands }) => commands.map(({ n }) => n)), [[1, 2, 3], [4], [2, 3, 4]]);
});

test("a locked device offers a restored office what was decided before", async () => {
  const office = new Office();
  const tablet = await unlocked(office.answer);
  for (const id of ["v1", "v2", "v3"]) await tablet.outbox.append(arrival(id));
  await tablet.sync.kick();
  assert.deepEqual(await inOutbox(tablet), []);
  const requests = [];
  const world = makeWorld({
    fetch: async (_, { body }) => {
      const request = JSON.parse(body);
      requests.push(request);
      return request.epoch === "e2" ? ok(request) : json(409, { error: "epoch", epoch: "e2" });
    },
  });
  const handIn = makeHandIn(world, { store: tablet.store, device: tablet.device, accesses: makeAccesses(world, tablet.store, tablet.device), revoked: () => {} });
  await handIn.run();
  assert.deepEqual(requests.map(({ commands }) => commands.map(({ n }) => n)), [[], [1, 2, 3]]);
  assert.ok(requests[1].commands.every(({ sealed, said }) => sealed && said === undefined));
  assert.equal((await inOutbox(tablet)).length, 3, "they stay until somebody reads the receipts");
});

test("a cloned profile that is locked becomes a replica of its own", async () => {
  let first = true;
  const tablet = await locked(2, (request) => {
    if (!first) return ok(request);
    first = false;
    return json(409, { error: "new_replica" });
  });
  await tablet.handIn.run();
  assert.notEqual(tablet.requests[0].replica_id, tablet.requests[1].replica_id);
  assert.deepEqual(tablet.requests[1].commands.map(({ n }) => n), [1, 2]);
});

test("an office that cannot be reached changes nothing, and the outage begins", async () => {
  const tablet = await locked(1, () => { throw new TypeError("no network"); });
  await tablet.handIn.run();
  assert.ok(tablet.device.record().offline_since);
  assert.equal(tablet.device.record().handed_n, 0);
});

test("a lost device hands in all of it before it is wiped, and signs that it was", async () => {
  const tablet = await locked(130, (request) => json(401, { error: "revoked", mode: "lost", acked_n: request.commands.at(-1)?.n ?? 0 }));
  const { identity } = tablet.device.record();
  await tablet.handIn.run();
  assert.deepEqual(tablet.requests.map(({ commands }) => commands.length), [100, 30]);
  assert.deepEqual(tablet.revoked, ["lost"]);
  const { device_id: id, replica_id: replica } = tablet.device.record();
  await wipe(tablet.world, tablet.store, tablet.device);
  const [[path, receipt]] = tablet.told;
  assert.equal(path, "/devices/wiped");
  const key = await tablet.world.subtle.importKey("spki", Buffer.from(identity.spki, "base64url"), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  const text = `wiped\n${id}\n${replica}\n${receipt.at}\n${receipt.entries_left}`;
  assert.ok(await tablet.world.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, Buffer.from(receipt.signature, "base64url"), Buffer.from(text)));
  assert.equal(receipt.entries_left, 0);
  for (const name of EVERYTHING) assert.equal(await tablet.store.read([name], (tx) => tx.objectStore(name).count()), 0, name);
});

test("a receipt that did not arrive is sent again, with nothing else left", async () => {
  const tablet = await locked(1, ok);
  await tablet.handIn.run();
  const reached = tablet.world.fetch;
  tablet.world.fetch = async () => { throw new TypeError("no network"); };
  await wipe(tablet.world, tablet.store, tablet.device);
  assert.equal(tablet.device.record().refused, "wiped");
  assert.equal((await inOutbox(tablet)).length, 0);
  tablet.world.fetch = reached;
  await tellOfIt(tablet.world, tablet.store, tablet.device);
  assert.equal(tablet.told.length, 1);
  assert.equal(tablet.device.record(), null);
});

test("what was saved at the last moment is handed in before anything goes", async () => {
  const tablet = await locked(1, (request) => json(401, { error: "revoked", mode: "retire", acked_n: request.commands.at(-1)?.n ?? 0 }));
  let late = true;
  const ends = async () => {
    if (late) await tablet.outbox.append(arrival("late"));
    late = false;
    return wipe(tablet.world, tablet.store, tablet.device);
  };
  const handIn = makeHandIn(tablet.world, { store: tablet.store, device: tablet.device, accesses: tablet.accesses, revoked: ends });
  await handIn.run();
  assert.deepEqual(tablet.requests.map(({ commands }) => commands.map(({ n }) => n)), [[1], [2]]);
  assert.deepEqual([tablet.told.length, tablet.device.record()], [1, null]);
});

test("what comes when the device is wiped already is not Saved", async () => {
  const tablet = await locked(0, ok);
  const replaced = await unlocked();
  tablet.world.fetch = async () => { throw new TypeError("no network"); };
  assert.equal(await wipe(tablet.world, tablet.store, tablet.device), true);
  await assert.rejects(replaced.outbox.append(arrival("after")), NotSaved);
  assert.deepEqual(await inOutbox(tablet), []);
});

test("a device that goes hands in everything that was looked at on it, as far as the office takes it", async () => {
  const answer = ({ access }) => json(401, { error: "revoked", mode: "lost", acked_n: 0, access_taken: access.slice(0, 150).map(({ id }) => id) });
  const tablet = await locked(0, answer);
  for (let at = 0; at < 320; at += 1) await tablet.accesses.note({ kind: "print", actor: ANA.id, page: "board" });
  await tablet.handIn.run();
  assert.deepEqual(tablet.requests.map(({ access }) => access.length), [200, 170, 20]);
  const stubborn = await locked(0, () => json(401, { error: "revoked", mode: "lost", acked_n: 0, access_taken: [] }));
  await stubborn.accesses.note({ kind: "print", actor: ANA.id, page: "board" });
  await stubborn.handIn.run();
  assert.deepEqual([stubborn.requests.length, stubborn.revoked], [1, ["lost"]]);
});

test("a replica of its own has handed in nothing yet", async () => {
  let clone = false;
  const tablet = await locked(3, (request) => (clone && request.commands.length ? json(409, { error: "new_replica" }) : ok(request)));
  await tablet.handIn.run();
  await tablet.outbox.append(arrival("v9"));
  clone = true;
  tablet.world.fetch = ((reached) => async (path, options) => { const answer = await reached(path, options); clone = false; return answer; })(tablet.world.fetch);
  await tablet.handIn.run();
  assert.deepEqual(tablet.requests.map(({ commands }) => commands.map(({ n }) => n)), [[1, 2, 3], [4], [1, 2, 3, 4]]);
  // Whoever renumbers it while it is open counts from there in memory, too: what that says is written when it goes.
  await tablet.outbox.renumber("another");
  assert.deepEqual([tablet.device.record().replica_id, tablet.device.record().handed_n], ["another", 0]);
});

test("unsent work as a file has the device's own numbers, and nobody but the office reads it", async () => {
  const tablet = await locked(2, ok);
  const { identity, ...work } = await tablet.handIn.exported();
  assert.deepEqual([work.daysheet, work.commands.map(({ n }) => n)], ["hand-in", [1, 2]]);
  // Long words: two letters may stand in any cipher text.
  for (const word of ["record_arrival", "visit_id", ANA.id]) assert.ok(!JSON.stringify(work).includes(word));
  assert.equal(Buffer.from(work.commands[0].sealed, "base64url").subarray(1, 9).toString("base64url"), OFFICE_KEY.id);
  assert.equal(identity, undefined);
});

test("looking at the same patient again within ten minutes is one look, and the device cannot read its own log", async () => {
  const tablet = await locked(0, ok);
  let now = Date.parse("2026-11-23T15:00:00Z");
  tablet.world.now = () => now;
  const look = { kind: "read", actor: ANA.id, subject: "0193b2d0-patient-xandervoss", page: "checkin.visit" };
  await tablet.accesses.note(look);
  await tablet.accesses.note(look);
  now += 11 * 60_000;
  await tablet.accesses.note(look);
  const entries = await tablet.accesses.batch();
  assert.equal(entries.length, 2);
  for (const word of ["xandervoss", "checkin.visit", ANA.id]) assert.ok(!JSON.stringify(entries).includes(word));
  await tablet.accesses.taken(entries.map(({ id }) => id));
  assert.deepEqual(await tablet.accesses.batch(), []);
});

test("a device alone for too long hides patients, warns a day before, and a clock set back wins nothing", async () => {
  const tablet = await locked(0, ok);
  const contact = tablet.device.record().contact_at;
  let now = contact;
  const alone = makeAlone({ ...tablet.world, now: () => now }, tablet.device);
  const after = (hours) => { now = contact + hours * 3600_000; return [alone.hides(), alone.hidesSoonAt() !== null]; };
  assert.deepEqual([after(1), after(95), after(97), after(119), after(121)], [[false, false], [false, false], [false, true], [false, true], [true, false]]);
  await alone.tick();
  assert.deepEqual(after(1), [true, false]);
  await tablet.device.write({ contact_at: contact + 121 * 3600_000 });
  assert.deepEqual(after(122), [false, false]);
});
