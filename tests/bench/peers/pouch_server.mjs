/** PouchDB behind Express, on LevelDB files: `node pouch_server.mjs FOLDER ROWS PORT`. */

import { readFileSync } from "node:fs";
import express from "express";
import expressPouch from "express-pouchdb";
import PouchDB from "pouchdb";

const [folder, rows, port] = process.argv.slice(2);
const Office = PouchDB.defaults({ prefix: `${folder}/` });
const app = express();
app.use("/", expressPouch(Office, { mode: "minimumForPouchDB", inMemoryConfig: true, logPath: `${folder}/log.txt` }));
// Only what is opened after it was put behind Express is known there.
const office = new Office("office");
await office.bulkDocs(JSON.parse(readFileSync(rows, "utf8")).map(({ id, ...row }) => ({ _id: id, ...row })));

app.listen(Number(port), "127.0.0.1", () => console.log("ready"));
