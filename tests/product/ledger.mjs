// What was given and what was said to be saved in one history, and what the screens did not keep of their word.

import { shows } from "./acts.mjs";

const ALONE_MS = 120 * 3600 * 1000;

export class Ledger {
  /** Everything that somebody ever tapped; what the screen called saved; what is lost with a profile, by no fault of ours. */
  given = new Map();
  said = new Map();
  forgiven = new Set();
  through = new Map();
  violations = [];

  violated(invariant, sentence) {
    this.violations.push(`${invariant} ${sentence}`);
  }

  /** The screen says Saved: so it lies there, was read back, and is on the screen (I16, I9). */
  saved(tablet, { worker, desk }, command) {
    const { command_id: id } = command;
    const kept = [...tablet.profile.peek("outbox"), ...tablet.profile.peek("decided")].some((record) => record.command_id === id);
    if (!kept) this.violated("I16", `${tablet.name} said that ${command.command} is saved, and it is not there`);
    const isNew = !this.said.has(id);
    if (isNew && !tablet.profile.readBack.has(id)) this.violated("I16", `${tablet.name} said that ${command.command} is saved without reading it back`);
    this.said.set(id, command);
    this.through.set(id, { tablet: tablet.name, worker });
    if (isNew && !hides(tablet) && isHeld(desk.view(), command) && !shows(desk.view(), command)) this.violated("I9", `${tablet.name} does not show ${command.command} that was just saved`);
  }

  /** Somebody looks: all that waits is on the screen (I9). */
  looked(tablet, { worker, desk }) {
    if (hides(tablet)) return;
    const view = desk.view();
    const there = tablet.profile.peek("outbox").filter(({ again }) => !again).map(({ command_id: id }) => id);
    const waiting = there.map((id) => this.said.get(id)).filter(Boolean);
    const ids = new Set(there);
    // Also by an undo of which the screen never said that it is saved: it may be, all the same.
    const undone = new Set();
    for (const { command, command_id: id, fields } of there.map((one) => this.given.get(one)).filter((one) => one?.command === "undo")) {
      undone.add(fields.command_id);
      if (ids.has(fields.command_id)) undone.add(id);
      const target = this.given.get(fields.command_id);
      if (target) undone.add(target.fields.visit_id);
    }
    for (const command of waiting) {
      const { command_id: id, fields } = command;
      if (undone.has(id) || undone.has(fields.visit_id) || command.command.startsWith("inventory.")) continue;
      // What a worker that was being replaced saved last is known to the next one when it syncs.
      if (this.through.get(id).worker !== worker && worker.mayMiss) continue;
      if (!isHeld(view, command)) continue;
      if (!shows(view, command)) this.violated("I9", `${tablet.name} does not show ${command.command} that waits`);
    }
  }

  /** A worker's next request: where it stands in a sheet is further on, or it begins afresh (I7). */
  asked(tablet, worker, { sheets }) {
    for (const [name, cursor] of Object.entries(sheets)) {
      const before = worker.cursors?.[name];
      if (!cursor || !before) continue;
      const [[epoch, seq], [lastEpoch, last]] = [JSON.parse(cursor), JSON.parse(before)];
      if (epoch === lastEpoch && seq < last) this.violated("I7", `${tablet.name} went back in ${name.split("/")[0]}`);
    }
    worker.cursors = sheets;
    const [{ copy_at: copyAt = null } = {}] = tablet.profile.peek("meta");
    if (worker.copyAt && copyAt < worker.copyAt) this.violated("I7", `${tablet.name} has an older copy than it had`);
    worker.copyAt = copyAt;
  }

  /** What this profile alone had of the day; `since` is what is left of it. */
  forgive(profile, since, others, serverForgets) {
    const left = new Set([since, ...others].flatMap((one) => (one ? idsOf(one) : [])));
    const gone = serverForgets ? idsOf(profile) : profile.peek("outbox").map(({ command_id: id }) => id);
    for (const id of gone) if (!left.has(id)) this.forgiven.add(id);
  }
}

/** Whether the tablet has what a command is about; nothing is painted on what is not there. */
const isHeld = (view, { fields }) => !fields.visit_id || "patient_id" in fields || Boolean(view.get("visit", fields.visit_id));

const idsOf = (profile) => [...profile.peek("outbox"), ...profile.peek("decided")].map(({ command_id: id }) => id);

/** Patients are hidden on a device that believes to have been alone for too long. */
function hides(tablet) {
  const [{ contact_at: contact = null, latest_at: latest = 0 } = {}] = tablet.profile.peek("meta");
  return contact !== null && Math.max(tablet.wall(), latest ?? 0) - contact > ALONE_MS;
}
