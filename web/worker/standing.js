/** How this device stands: online or not, what waits, what became of what was done here; as rows for pages, words for scripts. */

import { newsCount, newsRows } from "./news.js";
import { officeTime } from "./scope.js";

/** `device_state`, `entry` and `news` rows of the sheet that only this device has. */
export function ownRows({ device, binder, outbox, sync, session, commands, storage, alone, ways, decided, attention, about, app, news }) {
  const record = device.record();
  const waiting = outbox.pending().map((entry) => entryRow(entry, entry.n <= sync.acked() ? "sent" : "waiting", "", commands, about));
  const settled = decided.map((entry) => entryRow(entry, entry.outcome?.outcome ?? "sent", entry.outcome?.say ?? "", commands, about));
  const { sheets, rows } = binder.size();
  const officially = (own) => own && officeTime(record, Date.parse(own)).toISOString();
  const state = {
    id: "this", kind: "device_state", version: 0, ...standing({ device, outbox, attention }),
    offline_since: officially(record.offline_since), copy_at: record.copy_at, persisted: storage.persisted, storage_used: storage.storage_used,
    device_name: record.name, enrolled: true, purpose: record.purpose, person: session.actor.name, replica: record.replica_id,
    unsent: outbox.pending().filter(({ n }) => n > sync.acked()).length + outbox.stranded(), sheets, rows, app,
    hidden: alone.hides(), hides_at: officially(alone.hidesSoonAt()),
    pin: ways?.pin ?? false, passkey: (ways?.passkeys.length ?? 0) > 0, passphrase: ways?.passphrase ?? false,
  };
  return new Map([
    ["device_state", new Map([["this", state]])],
    ["entry", new Map([...waiting, ...settled].map((row) => [row.id, row]))],
    ["news", new Map(newsRows(record.news, news))],
  ]);
}

/** What every page's header shows, in short. */
export function standing({ device, outbox, attention }) {
  const { offline_since: since, certificate = null, too_old: tooOld = false, clock_ahead: ahead = 0, clock_behind: behind = 0, news = null } = device.record();
  return { news: newsCount(news), clock_ahead: ahead, clock_behind: behind, too_old: tooOld, online: since === null, certificate: since === null ? null : certificate, waiting: outbox.pending().length + outbox.stranded(), attention };
}

function entryRow({ n, command_id: id, command }, fate, say, commands, about) {
  const madeAt = command.made_at;
  return {
    id, kind: "entry", version: 0, n, command: command.command, title: commands[command.command]?.title ?? command.command,
    made_at: madeAt, fate, say: say ?? "", about: about(command), sort_key: `${madeAt} ${String(n).padStart(9, "0")}`,
  };
}

/** Whom a command is about, as people call them; nothing when the device does not hold them. */
export function nameOf({ fields, new: made }, get) {
  const known = { ...made, ...fields };
  for (const [name, id] of Object.entries(known)) {
    if (!name.endsWith("_id") || typeof id !== "string") continue;
    const row = get(name.slice(0, -3), id);
    const person = row?.patient_id ? get("patient", row.patient_id) : row;
    if (person?.family) return [person.given, person.family].filter(Boolean).join(" ");
  }
  return "";
}
