/** A device of ours: the worker's own modules against the real office, without a page. */

import { makeAccesses } from "./worker/accesses.js";
import { openBinder } from "./worker/binder.js";
import { signerOf } from "./worker/desk.js";
import { openDevice } from "./worker/device.js";
import { newId } from "./worker/ids.js";
import { openKeys } from "./worker/keys.js";
import { openOutbox } from "./worker/outbox.js";
import { makePace } from "./worker/pace.js";
import { sealer } from "./worker/seal.js";
import { openStore } from "./worker/store.js";
import { makeSync } from "./worker/sync.js";
import { answering } from "./asking.mjs";
import { openKept } from "./kept.mjs";
import { makeWorld } from "./world.mjs";

const BOOT = newId();
const wrong = [];
let device;
let session;
let binder;
let outbox;
let sync;

const mono = () => Math.round(performance.now());
const reading = () => ({ wall: new Date().toISOString(), mono: mono(), boot: BOOT });
const zip = (text) => new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
const report = (error) => wrong.push(error);

async function run() {
  await sync.kick({ urgent: true });
  if (wrong.length) throw wrong[0];
  if (outbox.pending().length) throw new Error(`${outbox.pending().length} entries are still here`);
}

await answering({
  async open({ base, folder, cookies }) {
    const cookie = Object.entries(cookies).map((pair) => pair.join("=")).join("; ");
    const fetching = (path, { headers, ...request }) =>
      fetch(`${base}${path}`, { ...request, headers: { ...headers, cookie, "sec-fetch-site": "same-origin" } });
    const world = makeWorld({
      openDB: openKept(`${folder}/kept`), now: () => Date.now(), mono, clock: reading, fetch: fetching, zip, report,
      timeout: (ms) => AbortSignal.timeout(ms), timer: (work, ms) => setTimeout(work, ms), clearTimer: clearTimeout,
    });
    const store = openStore(world);
    device = await openDevice(store);
    const { bundle, locked } = await openKeys(world, store, device).find();
    if (!bundle) throw new Error(`locked: ${locked}`);
    ({ session } = bundle);
    const seal = sealer(world, bundle.keys);
    const signer = signerOf(world, device, bundle);
    binder = await openBinder(world, store, seal);
    outbox = await openOutbox(world, store, seal, device, signer);
    sync = makeSync(world, {
      store, device, binder, outbox, actor: session.actor, signer, accesses: makeAccesses(world, store, device), pace: makePace(world),
      look: () => outbox.look(), news: () => [],
      stands: () => ({ waiting: outbox.pending().length, durable: true, ...binder.size() }), tell: () => {},
      refused: async (why) => report(new Error(`refused: ${why}`)),
    });
  },

  download: run,

  async edit({ edits }) {
    const about = { v: 1, actor: session.actor.id, was: {}, seen: null, after: [] };
    for (const edit of edits) await outbox.append({ command_id: newId(), ...about, made: reading(), ...edit });
  },

  sync: run,

  async read() {
    const rows = [];
    for (const name of binder.names()) {
      const sheet = await binder.load(name);
      for (const kind of sheet.rows.values()) {
        for (const { id, ...body } of kind.values()) rows.push({ id: `${body.kind}:${id}`, body });
      }
    }
    return { rows };
  },
});
