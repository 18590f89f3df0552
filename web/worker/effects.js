// What a command visibly does to rows, painted until the server's own rows arrive.

import { sheetName } from "./paths.js";
import { evaluate, holds, walk } from "./values.js";

// Paint a command: {command_id, command, actor, device, made_at, fields, new, site, today, serials?}.
export function apply(effect, view, command, ranks = {}) {
  const scope = {
    field: command.fields ?? {},
    new: command.new ?? {},
    now: command.made_at,
    today: command.today,
    actor: command.actor,
    device: command.device,
    site: command.site,
    command: command.command_id,
    serial: command.serials ?? {},
    zone: view.zone,
    get: (kind, id) => view.get(kind, id),
  };
  perform(effect, view, scope, ranks);
}

// The row as it looks again.
export function undo(undoing, row, scope) {
  return written(row, undoing.values, { ...scope, row });
}

function perform(effect, view, scope, ranks) {
  for (const step of effect) {
    if (step.op === "each") {
      const elements = walk(scope.field, step.over);
      for (const element of Array.isArray(elements) ? elements : []) {
        const inner = { ...scope, each: element };
        if (met(step, inner)) perform(step.steps, view, inner, ranks);
      }
      continue;
    }
    const kind = step.kind;
    const id = evaluate(step.id, scope);
    if (typeof id !== "string" || id === "") continue;
    const row = view.get(kind, id);
    const known = { ...scope, row };
    if (!met(step, known)) continue;
    if (step.op === "put") {
      // A parameter of a sheet's name is a field, something new, or one of the command's own: today, site.
      const { now, today, actor, device, site } = scope;
      const sheet = sheetName(step.sheet, { ...scope.new, ...scope.field, now, today, actor, device, site });
      if (sheet !== null) view.put(sheet, kind, id, written({ id, kind, version: 0 }, step.values, known));
    } else if (row === null) continue;
    else if (step.op === "remove") view.remove(kind, id);
    else {
      const after = changed(step, row, known, ranks);
      if (after !== row) view.set(kind, id, after);
    }
  }
}

function met(step, scope) {
  return (step.when ?? []).every(([left, op, right]) =>
    holds(evaluate(left, scope), op, op === "set" ? right : evaluate(right, scope)),
  );
}

function changed(step, row, scope, ranks) {
  if (step.op === "patch") return written(row, step.values, scope);
  const { name } = step;
  const value = evaluate(step.value, scope);
  const found = walk(row, name);
  if (step.op === "add") return number(value) ? placed(row, name, number(found) + value) : row;
  if (step.op === "take") return number(value) ? placed(row, name, number(found) - value) : row;
  if (step.op === "raise") {
    const rank = ranks[`${step.kind}.${name}`] ?? [];
    if (rank.indexOf(value) <= rank.indexOf(found)) return row;
    return written(placed(row, name, value), step.values ?? {}, scope);
  }
  const held = Array.isArray(found) ? found : [];
  const others = held.filter((item) => !holds(item, "eq", value));
  if (step.op === "append") return others.length < held.length ? row : placed(row, name, [...held, value]);
  if (step.op === "discard") return others.length === held.length ? row : placed(row, name, others);
  throw new Error(`There is no effect ${step.op}.`);
}

const number = (value) => (typeof value === "number" ? value : 0);

// The row with all these values, each of them read from the row as it was.
function written(row, values, scope) {
  let after = row;
  for (const [name, value] of Object.entries(values)) after = placed(after, name, evaluate(value, scope));
  return after;
}

// A copy of the row with one value in it, also inside of an object (`entered.each`).
function placed(row, path, value) {
  const dot = path.indexOf(".");
  if (dot < 0) return { ...row, [path]: value };
  const name = path.slice(0, dot);
  const inner = row[name];
  const object = inner !== null && typeof inner === "object" && !Array.isArray(inner);
  return { ...row, [name]: placed(object ? inner : {}, path.slice(dot + 1), value) };
}
