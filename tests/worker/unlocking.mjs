import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { openDevice } from "./worker/device.js";
import { openKeys } from "./worker/keys.js";
import { sealer } from "./worker/seal.js";
import { baseKey, open } from "./worker/slots.js";
import { openStore } from "./worker/store.js";
import { COMMAND, synced, V1 } from "./boards.mjs";
import { ANA, DEVICE, freshProfile, json, makeWorld, SHARE, unlockAnswer } from "./world.mjs";

beforeEach(freshProfile);

async function holder(changes = {}) {
  const world = makeWorld({ fetch: async () => json(200, unlockAnswer()), ...changes });
  const store = openStore(world);
  const device = await openDevice(store);
  return { world, store, device, keys: openKeys(world, store, device) };
}

test("the next morning's share opens what was sealed today", async () => {
  const today = await holder();
  const { bundle } = await today.keys.find();
  const sealed = await sealer(today.world, bundle.keys).seal("outbox", "id", 1, { name: "Rosa" });
  const tomorrow = await holder();
  const { bundle: again } = await tomorrow.keys.find();
  assert.deepEqual(await sealer(tomorrow.world, again.keys).open("outbox", "id", 1, sealed), { name: "Rosa" });
  assert.equal(tomorrow.device.record().replica_id, today.device.record().replica_id);
});

test("another share opens nothing and replaces nothing", async () => {
  await (await holder()).keys.find();
  const other = await holder({ fetch: async () => json(200, unlockAnswer(DEVICE, Buffer.alloc(32, 9).toString("base64url"))) });
  assert.deepEqual(await other.keys.find(), { locked: "unreadable" });
  assert.ok((await (await holder()).keys.find()).bundle);
});

test("keys never leave memory in a form that can be read", async () => {
  const { keys, store } = await holder();
  const { bundle } = await keys.find();
  assert.equal(bundle.keys.data.extractable, false);
  assert.equal(bundle.keys.names.extractable, false);
  assert.equal(bundle.signing.extractable, false);
  const slots = await store.read(["slots"], (tx) => tx.objectStore("slots").getAll());
  assert.deepEqual(slots.map(({ method = "server" }) => method), ["share", "server"]);
  const opened = await open(makeWorld(), `${DEVICE}/server`, await baseKey(makeWorld(), Buffer.from(SHARE, "base64url")), slots[1]);
  const kept = Buffer.concat(slots.flatMap((slot) => Object.values(slot)).filter((value) => value instanceof Uint8Array));
  assert.equal(opened.data.length, 32);
  assert.ok(!kept.includes(Buffer.from(opened.data)));
});

test("a restarted worker gets the key from an open page, without the network", async () => {
  const { keys } = await holder();
  const { bundle } = await keys.find();
  let asked = 0;
  const restarted = await holder({
    pages: async () => ["frozen", "open"],
    askPage: async (page) => (page === "open" ? bundle : null),
    fetch: async () => { asked += 1; throw new TypeError("no network"); },
  });
  const found = await Promise.all([restarted.keys.find(), restarted.keys.find()]);
  assert.equal(found[0].bundle, bundle);
  assert.equal(found[1].bundle, bundle);
  assert.equal(asked, 0);
});

test("a page that slept through a sign-out cannot unlock the device again", async () => {
  const first = await holder();
  const { bundle } = await first.keys.find();
  await first.keys.forget();
  const { keys } = await holder({ pages: async () => ["asleep"], askPage: async () => bundle, fetch: async () => json(401, { error: "signed_out" }) });
  assert.deepEqual(await keys.find(), { locked: "signed_out" });
});

test("however many requests come at once, the device is unlocked once", async () => {
  let asked = 0;
  const { keys } = await holder({ fetch: async (path) => { asked += path === "/devices/unlock"; return json(200, unlockAnswer()); } });
  const found = await Promise.all(Array.from({ length: 8 }, () => keys.find()));
  assert.equal(asked, 1);
  assert.equal(new Set(found.map(({ bundle }) => bundle)).size, 1);
});

test("a sign-out while the unlock is under way wins", async () => {
  const { keys } = await holder({ fetch: async () => { await keys.forget(); return json(200, unlockAnswer()); } });
  assert.deepEqual(await keys.find(), { locked: "signed_out" });
  assert.equal(keys.current(), null);
});

test("what a tick could not find does not lock out a page that may ask the office", async () => {
  const { keys } = await holder();
  const [tick, page] = await Promise.all([keys.find({ online: false }), keys.find()]);
  assert.deepEqual(tick, { locked: "unreachable" });
  assert.ok(page.bundle);
});

test("no network, no page: locked, and at once", async () => {
  const { keys } = await holder({ fetch: async () => { throw new TypeError("no network"); } });
  assert.deepEqual(await keys.find(), { locked: "unreachable" });
});

test("a browser that is no device stays one", async () => {
  const { keys, device } = await holder({ fetch: async () => json(404, { error: "not_enrolled" }) });
  assert.deepEqual(await keys.find(), { locked: "not_enrolled" });
  assert.equal(device.record(), null);
});

test("a new enrolment is a new replica with keys of its own", async () => {
  const first = await holder();
  const { bundle } = await first.keys.find();
  const again = await holder({ fetch: async () => json(200, unlockAnswer("0193b2d0-0000-7000-8000-00000000d002")) });
  const { bundle: other } = await again.keys.find();
  assert.notEqual(again.device.record().replica_id, first.device.record().replica_id);
  assert.notEqual(other.keys.device, bundle.keys.device);
});

test("whom the office does not know here any more is told so until they sign in, and goes on without it meanwhile", async () => {
  const { ask, network, watch, world } = await synced();
  const key = await world.subtle.importKey("raw", new TextEncoder().encode("what rivers carry"), "HKDF", false, ["deriveKey"]);
  const strangers = async () => (await (await watch.keys()).standing()).people.filter(({ stranger }) => stranger).map(({ id }) => id);
  await watch.hear({ type: "add way", given: { method: "passphrase", key, salt: "c2FsdA" } }, null);
  assert.deepEqual(await strangers(), []);
  const { office } = network;
  network.office = { answer: ({ request_id: id }) => json(200, { request_id: id, acked_n: 0, proven: false, sheets: {}, drop: [], more: false }) };
  await (await watch.opened()).desk.kick();
  assert.deepEqual([(await ask("/board")).text, await strangers()], ["locked", [ANA.id]]);
  network.up = false;
  await watch.hear({ type: "enter", given: { person: ANA.id, method: "passphrase", key } }, null);
  assert.deepEqual([(await ask("/board")).status, await strangers()], [200, [ANA.id]]);
  Object.assign(network, { up: true, office });
  await watch.signedIn();
  assert.deepEqual([(await ask("/board")).status, await strangers()], [200, []]);
});

test("what was just being saved when the device was opened anew is on the screen that came after", async () => {
  const { network, watch, world } = await synced();
  const { desk: before } = await watch.opened();
  await watch.signedIn();
  const { desk: after } = await watch.opened();
  network.up = false;
  assert.notEqual(after, before);
  const made = world.clock();
  await before.save({
    command_id: COMMAND, command: "arrive", v: 1, fields: { visit_id: V1 }, new: {}, was: {}, seen: null, actor: ANA.id, made,
    made_at: made.wall, site: "main", today: "2026-11-23", device: DEVICE,
  });
  await after.load(["*"]);
  for (let tries = 0; tries < 100 && after.view().get("visit", V1).status !== "arrived"; tries += 1) await new Promise((done) => { setTimeout(done, 5); });
  assert.equal(after.view().get("visit", V1).status, "arrived");
});
