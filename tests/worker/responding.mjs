import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { openDesk } from "./worker/desk.js";
import { openDevice } from "./worker/device.js";
import { newId } from "./worker/ids.js";
import { openKeys } from "./worker/keys.js";
import { makeRespond } from "./worker/respond.js";
import { routeOf } from "./worker/routes.js";
import { openStore } from "./worker/store.js";
import { makeWatch } from "./worker/watch.js";
import { freshProfile, json, makeWorld, Office, unlockAnswer } from "./world.mjs";

const TODAY = "visits/main/2026-11-23";
const [V1, V2, NEW] = ["0193b2d0-0000-7000-8000-000000000001", "0193b2d0-0000-7000-8000-000000000002", "0193b2d0-0000-7000-8000-0000000000c1"];
const COMMAND = "0193b2d0-0000-7000-8000-0000000000f1";

const manifest = {
  build: "b", app: "1", passes: ["/signin", "/signout"], open: ["/signin"], reviewed: [], sheet_roles: {},
  purposes: { front_desk: { home: "/board", roles: ["front_desk"], sheets: ["visits/{site}/{window}"] } }, headers: { "Content-Security-Policy": "default-src 'self'" }, ranks: { "visit.status": ["booked", "arrived"] },
  words: { es: {} }, sentences: { en: { "form.fields": "Look again.", "id.required": "Choose {label}." } }, assets: [],
  commands: {
    arrive: { v: 1, title: "Arrived", fields: [{ name: "visit_id", reader: "id", required: true, label: "Visit" }], effect: [{ op: "raise", kind: "visit", id: { $: "field.visit_id" }, name: "status", value: "arrived" }] },
    walk_in: {
      v: 1, title: "Walked in", fields: [{ name: "visit_id", reader: "id", required: true, label: "Visit", new: true }],
      effect: [{ op: "put", kind: "visit", id: { $: "field.visit_id" }, sheet: "visits/{site}/{today}", values: { status: "arrived" } }],
    },
  },
  pages: [
    { name: "board", subjects: [], paths: ["/board", "/board/{day:date}"], template: "board", roles: ["front_desk"], sheets: ["visits/{site}/{day}"], defaults: { day: { $: "today" } }, lists: { visits: { list: "visit", sort: ["id"] } }, parts: { visit: { template: "visit", of: "visits", name: "visit", id: "visit_id" } } },
    { name: "visit", subjects: [], paths: ["/visits/{visit_id:id}"], template: "one", roles: ["front_desk"], sheets: ["visits/{site}/*"], lists: { visit: { one: "visit", where: [["eq", "id", { $: "param.visit_id" }]] } }, parts: {} },
    { name: "device", subjects: [], paths: ["/device"], template: "device", roles: ["front_desk"], sheets: ["device"], lists: { state: { one: "device_state" }, entries: { list: "entry", sort: ["-sort_key"] } }, parts: {} },
    { name: "pay", subjects: [], paths: ["/pay"], template: "board", roles: ["manager"], sheets: [], lists: {}, parts: {} },
  ],
  posts: [
    { path: "/board/{day:date}/{visit_id:id}/arrival", command: "arrive", then: "/board/{day}", parts: ["visit"], form: null },
    { path: "/board/{day:date}/walk-ins", command: "walk_in", then: "/board/{day}", parts: [], form: null },
  ],
};
manifest.news = [{ name: "arrived", kind: "visit", where: [["eq", "status", "arrived"]], by: "arrived_by", one: "arrival", many: "arrivals" }];
manifest.pages[2].lists.news = { list: "news", sort: ["sort_key"] };
manifest.pages[2].parts.news = { template: "news" };
const templates = {
  news: ({ news }) => news.map(({ count, say, who }) => `${count} ${say} ${who}`).join(", "),
  board: ({ visits }) => visits.map((visit) => `${visit.id.slice(-1)}:${visit.status}`).join(" "),
  visit: ({ visit }) => `${visit.id.slice(-1)}:${visit.status}`,
  one: ({ visit }) => visit.status,
  device: ({ state, entries }) => `${state.online} ${state.waiting} ${entries.map(({ title, fate }) => `${title} ${fate}`).join(",")}`,
  "shell/locked.html": () => "locked", "shell/needs_office.html": () => "needs the office", "shell/error.html": () => "error",
  "shell/_complaint.html": ({ form }) => form.complaint,
};

