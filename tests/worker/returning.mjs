import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { beforeEach, test } from "node:test";
import { makeHandIn } from "./worker/handin.js";
import { DEVICE, arrival, freshProfile, json, makeWorld, Office, unlockAnswer, unlocked } from "./world.mjs";

beforeEach(freshProfile);

const verified = async (spki, text, signature) => {
  const how = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const key = await webcrypto.subtle.importKey("spki", Buffer.from(spki, "base64url"), how, false, ["verify"]);
  return webcrypto.subtle.verify(how, key, Buffer.from(signature, "base64url"), Buffer.from(text));
};

/** An office, and a browser whose cookie of its device is gone: back once it signed with the key that the office knows. */
function forgetful(office, spki) {
  let cookie = false;
  return {
    cookie: () => cookie,
    fetch: async (path, { body }) => {
      const given = JSON.parse(body);
      if (path === "/devices/return") {
        if (!given.signature) return json(200, { challenge: "c1" });
        cookie = await verified(spki(), `daysheet return\n${DEVICE}\nc1`, given.signature);
        return cookie ? json(200, { returned: DEVICE }) : json(404, { error: "unknown_device" });
      }
      if (path === "/devices/unlock") return cookie ? json(200, unlockAnswer()) : json(404, { error: "not_enrolled" });
      if (path === "/sync") return cookie ? office.answer(given) : json(401, { error: "unknown_device" });
      return json(200, {});
    },
  };
}

test("a device whose cookie was lost says which it is, and what was saved reaches the office", async () => {
  const office = new Office();
  const tablet = await unlocked();
  const { identity } = tablet.device.record();
  await tablet.outbox.append(arrival("v1"));
  tablet.world.fetch = forgetful(office, () => identity.spki).fetch;
  await tablet.sync.kick();
  assert.equal(office.known.size, 1);
  assert.deepEqual(tablet.outbox.pending(), []);
  assert.deepEqual(tablet.refusals, []);
});

test("it also comes back when somebody signs in, as the device that it was", async () => {
  const before = await unlocked();
  await before.outbox.append(arrival("v1"));
  const { replica_id: replica, identity } = before.device.record();
  await before.keys.forget();
  const after = await unlocked(undefined, forgetful(new Office(), () => identity.spki));
  assert.equal(after.device.record().replica_id, replica);
  assert.deepEqual(after.outbox.pending().map(({ n }) => n), [1]);
});

test("and while it is locked", async () => {
  const tablet = await unlocked();
  const { identity } = tablet.device.record();
  await tablet.outbox.append(arrival("v1"));
  const handed = [];
  const forgetting = forgetful({ answer: (request) => handed.push(request) && json(200, { request_id: request.request_id, acked_n: request.commands.at(-1)?.n ?? 0 }) }, () => identity.spki);
  const world = makeWorld({ fetch: forgetting.fetch });
  await makeHandIn(world, { store: tablet.store, device: tablet.device, accesses: tablet.accesses, revoked: async () => {} }).run();
  assert.deepEqual(handed.map(({ commands }) => commands.map(({ n }) => n)), [[1]]);
});

test("a device that the office does not know is refused, and keeps what was saved", async () => {
  const tablet = await unlocked();
  await tablet.outbox.append(arrival("v1"));
  tablet.world.fetch = async (path) => (path === "/sync" ? json(401, { error: "unknown_device" }) : json(404, { error: "unknown_device" }));
  await tablet.sync.kick();
  assert.deepEqual(tablet.refusals, ["unknown_device"]);
  assert.equal((await tablet.store.read(["outbox"], (tx) => tx.objectStore("outbox").getAll())).length, 1);
});
