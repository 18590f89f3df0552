// A tablet of an office with two visits today: its worker's own modules before a page, and a network that can go.

import { openDesk } from "./worker/desk.js";
import { openDevice } from "./worker/device.js";
import { openKeys } from "./worker/keys.js";
import { makeRespond } from "./worker/respond.js";
import { routeOf } from "./worker/routes.js";
import { openStore } from "./worker/store.js";
import { makeWatch } from "./worker/watch.js";
import { json, makeWorld, Office, unlockAnswer } from "./world.mjs";

export const TODAY = "visits/main/2026-11-23";
export const [V1, V2, NEW] = ["0193b2d0-0000-7000-8000-000000000001", "0193b2d0-0000-7000-8000-000000000002", "0193b2d0-0000-7000-8000-0000000000c1"];
export const COMMAND = "0193b2d0-0000-7000-8000-0000000000f1";

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

export function tablet({ office = new Office(), up = true, pages = [] } = {}) {
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

export async function synced() {
  const office = new Office();
  office.put(TODAY, "visit", V1, 1, { status: "booked" });
  office.put(TODAY, "visit", V2, 1, { status: "booked" });
  const one = tablet({ office });
  await one.ask("/board");
  await (await one.watch.opened()).desk.kick();
  return one;
}
