/** A sheet's rows on disk: sealed blocks of up to 200 for what came at once, one sealed record each for later changes. */

import { within } from "./store.js";

const ROWS_PER_BLOCK = 200;
const ROWS_WORTH_A_BLOCK = 50;

/** Seals rows for the sheet's present `seq`. Later records win over earlier ones, so the number orders blocks and single rows alike. */
export async function sealRows(sealer, sheet, rows, shape = null) {
  const all = [...rows];
  const { token, seq } = sheet;
  const blocks = [];
  const singles = [];
  if (shape === blocksOf || all.length >= ROWS_WORTH_A_BLOCK) {
    for (const [index, block] of blocksOf(all).entries()) {
      blocks.push([[token, seq, index], { seq, sealed: await sealer.seal("blocks", `${token}/${index}`, seq, block) }]);
    }
  } else {
    for (const row of all) {
      const name = await sealer.blind(`row\n${sheet.name}\n${row[0]}\n${row[1]}`);
      singles.push([[token, name], { seq, sealed: await sealer.seal("deltas", `${token}/${name}`, seq, [row]) }]);
    }
  }
  return {
    strays: singles.length,
    async write(tx) {
      for (const [key, record] of blocks) await tx.objectStore("blocks").put(record, key);
      for (const [key, record] of singles) await tx.objectStore("deltas").put(record, key);
    },
  };
}

export function blocksOf(rows) {
  const blocks = [];
  for (let start = 0; start < rows.length; start += ROWS_PER_BLOCK) blocks.push(rows.slice(start, start + ROWS_PER_BLOCK));
  return blocks;
}

/** `{rows: kind -> id -> row, strays}` as last written; throws when a record is missing or was tampered with. */
export async function readRows(store, sealer, sheet) {
  const { token } = sheet;
  const found = await store.read(["blocks", "deltas"], async (tx) => {
    const [blocks, blockKeys, singles, singleKeys] = await Promise.all([
      tx.objectStore("blocks").getAll(within(token)), tx.objectStore("blocks").getAllKeys(within(token)),
      tx.objectStore("deltas").getAll(within(token)), tx.objectStore("deltas").getAllKeys(within(token)),
    ]);
    return [
      ...blocks.map((record, at) => ({ ...record, store: "blocks", name: `${token}/${blockKeys[at][2]}` })),
      ...singles.map((record, at) => ({ ...record, store: "deltas", name: `${token}/${singleKeys[at][1]}` })),
    ];
  });
  const opened = await Promise.all(found.map(({ store: kind, name, seq, sealed }) => sealer.open(kind, name, seq, sealed)));
  const inOrder = found.map(({ seq }, at) => [seq, at]).sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const rows = new Map();
  let count = 0;
  for (const [, at] of inOrder) {
    for (const [kind, id, version, body] of opened[at]) {
      if (!rows.has(kind)) rows.set(kind, new Map());
      const ofKind = rows.get(kind);
      count += (body !== null) - ofKind.has(id);
      if (body === null) ofKind.delete(id);
      else ofKind.set(id, { kind, id, version, ...body });
    }
  }
  if (count !== sheet.count) throw new Error(`${found.length} records hold ${count} rows where ${sheet.count} were written`);
  return { rows, strays: found.filter(({ store: kind }) => kind === "deltas").length };
}
