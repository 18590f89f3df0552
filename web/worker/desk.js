/** What is open while somebody has this device unlocked: binder, outbox, sync, and the painted view of them. */

import { makeAlone } from "./alone.js";
import { listed, sheetsOf } from "./answers.js";
import { openBinder } from "./binder.js";
import { apply } from "./effects.js";
import { openOutbox } from "./outbox.js";
import { makePace } from "./pace.js";
import { paint, paintNext } from "./painting.js";
import { covers } from "./paths.js";
import { mayOpen } from "./permits.js";
import { officeTime, scopeOf } from "./scope.js";
import { withNews } from "./news.js";
import { sealer } from "./seal.js";
import { sealTo, sign } from "./signing.js";
import { OWN_SHEET, seeing } from "./sight.js";
import { nameOf, ownRows, standing } from "./standing.js";
import { makeSync } from "./sync.js";

const ATTENTION = ["attention/*"];
const OFFICE = ["office/*"];

/** What signs in the name of who opened the device, and seals so that only the office reads it. */
export const signerOf = (world, device, bundle) => ({
  sign: (text) => sign(world, bundle.signing, text),
  seal: (kind, plain) => sealTo(world, device.record().office_key, kind, plain),
});

export async function openDesk(world, store, device, manifest, bundle, { refused, accesses, gone, people, pages, heir }) {
  const { session } = bundle;
  const signer = signerOf(world, device, bundle);
  const seal = sealer(world, bundle.keys);
  const binder = await openBinder(world, store, seal);
  const outbox = await openOutbox(world, store, seal, device, signer);
  const alone = makeAlone(world, device);
  const base = seeing(binder, own, alone.hides);
  let painted = null;
  const madeBy = new WeakMap();
  const asksRows = new Map();
  let ownSheet = null;
  let decided = [];
  let ways = null;
  let storage = { persisted: null, storage_used: 0 };
  let lastStatus = "";
  let closed = false;

  const sync = makeSync(world, {
    store, device, binder, outbox, actor: session.actor, signer, accesses, stands, pace: makePace(world), look, news, tell: changed, refused,
  });

  function own() {
    ownSheet ??= ownRows({
      device, binder, outbox, sync, session, storage, alone, ways, decided, app: manifest.app, commands: manifest.commands, news: manifest.news ?? [],
      attention: attention(), about: (command) => nameOf(command, (kind, id) => view().get(kind, id)),
    });
    return ownSheet;
  }

  // What is this person's and also the office's stands in two sheets.
  const attention = () => new Set(base.rows(ATTENTION, "case").filter((row) => row.open).map(({ id }) => id)).size;

  const here = () => scopeOf(session, officeTime(device.record(), world.now()), "");
  const counted = manifest.pages.find((page) => page.badge?.length && mayOpen(manifest, page, session.device.purpose, session.actor));

  /** How many things need this person: on the icon. */
  const needs = () => (counted ? listed(counted, counted.badge, view(), here()).length : attention());

  function view() {
    painted ??= paint(base, unsent(), manifest.commands, manifest.ranks, session.site.zone);
    return painted;
  }

  /** What was decided once is in the rows already; painting it again would show an old truth over a newer one. */
  const unsent = () => (alone.hides() ? [] : outbox.pending().filter(({ again }) => !again).map(({ command }) => command));

  /** Has these sheets, and all that painting them needs, in memory. */
  async function load(patterns) {
    const always = counted ? [...ATTENTION, ...sheetsOf({ sheets: counted.badge_sheets }, {}, here())] : ATTENTION;
    const wanted = needsAll() ? ["*"] : [...patterns, ...always];
    const cold = binder.names().filter((name) => covers(wanted, name) && !binder.rows(name));
    if (cold.length) {
      await Promise.all(cold.map(binder.load));
      painted = null;
    }
    ownSheet = null;
    if (patterns.includes(OWN_SHEET)) {
      storage = await world.storage();
      decided = await outbox.lastDecided();
      ways = (await people(session.device.id)).find((one) => one.id === session.actor.id) ?? null;
    }
  }

  const needsAll = () => unsent().some(({ command }) => command === "undo" || asksForRows(command));

  /** Whether the paint of a command reads rows that its page need not have. */
  function asksForRows(command) {
    if (!asksRows.has(command)) asksRows.set(command, JSON.stringify(manifest.commands[command]?.effect ?? []).includes('"fn":"ref"'));
    return asksRows.get(command);
  }

  /** Saves a command durably, or throws; afterwards it is painted and on its way. */
  async function save(command, page) {
    const before = [...view().touched];
    const touched = marks(command, (kind, id) => `${kind}:${id}`);
    const entry = await outbox.append({ ...(await numbered(command)), after: predecessors(command) });
    // What an undo takes back may be anywhere beneath; anything else lies on top.
    if (painted && (alone.hides() || !paintNext(painted, entry.command, manifest.commands, manifest.ranks))) painted = null;
    // An undo touches whatever the undone command did.
    if (command.command === "undo") for (const mark of [...before, ...view().touched]) touched.add(mark);
    pages.changed(touched, page);
    tellStatus();
    // Who opened the device anew while this was being saved shows it and sends it.
    if (closed) heir().catch(world.report);
    sync.kick();
    world.wakeLater();
    return entry;
  }

  /** Fields that a device numbers (receipts): its code and a count of its own. What waits already keeps its number. */
  async function numbered(command) {
    const wanted = (manifest.commands[command.command]?.fields ?? []).filter(({ serial }) => serial);
    if (!wanted.length) return command;
    const known = outbox.pending().find(({ command_id: id }) => id === command.command_id);
    const fields = { ...command.fields };
    for (const { name, serial } of wanted) fields[name] = known?.command.fields[name] ?? await device.nextSerial(serial);
    return { ...command, fields };
  }

  /** Pending commands that made something which this one speaks of: without them it would be about nothing. */
  function predecessors(command) {
    const spoken = new Set(texts(command.fields));
    return outbox.pending().filter((entry) => [...made(entry)].some((id) => spoken.has(id))).map(({ command_id: id }) => id);
  }

  /** The ids of what a pending command made; it makes the same however often it is asked. */
  function made(entry) {
    if (!madeBy.has(entry)) madeBy.set(entry, marks(entry.command, (_, id) => id, { putsOnly: true }));
    return madeBy.get(entry);
  }

  /** What a command's effect would write to, without writing it. */
  function marks(command, mark, { putsOnly = false } = {}) {
    const found = new Set();
    const note = (kind, id) => found.add(mark(kind, id));
    const other = putsOnly ? () => {} : note;
    const probe = { get: (kind, id) => view().get(kind, id), put: (_, kind, id) => note(kind, id), set: other, remove: other };
    apply(manifest.commands[command.command]?.effect ?? [], probe, command, manifest.ranks);
    return found;
  }

  /** A worker that is being replaced may still save: its entries are painted and sent like one's own. */
  async function look() {
    const before = painted ? [...painted.touched] : [];
    if (!(await outbox.look())) return;
    painted = null;
    changed(new Set([...before, ...view().touched]));
  }

  /** What others did meanwhile; what was done here is no news. */
  function news(changes, since) {
    const own = new Set(outbox.pending().map(({ command_id: id }) => id));
    return withNews(device.record().news ?? null, since, manifest.news ?? [], changes, own);
  }

  /** Somebody has read the news. */
  async function readNews() {
    await device.write({ news: null });
    tellStatus();
  }

  async function kick(options) {
    await look().catch(world.report);
    return sync.kick(options);
  }

  /** What the office is told of this device with every request. */
  function stands() {
    const waiting = outbox.pending();
    const oldest = waiting.map(({ command }) => command.made_at).sort()[0] ?? null;
    return { waiting: waiting.length + outbox.stranded(), oldest_at: oldest, files: 0, durable: storage.persisted, ...binder.size() };
  }

  function changed(rows) {
    painted = null;
    ownSheet = null;
    if ([...rows].some((row) => row.startsWith("staff_member"))) gone(base.rows(OFFICE, "staff_member").filter(({ active }) => !active).map(({ id }) => id)).catch(world.report);
    if (rows.size) pages.changed(rows);
    tellStatus();
  }

  function status() {
    return { type: "status", ...standing({ device, outbox, attention: attention() }), copy_at: device.record().copy_at, certificate_until: device.record().certificate_until, unsent: [...view().touched], needs: needs() };
  }

  function tellStatus() {
    const now = status();
    const spelled = JSON.stringify(now);
    if (spelled === lastStatus) return;
    lastStatus = spelled;
    world.badge(now.needs);
    world.tellPages(now);
  }

  // Asked once: an estimate of the space used costs too much for every request to the office.
  world.storage().then((known) => { storage = known; }, world.report);
  await load([]);
  return {
    session, load, view, save, status, tellStatus, kick, readNews,
    holds: (name) => name === OWN_SHEET || binder.holds(name),
    names: () => [OWN_SHEET, ...binder.names()],
    close() {
      closed = true;
      sync.stop();
    },
  };
}

function texts(value) {
  if (typeof value === "string") return [value];
  return value !== null && typeof value === "object" ? Object.values(value).flatMap(texts) : [];
}
