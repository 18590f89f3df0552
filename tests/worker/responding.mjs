import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { newId } from "./worker/ids.js";
import { COMMAND, NEW, synced, tablet, TODAY, V1, V2 } from "./boards.mjs";
import { freshProfile, json } from "./world.mjs";

beforeEach(freshProfile);

test("until the first copy has arrived the office answers", async () => {
  const { ask, network } = tablet();
  network.office.answer = () => { throw new TypeError("not yet"); };
  assert.equal((await ask("/board")).text, "the office: /board");
});

test("the device answers its pages also while the network is there, with the same headers", async () => {
  const { ask } = await synced();
  const answer = await ask("/board");
  assert.equal(answer.text, "1:booked 2:booked");
  assert.equal(answer.headers.get("Content-Security-Policy"), "default-src 'self'");
  assert.equal(answer.headers.get("Cache-Control"), "no-store");
});

test("a tap without a network is saved, painted and said to be waiting", async () => {
  const { ask, network, watch } = await synced();
  network.up = false;
  const tap = await ask(`/board/2026-11-23/${V1}/arrival`, { form: { _command_id: COMMAND }, partial: true });
  assert.equal(tap.status, 200);
  assert.equal(tap.text, "1:arrived");
  await (await watch.opened()).desk.kick({ urgent: true });
  assert.equal((await ask("/board")).text, "1:arrived 2:booked");
  assert.equal((await ask("/device")).text, "false 1 Arrived waiting");
  assert.deepEqual((await watch.opened()).desk.status().unsent, [`visit:${V1}`]);
});

test("when the network is back, what waited is handed in once", async () => {
  const { ask, network, watch } = await synced();
  network.up = false;
  for (let tap = 0; tap < 3; tap += 1) await ask(`/board/2026-11-23/${V1}/arrival`, { form: { _command_id: COMMAND }, partial: true });
  network.up = true;
  await watch.hear({ type: "online" });
  assert.equal(network.office.known.size, 1);
  assert.equal((await ask("/device")).text, "true 0 Arrived applied");
});

test("a device that comes back says what others did meanwhile, until somebody has read it", async () => {
  const { ask, network, watch } = await synced();
  const news = async () => (await ask("/device?_part=news", { partial: true })).text;
  network.office.put(TODAY, "visit", V1, 2, { status: "arrived", arrived_by: "ben", last_command_id: newId() });
  await watch.hear({ type: "online" });
  assert.equal(await news(), "", "it was never away");
  network.up = false;
  await ask(`/board/2026-11-23/${V2}/arrival`, { form: { _command_id: COMMAND }, partial: true });
  await watch.hear({ type: "online" });
  for (const [id, by] of [["x1", "ben"], ["x2", "cleo"], ["x3", "ben"]]) network.office.put(TODAY, "visit", id, 1, { status: "arrived", arrived_by: by, last_command_id: newId() });
  network.office.put(TODAY, "visit", V1, 3, { status: "arrived", arrived_by: "ben", last_command_id: newId() });
  network.office.put(TODAY, "visit", V2, 2, { status: "arrived", arrived_by: "ana", last_command_id: COMMAND });
  network.up = true;
  await watch.hear({ type: "online" });
  assert.equal(await news(), "2 arrivals ben, 1 arrival cleo");
  assert.equal((await watch.opened()).desk.status().news, 3);
  await watch.hear({ type: "online" });
  assert.equal(await news(), "2 arrivals ben, 1 arrival cleo");
  await watch.hear({ type: "news read" });
  assert.equal(await news(), "");
});

test("a device opens at the page of its purpose, also without a network; any other browser asks the office", async () => {
  const { ask, network } = await synced();
  network.up = false;
  assert.equal((await ask("/")).headers.get("Location"), "https://office.test/board");
  freshProfile();
  assert.equal((await tablet().ask("/")).text, "the office: /");
});

