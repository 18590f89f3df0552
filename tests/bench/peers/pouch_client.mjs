/** A PouchDB client on LevelDB files. */

import PouchDB from "pouchdb";
import { answering } from "./asking.mjs";

// Ten times what it does unasked: fewer requests, and here the faster of the two.
const BATCH = { batch_size: 1000 };

let local;
let remote;

await answering({
  open({ base, folder }) {
    local = new PouchDB(`${folder}/client`);
    remote = new PouchDB(`${base}/office`, { skip_setup: true });
  },

  async download() {
    await local.replicate.from(remote, BATCH);
  },

  async edit({ edits }) {
    for (const { id, body, remove } of edits) {
      const doc = await local.get(id).catch(() => ({ _id: id }));
      await local.put(remove ? { ...doc, _deleted: true } : { ...doc, body: { ...doc.body, ...body } });
    }
  },

  async sync() {
    await local.sync(remote, BATCH);
  },

  async read() {
    const { rows } = await local.allDocs({ include_docs: true });
    return { rows: rows.map(({ doc }) => ({ id: doc._id, body: doc.body })) };
  },
});
