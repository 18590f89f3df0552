// A device in Node: real modules, real ciphers, IndexedDB in memory, and an office that the test scripts.

import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { webcrypto } from "node:crypto";
import { openDB } from "./lib/idb.js";
import { openBinder } from "./worker/binder.js";
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
    fetch: async () => { throw new TypeError("no network"); },
    ...changes,
  };
}

export const json = (status, body) => new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } });

export function unlockAnswer(device = DEVICE, share = SHARE) {
  return {
    device: { id: device, name: "Tablet 2", purpose: "front desk", code: "T2" }, actor: ANA, share, language: "en", epoch: "e1",
    site: { id: "main", name: "Main", zone: { name: "UTC", transitions: [] } }, server_time: "2026-11-23T15:00:00.000Z",
  };
}

/** An unlocked device whose `/sync` is answered by `office(request)`. */
export async function unlocked(office = () => { throw new TypeError("no network"); }, changes = {}) {
  const requests = [];
  const world = makeWorld({
    fetch: async (path, { body }) => {
      if (path === "/devices/unlock") return json(200, unlockAnswer());
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
  const outbox = await openOutbox(world, store, seal, device);
  const changed = [];
  const sync = makeSync(world, { store, device, binder, outbox, actor: bundle.session.actor, pace: makePace(world), tell: (kinds) => changed.push(...kinds), refused: async () => {} });
  return { world, store, device, keys, binder, outbox, sync, requests, changed };
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
    for (const { n, command_id: id, command } of request.commands) {
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
