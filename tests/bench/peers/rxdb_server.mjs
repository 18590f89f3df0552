/** RxDB server behind Express, on LokiJS: `node rxdb_server.mjs FOLDER ROWS PORT`. */

import { readFileSync } from "node:fs";
import { RxServerAdapterExpress } from "rxdb-server/plugins/adapter-express";
import { createRxServer } from "rxdb-server/plugins/server";
import { openRows } from "./rxdb_storage.mjs";

const [folder, file, port] = process.argv.slice(2);
const { database, rows } = await openRows(`${folder}/office`);
const { error } = await rows.bulkInsert(JSON.parse(readFileSync(file, "utf8")));
if (error.length) throw new Error(`${error.length} rows were not kept`);

const server = await createRxServer({ database, adapter: RxServerAdapterExpress, hostname: "127.0.0.1", port: Number(port) });
await server.addReplicationEndpoint({ name: "rows", collection: rows });
await server.start();
console.log("ready");
