import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { openDesk } from "./worker/desk.js";
import { openDevice } from "./worker/device.js";
import { openKeys } from "./worker/keys.js";
import { openStore } from "./worker/store.js";
import { makeTelling } from "./worker/telling.js";
import { makeWatch } from "./worker/watch.js";
import { ANA, freshProfile, json, makeWorld, Office, unlockAnswer } from "./world.mjs";

const SHEET = "approvals/main";
const [FIRST, SECOND, THIRD] = [1, 2, 3].map((n) => `0193b2d0-0000-7000-8000-00000000000${n}`);
const MARIA = { ...ANA, name: "Maria Lindqvist", roles: ["manager"] };
const ACTOR = { $: "actor" };

const manifest = {
  build: "b", app: "1", reviewed: [], sheet_roles: {}, ranks: {}, sentences: {}, posts: [], words: { es: { "thing waits for you.": "asunto le espera.", "things wait for you.": "asuntos le esperan." } },
  purposes: { manager_phone: { roles: ["manager"], sheets: [SHEET.replace("main", "{site}")] } },
  commands: { approve: { v: 1, title: "Approved", fields: [], effect: [{ op: "append", kind: "approval", id: { $: "field.approval_id" }, name: "said_yes", value: ACTOR }] } },
  pages: [{
    name: "today", paths: ["/today"], roles: ["manager"], sheets: ["approvals/{site}"], badge: ["waiting"], badge_sheets: ["approvals/{site}"], parts: {},
    lists: { waiting: { list: "approval", where: [["eq", "state", "asked"], ["lacks", "excluded", ACTOR], ["lacks", "said_yes", ACTOR]] } },
  }],
};

beforeEach(freshProfile);

async function phone({ actor = MARIA } = {}) {
  const office = new Office();
  office.put(SHEET, "approval", FIRST, 1, { state: "asked", excluded: [], said_yes: [] });
  office.put(SHEET, "approval", SECOND, 1, { state: "asked", excluded: [], said_yes: [] });
  office.put(SHEET, "approval", THIRD, 1, { state: "asked", excluded: [actor.id], said_yes: [] });
  const seen = { badges: [], forgotten: 0 };
  const answer = unlockAnswer(undefined, undefined, actor);
  const world = makeWorld({
    app: "1", storage: async () => ({ persisted: true, storage_used: 1 }), wakeLater: () => {},
    badge: (number) => seen.badges.push(number), forgetPush: async () => { seen.forgotten += 1; },
    fetch: async (path, options) => {
      if (path === "/devices/unlock") return json(200, { ...answer, device: { ...answer.device, purpose: "manager_phone" } });
      if (path === "/sync") return office.answer(JSON.parse(options.body));
      return json(200, {});
    },
  });
  const watch = makeWatch({ world, store: openStore(world), manifest, openDevice, openKeys, openDesk });
  const { desk } = await watch.opened();
  await desk.kick({ urgent: true });
  await desk.load([SHEET]);
  desk.tellStatus();
  return { seen, watch, desk, world };
}

test("the icon counts what this person may decide, and less at once when they did, without a network", async () => {
  const { seen, desk } = await phone();
  assert.equal(seen.badges.at(-1), 2);
  await desk.save({ command: "approve", v: 1, command_id: "0193b2d0-0000-7000-8000-0000000000f1", actor: MARIA.id, fields: { approval_id: FIRST }, made_at: "2026-11-23T15:00:00.000Z", site: "main", today: "2026-11-23", new: {} }, null);
  assert.equal(desk.status().needs, 1);
  assert.equal(seen.badges.at(-1), 1);
});

test("locked or signed out, the icon says nothing, and a browser that was left is told nothing", async () => {
  const { seen, watch } = await phone();
  await watch.lock();
  assert.equal(seen.badges.at(-1), 0);
  assert.equal(seen.forgotten, 0, "the phone that locks itself is still hers");
  await watch.signOut();
  assert.deepEqual([seen.badges.at(-1), seen.forgotten], [0, 1]);
});

test("who may not decide has nothing of it on the icon", async () => {
  const { seen } = await phone({ actor: ANA });
  assert.equal(seen.badges.at(-1) ?? 0, 0);
});

function told(language) {
  const seen = { shown: [], badges: [], opened: [] };
  const pages = [];
  const world = {
    badge: (number) => seen.badges.push(number), notify: async (title, options) => seen.shown.push({ title, ...options }),
    pages: async () => pages, openPage: async (path) => seen.opened.push(path),
  };
  const telling = makeTelling({ world, manifest, device: async () => ({ record: () => (language ? { language } : null) }) });
  return { seen, telling, pages };
}

const said = (value) => ({ json: () => value });

test("a push is one notification in the person's language that takes the place of the last one", async () => {
  const { seen, telling } = told("es");
  await telling.told(said({ waiting: 1 }));
  await telling.told(said({ waiting: 3 }));
  assert.deepEqual(seen.shown.map(({ title, body, tag, lang }) => [title, body, tag, lang]), [
    ["Daysheet", "1 asunto le espera.", "today", "es"], ["Daysheet", "3 asuntos le esperan.", "today", "es"],
  ]);
  assert.deepEqual(seen.badges, [1, 3]);
});

test("a push that says nothing, or nonsense, is shown as something that waits", async () => {
  const { seen, telling } = told(null);
  for (const odd of [null, { json: () => { throw new SyntaxError("no"); } }, said({}), said({ waiting: -1 }), said({ waiting: "<b>" })]) await telling.told(odd);
  assert.equal(seen.shown.length, 5);
  assert.ok(seen.shown.every(({ body }) => body === "Something waits for you."));
});

test("a tap goes to the page that is open already, or opens it", async () => {
  const { seen, telling, pages } = told("en");
  const notification = { closed: 0, close() { this.closed += 1; }, data: { page: "/today" } };
  await telling.tapped(notification);
  assert.deepEqual([seen.opened, notification.closed], [["/today"], 1]);
  let focused = 0;
  pages.push({ url: "https://office.test/approvals", focus: async () => { focused += 10; } }, { url: "https://office.test/today", focus: async () => { focused += 1; } });
  await telling.tapped(notification);
  assert.deepEqual([focused, seen.opened.length], [1, 1]);
});
