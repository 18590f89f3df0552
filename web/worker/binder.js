/** The sheets this device may hold: sealed in the store, read into memory one sheet at a time, changed by sync alone. */

import { BINDER, within } from "./store.js";
import * as digests from "./digest.js";
import { blocksOf, readRows, sealRows } from "./blocks.js";

const STRAYS_BEFORE_COMPACTION = 200;

export async function openBinder(world, store, sealer) {
  const held = new Map();
  for (const [token, record] of await store.read(["sheets"], entries("sheets"))) {
    try {
      const sheet = await sealer.open("sheets", token, record.seq, record.sealed);
      held.set(sheet.name, { ...sheet, token, seq: record.seq, digest: digests.fromHex(sheet.digest), rows: null, loading: null, strays: 0 });
    } catch {
      // A sheet that does not open is one we do not hold: the server sends it again.
    }
  }

  /** The sheet with its rows in memory, or null when it is not held or its records are damaged. */
  async function load(name) {
    const sheet = held.get(name);
    if (!sheet || sheet.rows) return sheet ?? null;
    sheet.loading ??= readRows(store, sealer, sheet).then((read) => {
      if (sheet.rows) return;
      sheet.rows = read.rows;
      sheet.strays = read.strays;
    }).finally(() => { sheet.loading = null; });
    try {
      await sheet.loading;
      return sheet;
    } catch {
      if (held.get(name) === sheet) held.delete(name);
      return null;
    }
  }

  /** What one sync answer does here: `write(tx)` inside its transaction, `commit()` afterwards. Seals before, because awaiting a cipher ends a transaction. */
  async function prepare(sheets, dropped) {
    const changes = [];
    for (const [name, page] of Object.entries(sheets)) changes.push(await change(name, page));
    const gone = dropped.filter((name) => held.has(name)).map((name) => held.get(name));
    return {
      async write(tx) {
        for (const sheet of gone) await erase(tx, sheet.token);
        for (const { next, sealed, erased, record } of changes) {
          if (erased) await erase(tx, next.token);
          await sealed.write(tx);
          await tx.objectStore("sheets").put(record, next.token);
        }
      },
      commit() {
        // `visit` says that any row of the kind may have changed, `visit:<id>` that this one has.
        const changed = new Set();
        for (const sheet of gone) {
          for (const kind of sheet.rows?.keys() ?? []) changed.add(kind);
          held.delete(sheet.name);
        }
        for (const { next, staged, fresh } of changes) {
          if (fresh) for (const kind of held.get(next.name)?.rows?.keys() ?? []) changed.add(kind);
          held.set(next.name, next);
          for (const [kind, id, version, body] of staged) {
            changed.add(fresh ? kind : `${kind}:${id}`);
            setRow(next.rows, kind, id, version, body);
          }
        }
        return changed;
      },
      /** `[kind, row before or null, row]` of what came to sheets that were held; a sheet sent whole says nothing of when. */
      changes: changes.flatMap(({ fresh, replaced }) => (fresh ? [] : replaced)),
      /** Sheets whose drained content is not what the server has. */
      mismatched: changes.filter(({ differs }) => differs).map(({ next }) => next.name),
    };
  }

  async function change(name, page) {
    const before = page.fresh ? null : await load(name);
    // A page of a sheet whose start we lost cannot stand alone; the digest will say so, and it is sent again.
    const fresh = before === null;
    const next = fresh
      ? { name, token: await sealer.blind(`sheet\n${name}`), seq: held.get(name)?.seq ?? 0, digest: digests.EMPTY, rows: new Map(), strays: 0, count: 0, complete: false, loading: null }
      : { ...before };
    const staged = [...new Map(page.rows.map((row) => [`${row[0]}\n${row[1]}`, row])).values()];
    const replaced = [];
    for (const [kind, id, version, body] of staged) {
      const old = next.rows.get(kind)?.get(id);
      if (body !== null) replaced.push([kind, old ?? null, body]);
      if (old) { next.digest = digests.subtract(next.digest, digests.rowHash(kind, id, old.version)); next.count -= 1; }
      if (body !== null) { next.digest = digests.add(next.digest, digests.rowHash(kind, id, version)); next.count += 1; }
    }
    next.seq += 1;
    if (page.digest) next.complete = true;
    const differs = page.digest !== undefined && page.digest !== digests.toHex(next.digest);
    // Asked for afresh, by whichever round or worker comes next: this one may be stopped right after it wrote.
    next.cursor = differs ? "" : page.cursor;
    const sealed = await sealRows(sealer, next, staged);
    next.strays += sealed.strays;
    return { next, staged, replaced, sealed, erased: fresh, fresh, differs, record: await recordOf(next) };
  }

  async function recordOf({ name, cursor, digest, count, complete, token, seq }) {
    const sheet = { name, cursor, digest: digests.toHex(digest), count, complete };
    return { seq, sealed: await sealer.seal("sheets", token, seq, sheet) };
  }

  /** Next time the server sends these afresh; what is held stays readable until then. */
  async function forgetCursors(names = [...held.keys()]) {
    for (const name of names) {
      const sheet = held.get(name);
      if (!sheet) continue;
      const next = { ...sheet, cursor: "", seq: sheet.seq };
      const record = await recordOf(next);
      await store.writeRelaxed(["sheets"], (tx) => tx.objectStore("sheets").put(record, sheet.token));
      sheet.cursor = "";
    }
  }

  /** Rewrites a sheet with many single-row records as blocks, unless it changed meanwhile. */
  async function compact() {
    for (const sheet of [...held.values()]) {
      if (!sheet.rows || sheet.strays <= STRAYS_BEFORE_COMPACTION) continue;
      const next = { ...sheet, seq: sheet.seq + 1, strays: 0 };
      const sealed = await sealRows(sealer, next, rowsOf(sheet), blocksOf);
      const record = await recordOf(next);
      await store.writeRelaxed(BINDER, async (tx) => {
        if ((await tx.objectStore("sheets").get(sheet.token))?.seq !== sheet.seq) return;
        await erase(tx, sheet.token);
        await sealed.write(tx);
        await tx.objectStore("sheets").put(record, sheet.token);
      });
      if (held.get(sheet.name) === sheet) held.set(sheet.name, next);
    }
  }

  async function drop() {
    await dropBinder(store);
    held.clear();
  }

  return {
    load, prepare, forgetCursors, compact, drop,
    names: () => [...held.keys()],
    holds: (name) => held.get(name)?.complete ?? false,
    rows: (name) => held.get(name)?.rows ?? null,
    cursors: () => Object.fromEntries([...held.values()].map(({ name, cursor }) => [name, cursor])),
    size: () => ({ sheets: held.size, rows: [...held.values()].reduce((sum, { count }) => sum + count, 0) }),
  };
}

/** Clears the binder's stores and no other: the outbox outlives every binder. */
export function dropBinder(store) {
  return store.write(BINDER, (tx) => Promise.all(BINDER.map((name) => tx.objectStore(name).clear())));
}

function setRow(rows, kind, id, version, body) {
  if (body === null) {
    rows.get(kind)?.delete(id);
    return;
  }
  if (!rows.has(kind)) rows.set(kind, new Map());
  rows.get(kind).set(id, { kind, id, version, ...body });
}

function* rowsOf(sheet) {
  for (const [kind, rows] of sheet.rows) {
    for (const { id, kind: said, version, ...body } of rows.values()) {
      // A body may have a `kind` of its own, as the office's pages would show it.
      yield [kind, id, version, said === kind ? body : { ...body, kind: said }];
    }
  }
}

async function erase(tx, token) {
  await tx.objectStore("sheets").delete(token);
  await tx.objectStore("blocks").delete(within(token));
  await tx.objectStore("deltas").delete(within(token));
}

const entries = (name) => async (tx) => {
  const [keys, values] = await Promise.all([tx.objectStore(name).getAllKeys(), tx.objectStore(name).getAll()]);
  return keys.map((key, index) => [key, values[index]]);
};