beforeEach(freshProfile);

function tablet({ office = new Office(), up = true, pages = [] } = {}) {
  const network = { up, office, signedIn: true };
  const world = makeWorld({
    app: manifest.app, storage: async () => ({ persisted: true, storage_used: 1 }), wakeLater: () => {}, pages: async () => pages, askPage: async (page) => page,
    fetch: async (request, options) => {
      if (!network.up) throw new TypeError("no network");
      if (request === "/devices/unlock") return network.signedIn ? json(200, unlockAnswer()) : json(401, { error: "signed_out" });
      if (typeof request === "string" && request.startsWith("/devices/")) return json(200, {});
      if (request === "/sync") return network.office.answer(JSON.parse(options.body));
      return new Response(`the office: ${new URL(request.url).pathname}`, { status: 200 });
    },
  });
  const watch = makeWatch({ world, store: openStore(world), manifest, openDevice, openKeys, openDesk });
  const respond = makeRespond({ house: { manifest, templates }, world, assets: null, ...watch });
  const ask = async (path, { form, partial = false, method = form ? "POST" : "GET", coming = "" } = {}) => {
    const request = new Request(`https://office.test${path}`, {
      method, headers: partial ? { "HX-Request-Type": "partial" } : {}, ...(form ? { body: new URLSearchParams(form) } : {}),
    });
    const route = routeOf(manifest, { method, mode: "navigate" }, new URL(request.url));
    const answer = await respond(route, { request, clientId: "c", resultingClientId: coming });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  };
  return { world, watch, network, ask };
}

async function synced() {
  const office = new Office();
  office.put(TODAY, "visit", V1, 1, { status: "booked" });
  office.put(TODAY, "visit", V2, 1, { status: "booked" });
  const one = tablet({ office });
  await one.ask("/board");
  await (await one.watch.opened()).desk.kick();
  return one;
}

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

/** What a page is told that has come and says so. */
async function hello(watch, id) {
  const heard = [];
  await watch.hear({ type: "hello" }, { id, postMessage: (said) => heard.push(said) });
  return heard;
}

test("a page that was on its way when the device was locked is sent away, and the lock screen stays", async () => {
  const { ask, network, watch } = await synced();
  await ask("/board", { coming: "p" });
  network.up = false;
  await watch.lock();
  assert.ok((await hello(watch, "p")).some(({ type }) => type === "locked"));
  assert.equal((await ask("/board", { coming: "q" })).status, 503);
  assert.ok(!(await hello(watch, "q")).some(({ type }) => type === "locked"));
});

test("a page that was on its way when rows changed hears of them once it has come", async () => {
  const { ask, network, watch } = await synced();
  const come = async (id) => (await hello(watch, id)).filter(({ type }) => type === "changed").flatMap(({ rows }) => rows);
  assert.equal((await ask("/board", { coming: "p" })).text, "1:booked 2:booked");
  network.office.put(TODAY, "visit", V1, 2, { status: "arrived" });
  await watch.hear({ type: "poke" });
  await ask("/board", { coming: "q" });
  await ask(`/board/2026-11-23/${V2}/arrival`, { form: { _command_id: COMMAND }, partial: true });
  const both = await come("p");
  assert.ok(both.includes(`visit:${V1}`) && both.includes(`visit:${V2}`));
  const last = await come("q");
  assert.ok(!last.includes(`visit:${V1}`) && last.includes(`visit:${V2}`));
  assert.deepEqual([await come("p"), await come("q"), await come("somebody else")], [[], [], []]);
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