test("a form without script gets a redirect to its page", async () => {
  const { ask } = await synced();
  const answer = await ask(`/board/2026-11-23/${V1}/arrival`, { form: { _command_id: COMMAND } });
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get("Location"), "https://office.test/board/2026-11-23");
});

test("what could not be kept is said not to be saved, and stays typed", async () => {
  const { ask } = await synced();
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function lose(value, ...key) {
    return this.name === "outbox" ? this.get("nothing") : put.call(this, value, ...key);
  };
  const answer = await ask(`/board/2026-11-23/${V1}/arrival`, { form: { _command_id: COMMAND }, partial: true })
    .finally(() => { IDBObjectStore.prototype.put = put; });
  assert.equal(answer.status, 503);
  assert.match(answer.text, /NOT saved/);
  assert.equal((await ask("/board")).text, "1:booked 2:booked");
});

test("work on something made here a moment ago says what it comes after", async () => {
  const { ask, network, watch } = await synced();
  network.up = false;
  await ask("/board/2026-11-23/walk-ins", { form: { _command_id: COMMAND, visit_id: NEW } });
  await ask(`/board/2026-11-23/${NEW}/arrival`, { form: { _command_id: newId() }, partial: true });
  let sent = [];
  const answer = network.office.answer;
  network.office.answer = (request) => { sent = [...sent, ...request.commands]; return answer(request); };
  network.up = true;
  await watch.hear({ type: "online" });
  const said = sent.map((entry) => JSON.parse(entry.said));
  assert.deepEqual(said.map(({ after }) => after), [[], [COMMAND]]);
  assert.deepEqual(Object.keys(sent[0]).sort(), ["n", "said", "sig"]);
  assert.deepEqual(Object.keys(said[0]).sort(), ["actor", "after", "command", "command_id", "fields", "made", "seen", "v", "was"]);
});

test("a page for other roles, a day that is not here and a visit that is not here are asked of the office", async () => {
  const { ask, network } = await synced();
  assert.equal((await ask("/pay")).text, "the office: /pay");
  assert.equal((await ask("/board/2026-12-24")).text, "the office: /board/2026-12-24");
  assert.equal((await ask(`/visits/${NEW}`)).text, `the office: /visits/${NEW}`);
  assert.equal((await ask(`/visits/${V1}`)).text, "booked");
  network.up = false;
  assert.deepEqual([(await ask("/board/2026-12-24")).status, (await ask("/pay")).text], [503, "needs the office"]);
});

test("after signing out the device shows nothing, and a lock screen where no network answers", async () => {
  const { ask, network } = await synced();
  assert.equal((await ask("/signout", { form: {} })).text, "the office: /signout");
  network.signedIn = false;
  assert.equal((await ask("/board")).text, "the office: /board");
  network.up = false;
  const locked = await ask("/board");
  assert.deepEqual([locked.status, locked.text], [503, "locked"]);
});

test("a browser that is no device is left to the office", async () => {
  const { ask, world } = tablet();
  world.fetch = async (request) => (request === "/devices/unlock" ? json(404, { error: "not_enrolled" }) : new Response("the office"));
  assert.equal((await ask("/board")).text, "the office");
});

test("a browser that gives no storage is left to the office", async () => {
  const { ask, world } = tablet();
  world.openDB = async () => { throw new DOMException("no", "SecurityError"); };
  assert.equal((await ask("/board")).text, "the office: /board");
  assert.equal((await ask(`/board/2026-11-23/${V1}/arrival`, { form: { _command_id: COMMAND } })).text, `the office: /board/2026-11-23/${V1}/arrival`);
});

test("a tablet that was turned off by the manager shows nothing it held", async () => {
  const { ask, network, watch } = await synced();
  network.office.answer = () => json(401, { error: "revoked", mode: "lost" });
  network.signedIn = false;
  await watch.hear({ type: "online" });
  assert.equal((await ask("/board")).text, "the office: /board");
});
