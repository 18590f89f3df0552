// The rows as a person sees them: what the sheets hold, with what is not sent yet painted over it.

import { apply, undo } from "./effects.js";
import { covers } from "./paths.js";
import { compareText } from "./values.js";

const EVERYWHERE = ["*"];
const PAINTED_FATES = new Set([undefined, null, "waiting", "sent"]);

// A base answers get(kind, id, sheets) and rows(sheets, kind): a sheet's name may end in `*`, and rows carry their id.

// A base with changes over it, which cost as much as there are changes and not as there are rows.
export class Painted {
  touched = new Set();
  // The commands that are painted here.
  holds = new Set();
  #over = new Map();

  constructor(base, zone = null) {
    this.base = base;
    this.zone = zone;
  }

  get(kind, id, sheets = EVERYWHERE) {
    if (typeof id !== "string") return null;
    const over = this.#over.get(kind)?.get(id);
    if (!over) return this.base.get(kind, id, sheets) ?? null;
    if (over.row === null || (over.sheet !== null && covers(sheets, over.sheet))) return over.row;
    return (this.base.get(kind, id, sheets) ?? null) === null ? null : over.row;
  }

  rows(kind, sheets = EVERYWHERE) {
    const over = this.#over.get(kind);
    const beneath = this.base.rows(sheets, kind);
    if (!over) return beneath;
    const found = [];
    for (const row of beneath) if (!over.has(row.id)) found.push(row);
    for (const id of over.keys()) {
      const row = this.get(kind, id, sheets);
      if (row !== null) found.push(row);
    }
    return found;
  }

  // The rows of some sheets only: what a page may see.
  within(sheets) {
    return { rows: (kind) => this.rows(kind, sheets), get: (kind, id) => this.get(kind, id, sheets) };
  }

  put(sheet, kind, id, row) {
    this.#change(kind, id, row, sheet);
  }

  set(kind, id, row) {
    this.#change(kind, id, row, this.#over.get(kind)?.get(id)?.sheet ?? null);
  }

  remove(kind, id) {
    this.#change(kind, id, null, null);
  }

  #change(kind, id, row, sheet) {
    if (!this.#over.has(kind)) this.#over.set(kind, new Map());
    this.#over.get(kind).set(id, { row, sheet });
    this.touched.add(`${kind}:${id}`);
  }

  // The painted rows of a kind, without those beneath.
  changed(kind) {
    return [...(this.#over.get(kind)?.values() ?? [])].map(({ row }) => row).filter((row) => row !== null);
  }
}

// The base with the commands of an outbox over it, in their order; `commands` is the manifest's table.
// Without the site's zone the times that were written on paper are not painted.
export function paint(base, pending, commands, ranks, zone = null) {
  const waiting = pending.filter((entry) => PAINTED_FATES.has(entry.fate));
  const silent = undoneUnsent(waiting);
  const painted = new Painted(base, zone);
  const undos = waiting.filter((entry) => entry.command === "undo");
  const last = lastChanged(painted, new Set(undos.map((entry) => entry.fields.command_id)));
  for (const entry of waiting) {
    if (silent.has(entry.command_id)) continue;
    if (entry.command === "undo") paintUndo(entry, painted, commands, last);
    else paintOne(entry, painted, commands, ranks);
  }
  return painted;
}

// One more command over what is painted, as if it had been the last of the outbox then; false for an undo, which may
// unpaint what came before it.
export function paintNext(painted, entry, commands, ranks) {
  if (entry.command === "undo") return false;
  if (PAINTED_FATES.has(entry.fate)) paintOne(entry, painted, commands, ranks);
  return true;
}

function paintOne(entry, painted, commands, ranks) {
  if (painted.holds.has(entry.command_id) || !Object.hasOwn(commands, entry.command)) return;
  painted.holds.add(entry.command_id);
  apply(commands[entry.command].effect ?? [], painted, entry, ranks);
}

// Unsent commands with an unsent undo, unless that was itself undone: they paint nothing. The undo is painted all the
// same, because the office may have shown the command's row before its receipt came.
function undoneUnsent(waiting) {
  const unsent = new Set(waiting.map((entry) => entry.command_id));
  const undone = new Set();
  for (const entry of [...waiting].reverse()) {
    const target = entry.command === "undo" ? entry.fields.command_id : null;
    if (!undone.has(entry.command_id) && unsent.has(target)) undone.add(target);
  }
  return undone;
}

// Which rows a command was the last to change; the base is read once for all undos.
function lastChanged(painted, wanted) {
  const kinds = new Map();
  return (kind, commandId) => {
    if (!kinds.has(kind)) {
      const found = new Map();
      for (const row of painted.base.rows(EVERYWHERE, kind)) {
        if (!wanted.has(row.last_command_id)) continue;
        found.set(row.last_command_id, [...(found.get(row.last_command_id) ?? []), row.id]);
      }
      kinds.set(kind, found);
    }
    const over = painted.changed(kind).filter((row) => row.last_command_id === commandId);
    const ids = [...(kinds.get(kind).get(commandId) ?? []), ...over.map((row) => row.id)];
    return [...new Set(ids)].sort(compareText);
  };
}

function paintUndo(entry, painted, commands, last) {
  const commandId = entry.fields.command_id;
  if (typeof commandId !== "string") return;
  const scope = {
    field: entry.fields,
    now: entry.made_at,
    today: entry.today,
    actor: entry.actor,
    device: entry.device,
    site: entry.site,
    command: entry.command_id,
    get: (kind, id) => painted.get(kind, id),
  };
  for (const tag of Object.keys(commands).sort(compareText)) {
    const undoing = commands[tag].undo;
    for (const id of undoing ? last(undoing.kind, commandId) : []) {
      const row = painted.get(undoing.kind, id);
      // The row says which command changed it last, so that any device can paint the undo of another's.
      if (row === null || row.last_command_id !== commandId || row.last_command !== tag) continue;
      painted.set(undoing.kind, id, undo(undoing, row, scope));
    }
  }
}
