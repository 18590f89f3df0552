// What a page shows of its sheets: rows filtered, sorted, grouped, counted or looked up, all declared as data.

import { compare, evaluate, folded, holds, sortOf, spell, walk } from "./values.js";

// Every list of a page in its order; one may ask for what another before it gave: `list.shelf.place_id`.
export function gatherAll(declared, view, scope) {
  const list = {};
  for (const [name, one] of Object.entries(declared)) list[name] = gather(one, view, { ...scope, list });
  return list;
}

// What the list gives for these rows; `scope` has param, now, today, site, actor and device.
export function gather(declaration, view, scope) {
  const where = read(declaration.where ?? [], scope);
  if (declaration.by_id) return byId(declaration.by_id, where, view);
  if (declaration.count) return count(declaration, chosen(declaration.count, where, view));
  if (declaration.sum) {
    const numbers = chosen(declaration.sum, where, view).map((row) => walk(row, declaration.name));
    return numbers.reduce((total, number) => total + (typeof number === "number" ? number : 0), 0);
  }
  const rows = chosen(declaration.list ?? declaration.one, where, view);
  const order = orderOf(declaration.sort ?? [], view);
  if (declaration.one) return first(rows, 1, order)[0] ?? null;
  const found = declaration.limit ? first(rows, declaration.limit, order) : rows.sort(order);
  return declaration.group ? grouped(found, declaration.group) : found;
}

// The conditions with their values, without those whose optional parameter is not given.
export function read(where, scope) {
  const known = [];
  for (const [op, name, value] of where) {
    const found = evaluate(value, scope);
    const absent = found === null || found === "" || (Array.isArray(found) && found.length === 0);
    if (absent && value !== null && typeof value === "object" && value.optional) continue;
    known.push([op, name, op === "matches" ? folded(found).split(" ").filter(Boolean) : found]);
  }
  return known;
}

// Whether a row meets conditions that were read.
export const meets = (row, where, view) => testsOf(where, view).every((test) => test(row));

// One function for each condition: tens of thousands of rows are asked the same while somebody types a name.
function testsOf(where, view) {
  return where.map(([op, name, value]) => {
    const found = name.includes(".") ? (row) => lookUp(row, name, view) : (row) => row[name] ?? null;
    if (op !== "matches") return (row) => holds(found(row), op, value);
    return (row) => {
      const text = spell(found(row));
      for (const term of value) if (!text.includes(term)) return false;
      return true;
    };
  });
}

// A field of the row, or of the row it points to (`patient_id.search`).
export function lookUp(row, name, view) {
  const dot = name.indexOf(".");
  if (dot < 0) return row[name] ?? null;
  const link = name.slice(0, dot);
  if (!link.endsWith("_id")) return walk(row, name);
  const found = row[link] ?? null;
  const linked = typeof found === "string" ? view.get(link.slice(0, -3), found) : null;
  return linked === null ? null : lookUp(linked, name.slice(dot + 1), view);
}

// The rows that meet the conditions, each once though several sheets may hold it.
function chosen(kind, where, view) {
  const known = where.find(([op, name]) => op === "eq" && name === "id");
  let candidates;
  if (known) {
    const row = typeof known[2] === "string" ? view.get(kind, known[2]) : null;
    candidates = row === null ? [] : [row];
  } else candidates = view.rows(kind);
  const tests = testsOf(where, view);
  const rows = new Map();
  candidates: for (const row of candidates) {
    for (const test of tests) if (!test(row)) continue candidates;
    if (!rows.has(row.id)) rows.set(row.id, row);
  }
  return [...rows.values()];
}

function byId(kind, where, view) {
  if (where.length) return Object.fromEntries(chosen(kind, where, view).map((row) => [row.id, row]));
  // Looked up one at a time, because a page names few of thousands of patients.
  const row = (id) => (typeof id === "string" ? view.get(kind, id) : null);
  return new Proxy(Object.create(null), {
    get: (_, id) => row(id) ?? undefined,
    has: (_, id) => row(id) !== null,
    ownKeys: () => [...new Set(Array.from(view.rows(kind), (one) => one.id))].sort(compare),
    getOwnPropertyDescriptor: (_, id) => {
      const value = row(id);
      return value === null ? undefined : { value, configurable: true, enumerable: true, writable: false };
    },
  });
}

function count(declaration, rows) {
  if (!declaration.by) return rows.length;
  const counts = new Map((declaration.of ?? []).map((key) => [key, 0]));
  for (const row of rows) {
    const key = spell(walk(row, declaration.by));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}

function orderOf(sort, view) {
  const keys = sort.map((name) => (name.startsWith("-") ? [name.slice(1), -1] : [name, 1]));
  return (left, right) => {
    for (const [name, direction] of keys) {
      const order = compare(lookUp(left, name, view), lookUp(right, name, view));
      if (order) return direction * order;
    }
    return compare(left.id, right.id);
  };
}

// The first few in order, without sorting the thousands that are cut off.
function first(rows, limit, order) {
  const best = [];
  for (const row of rows) {
    if (best.length === limit && order(row, best[limit - 1]) >= 0) continue;
    let low = 0;
    let high = best.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (order(row, best[middle]) < 0) high = middle;
      else low = middle + 1;
    }
    best.splice(low, 0, row);
    if (best.length > limit) best.pop();
  }
  return best;
}

function grouped(rows, name) {
  const groups = new Map();
  for (const row of rows) {
    const key = walk(row, name);
    const mark = `${sortOf(key)}:${spell(key)}`;
    if (!groups.has(mark)) groups.set(mark, { key, rows: [] });
    groups.get(mark).rows.push(row);
  }
  return [...groups.values()];
}
