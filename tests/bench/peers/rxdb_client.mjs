/** An RxDB client on LokiJS. Online it replicates all the time, as RxDB is meant to; where two are to be offline, in single runs. */

import { replicateServer } from "rxdb-server/plugins/replication-server";
import { answering } from "./asking.mjs";
import { openRows } from "./rxdb_storage.mjs";

const PULLED = 1000;
// More would be beyond the 100 kB that the server's own reader of bodies takes.
const PUSHED = 50;

let rows;
let url;
let online;
let replication = null;
let failed;
let noted = [];

function start(live) {
  replication = replicateServer({
    collection: rows, replicationIdentifier: "office", url, live, waitForLeadership: false,
    pull: { batchSize: PULLED }, push: { batchSize: PUSHED },
  });
  failed = new Promise((_, reject) => { replication.error$.subscribe(reject); });
  failed.catch(() => {});
}

async function sync() {
  if (!online || !replication) {
    start(online);
    await Promise.race([replication.awaitInitialReplication(), failed]);
  } else {
    // It sends while it writes, so the writing is in its time.
    await write(noted);
    noted = [];
    replication.reSync();
    await Promise.race([replication.awaitInSync(), failed]);
  }
  if (!online) await replication.cancel();
}

async function write(edits) {
  for (const { id, body, remove } of edits) {
    const doc = await rows.findOne(id).exec();
    if (!doc) await rows.insert({ id, kind: "added", body });
    else if (remove) await doc.remove();
    else await doc.incrementalPatch({ body: { ...doc.toJSON().body, ...body } });
  }
}

await answering({
  async open({ base, folder, offline = false }) {
    ({ rows } = await openRows(`${folder}/client`));
    url = `${base}/rows/0`;
    online = !offline;
  },

  download: sync,

  async edit({ edits }) {
    if (online) noted.push(...edits);
    else await write(edits);
  },

  sync,

  async read() {
    const docs = await rows.find().exec();
    return { rows: docs.map((doc) => ({ id: doc.id, body: doc.toJSON().body })) };
  },
});
