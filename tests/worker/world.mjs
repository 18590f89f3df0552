// A device in Node: real modules, real ciphers, IndexedDB in memory, and an office that the test scripts.

import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { webcrypto } from "node:crypto";
import { openDB } from "./lib/idb.js";
import { makeAccesses } from "./worker/accesses.js";
import { openBinder } from "./worker/binder.js";
import { signerOf } from "./worker/desk.js";
import { openDevice } from "./worker/device.js";
import { openKeys } from "./worker/keys.js";
import { makePace } from "./worker/pace.js";
import { openOutbox } from "./worker/outbox.js";
import { sealer } from "./worker/seal.js";
import { openStore } from "./worker/store.js";
import { makeSync } from "./worker/sync.js";
import { newId } from "./worker/ids.js";
import * as digests from "./worker/digest.js";

export const DEVICE = "0193b2d0-0000-7000-8000-00000000d001";
export const ANA = { id: "0193b2d0-0000-7000-8000-0000000000aa", name: "Ana Reyes", roles: ["front_desk"] };
export const BEN = { id: "0193b2d0-0000-7000-8000-0000000000bb", name: "Ben Ito", roles: ["front_desk"] };
const PAIR = await webcrypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
/** The office's own pair: what devices seal to it, tests open with `PAIR.privateKey`. */
export const OFFICE_KEY = {
  id: Buffer.alloc(8, 5).toString("base64url"), spki: Buffer.from(await webcrypto.subtle.exportKey("spki", PAIR.publicKey)).toString("base64url"), pair: PAIR,
};
export const SHARE = Buffer.alloc(32, 7).toString("base64url");

export function freshProfile() {
  globalThis.indexedDB = new IDBFactory();
}

export function makeWorld(changes = {}) {
  const told = [];
  const reports = [];
  let mono = 1000;
  return {
    told, reports, openDB, app: "test", subtle: webcrypto.subtle, newId: () => newId(),
    random: (size) => webcrypto.getRandomValues(new Uint8Array(size)),
    now: () => Date.parse("2026-11-23T15:00:00Z"), mono: () => (mono += 1), chance: () => 0,
    clock: () => ({ wall: "2026-11-23T15:00:00.000Z", mono: 1, boot: "b1" }),
    timer: () => 1, clearTimer: () => {}, timeout: () => undefined,
    locks: { request: (name, work) => work() },
    zip: null, report: (error) => reports.push(error),
    pages: async () => [], askPage: async () => null, tellPages: (message) => told.push(message),
    badge: () => {}, forgetPush: async () => {},
    fetch: async () => { throw new TypeError("no network"); },
    ...changes,
  };
}

export const json = (status, body) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

export function unlockAnswer(device = DEVICE, share = SHARE, actor = ANA) {
  return {
    personal: Buffer.from(actor.id.padEnd(32).slice(0, 32)).toString("base64url"), keys: [], office_key: { id: OFFICE_KEY.id, spki: OFFICE_KEY.spki },
    rules: { idle_seconds: 120, hours_alone: 120, warned_hours: 24 },
    device: { id: device, name: "Tablet 2", purpose: "front_desk", code: "T2" }, actor, share, language: "en", epoch: "e1",
    site: { id: "main", name: "Main", zone: { name: "UTC", transitions: [] } }, server_time: "2026-11-23T15:00:00.000Z",
  };
}

