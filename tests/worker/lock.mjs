// One device in somebody's hands, step by step as a test says: the real lock, a clock that stands still, and tabs.

import { openDevice } from "./worker/device.js";
import { openKeys } from "./worker/keys.js";
import { openStore } from "./worker/store.js";
import { ANA, BEN, DEVICE, freshProfile, json, makeWorld, SHARE, unlockAnswer } from "./world.mjs";

const PEOPLE = { ana: ANA, ben: BEN };
const NAMES = { [ANA.id]: "ana", [BEN.id]: "ben" };

let at;

async function fresh() {
  freshProfile();
  at = { now: Date.parse("2026-11-23T15:00:00Z"), up: true, cookie: null, suspended: null, tabs: [], asked: 0 };
  at.world = makeWorld({
    now: () => at.now, fetch: office, pages: async () => at.tabs, askPage: async (tab) => tab.bundle,
    tellPages: ({ type, bundle, at: touched }) => {
      for (const tab of at.tabs.filter(({ asleep }) => !asleep)) {
        if (type === "keys") tab.bundle = bundle;
        if (type === "forget") tab.bundle = null;
        if (type === "active" && tab.bundle) tab.bundle = { ...tab.bundle, active_at: touched };
      }
    },
  });
  at.store = openStore(at.world);
  await restart();
}

async function restart() {
  at.device = await openDevice(at.store);
  at.keys = openKeys(at.world, at.store, at.device);
}

async function office(path, { body }) {
  if (!at.up) throw new TypeError("no network");
  const given = JSON.parse(body);
  if (path === "/devices/suspend") {
    if (at.cookie) at.suspended ??= new Date(at.now).toISOString();
    return json(200, { suspended: at.suspended });
  }
  if (path === "/devices/resume") {
    const theirs = at.cookie !== null && given.staff_id === PEOPLE[at.cookie].id && given.suspended === at.suspended;
    if (theirs) at.suspended = null;
    return json(200, { resumed: theirs });
  }
  if (path === "/devices/key") return json(200, {});
  at.asked += 1;
  if (!at.cookie || at.suspended) return json(401, { error: "signed_out" });
  return json(200, unlockAnswer(DEVICE, SHARE, PEOPLE[at.cookie]));
}

const base = (secret) => at.world.subtle.importKey("raw", new TextEncoder().encode(secret), "HKDF", false, ["deriveKey"]);

const STEPS = {
  fresh,
  restart,
  async tab({ asleep = false }) { at.tabs.push({ bundle: at.keys.current(), asleep }); },
  async wake() { at.tabs = at.tabs.filter(({ asleep }) => !asleep); },
  async close() { at.tabs = []; await restart(); },
  async network({ up }) { at.up = up; },
  async wait({ seconds }) { at.now += seconds * 1000; },
  async touch() { await at.keys.active(); },
  async sign_in({ who }) {
    if (!at.up) return;
    Object.assign(at, { cookie: who, suspended: null });
    await at.keys.signedIn();
  },
  async sign_out() {
    at.cookie = at.up ? null : at.cookie;
    await at.keys.forget();
  },
  async lock() { await at.keys.lock(); },
  async add({ method, secret }) {
    const given = method === "pin" ? { pin: secret } : { key: await base(secret), salt: "c2FsdA" };
    return at.keys.add({ method, ...given });
  },
  async enter({ who, method, secret }) {
    const given = method === "pin" ? { pin: secret } : { key: await base(secret) };
    return at.keys.enter({ person: PEOPLE[who].id, method, ...given });
  },
  async look({ times = 1, online = true }) {
    const asked = at.asked;
    const found = await Promise.all(Array.from({ length: times }, () => at.keys.find({ online })));
    const [{ bundle, locked }] = found;
    const same = found.every((one) => one.bundle === bundle && one.locked === locked);
    return { who: bundle ? NAMES[bundle.session.actor.id] : null, locked: locked ?? null, same, asked: at.asked - asked };
  },
};

export async function answer({ step, ...given }) {
  const said = await STEPS[step](given);
  await at.keys.told();
  await new Promise((done) => setImmediate(done));
  const { failures = 0, locked = false } = at.device.record() ?? {};
  return { said: said ?? null, failures, locked, signing: at.keys.current()?.signing?.extractable ?? null };
}
