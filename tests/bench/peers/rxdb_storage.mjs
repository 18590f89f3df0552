/** RxDB on LokiJS: rows in memory, written to a file whenever the process has nothing else to do. Of its free storages that keep anything under Node it is the fast one: with Deno KV, which writes each change, an empty sync took 22 s. */

import loki from "lokijs";
import { createRxDatabase } from "rxdb/plugins/core";
import { getRxStorageLoki } from "rxdb/plugins/storage-lokijs";

const SCHEMA = {
  version: 0, primaryKey: "id", type: "object", additionalProperties: true,
  properties: { id: { type: "string", maxLength: 250 }, kind: { type: "string" }, body: { type: "object", additionalProperties: true } },
};

export async function openRows(path) {
  const storage = getRxStorageLoki({ adapter: new loki.LokiFsAdapter(), autosaveInterval: 500 });
  const database = await createRxDatabase({ name: path, storage, multiInstance: false });
  const { rows } = await database.addCollections({ rows: { schema: SCHEMA } });
  return { database, rows };
}