/** An unlocked device whose `/sync` is answered by `office(request)`. */
export async function unlocked(office = () => { throw new TypeError("no network"); }, changes = {}) {
  const requests = [];
  const world = makeWorld({
    fetch: async (path, { body }) => {
      if (path === "/devices/unlock") return json(200, unlockAnswer());
      if (path.startsWith("/devices/")) return json(200, {});
      const request = JSON.parse(body);
      requests.push(request);
      return office(request);
    },
    ...changes,
  });
  const store = openStore(world);
  const device = await openDevice(store);
  const keys = openKeys(world, store, device);
  const { bundle, locked } = await keys.find();
  if (!bundle) throw new Error(`locked: ${locked}`);
  const seal = sealer(world, bundle.keys);
  const binder = await openBinder(world, store, seal);
  const signer = signerOf(world, device, bundle);
  const outbox = await openOutbox(world, store, seal, device, signer);
  const accesses = makeAccesses(world, store, device);
  const changed = [];
  const refusals = [];
  const sync = makeSync(world, { store, device, binder, outbox, actor: bundle.session.actor, pace: makePace(world), signer, accesses, stands: () => ({}),
    look: outbox.look, news: () => null, tell: (kinds) => changed.push(...kinds), refused: async (why) => { refusals.push(why); },
  });
  return { world, store, device, keys, binder, outbox, accesses, sync, requests, changed, refusals };
}

export function arrival(visit, id = newId()) {
  return {
    command_id: id, command: "checkin.record_arrival", v: 1, actor: ANA.id, made: { wall: "2026-11-23T15:00:00.000Z", mono: 1, boot: "b1" },
    was: {}, seen: null, after: [], fields: { visit_id: visit },
  };
}

/** A small office that decides commands and sends rows, as sync.md says; the whole rule is the server's own. */
export class Office {
  constructor() {
    this.last = {};
    this.known = new Map();
    this.rows = new Map();
    this.epoch = "e1";
    this.seq = 0;
  }

  put(sheet, kind, id, version, body) {
    if (!this.rows.has(sheet)) this.rows.set(sheet, []);
    const rows = this.rows.get(sheet).filter((row) => row[0] !== kind || row[1] !== id);
    rows.push([kind, id, version, body, (this.seq += 1)]);
    this.rows.set(sheet, rows);
  }

  answer = (request) => {
    if (request.epoch !== this.epoch) return json(409, { error: "epoch", epoch: this.epoch });
    for (const { n, said } of request.commands) {
      const { command_id: id, command } = JSON.parse(said);
      const last = this.last[request.replica_id] ?? 0;
      if (!this.known.has(id)) {
        if (n > last + 1) return json(409, { error: "gap", expect: last + 1 });
        if (n <= last) return json(409, { error: "new_replica" });
        this.known.set(id, command);
        this.put(`receipts/${request.replica_id}`, "receipt", id, 1, { n, command, outcome: "applied", code: "", say: "", at: "2026-11-23T15:00:00.000Z" });
      }
      if (n === last + 1) this.last[request.replica_id] = n;
    }
    return json(200, {
      request_id: request.request_id, server_time: "2026-11-23T15:00:00.000Z", epoch: this.epoch, acked_n: this.last[request.replica_id] ?? 0,
      sheets: this.changes(request), drop: Object.keys(request.sheets).filter((name) => !this.rows.has(name)), more: false,
    });
  };

  changes({ sheets: cursors, replica_id: replica }) {
    const sheets = {};
    for (const [name, rows] of this.rows) {
      if (name.startsWith("receipts/") && name !== `receipts/${replica}`) continue;
      const cursor = cursors[name] ?? "";
      const since = cursor === "" ? 0 : Number(cursor);
      if (cursor !== "" && rows.every((row) => row[4] <= since)) continue;
      const news = rows.filter((row) => row[4] > since && (cursor !== "" || row[3] !== null));
      const digest = rows.filter((row) => row[3] !== null).reduce((sum, row) => digests.add(sum, digests.rowHash(row[0], row[1], row[2])), 0n);
      sheets[name] = { cursor: String(this.seq), digest: digests.toHex(digest), rows: news.map((row) => row.slice(0, 4)), ...(cursor === "" ? { fresh: true } : {}) };
    }
    return sheets;
  }
}

/** A visit as a sheet holds it. */
export const visit = (status) => ({ status, patient_id: "p1" });
