// One history: a morning of two or three tablets with everything that goes wrong in it, and the quiet afterwards.

import { choose, onHand } from "./acts.mjs";
import { Chance } from "./chance.mjs";
import { Morning } from "./morning.mjs";

const OFFSETS = [0, 0, 1_000, -1_000, 130_000, -10_800_000, 10_800_000, 86_400_000, -86_400_000];

/** `{seed, violations, outcomes, faults, trace, commands}`; the same for the same seed. */
export async function play(seed, house) {
  const morning = new Morning(new Chance(seed), house);
  const { chance, time } = morning;
  await morning.begin();
  for (const name of Object.keys(house.profiles).slice(0, chance.pick([2, 2, 3]))) begin(morning, morning.tablet(name));
  if (chance.draw() < 0.25) someday(morning, () => copied(morning));
  if (chance.draw() < 0.12) someday(morning, () => putBack(morning));
  if (chance.draw() < 0.1) someday(morning, () => wiped(morning));
  if (chance.draw() < 0.15) restoredAtTheOffice(morning);
  else if (chance.draw() < 0.15) someday(morning, () => sentAway(morning));
  await time.until(morning.ends + 4_200_000);
  return morning.judged(seed);
}

const someday = ({ chance, time }, happens) => time.after(chance.between(60_000, 1_800_000), happens);

/** A tablet's morning: it acts, looks for the office now and then, and has its troubles. */
function begin(morning, tablet) {
  const { chance, time } = morning;
  tablet.offset = chance.pick(OFFSETS);
  const began = time.now;
  let moment = time.now + chance.between(0, 60_000);
  for (let acts = 5 + Math.floor(chance.draw() * 7); acts > 0; acts -= 1) {
    moment += -Math.log(1 - chance.draw()) * 150_000;
    time.at(moment, () => act(morning, tablet));
  }
  for (let at = began; (at += chance.between(240_000, 1_800_000)) < moment;) time.at(at, () => nudge(tablet));
  for (let troubles = Math.floor(chance.draw() * 4); troubles > 0; troubles -= 1) time.at(chance.between(began, moment), () => trouble(morning, tablet));
  morning.ends = Math.max(morning.ends, moment);
}

/** A page that became visible, or a timer of its own. */
async function nudge(tablet) {
  await tablet.ask({ type: "active" });
  await tablet.ask({ type: "tick" });
}

/** Somebody does one thing: whether the screen said Saved. The worker may be stopped under their finger, and then they do not know. */
export async function act(morning, tablet) {
  const { chance, ledger } = morning;
  if (chance.draw() < 0.06) tablet.who = chance.pick(tablet.people);
  const at = await tablet.opened();
  if (!at) return false;
  const { worker, desk } = at;
  await tablet.ask({ type: "active" }, worker);
  await desk.load(["*"]);
  ledger.looked(tablet, at);
  const again = tablet.form && chance.draw() < 0.7 ? tablet.form : null;
  const chosen = again ?? choose(chance, desk.view(), () => chance.id(tablet.wall()));
  if (!chosen) return false;
  const command = commandOf(chosen, tablet, desk, chance);
  const saved = await save(morning, tablet, at, command);
  if (worker.alive && chance.strikes("double_tap")) await save(morning, tablet, at, command);
  return saved;
}

/** What the form becomes in the worker, as `saving.js` puts it together. */
export function commandOf({ command_id: id, command, fields, new: made = {} }, tablet, desk, chance) {
  const { site, actor, device } = desk.session;
  const now = new Date(tablet.wall());
  return {
    command_id: id ?? chance.id(tablet.wall()), command, fields, new: made, was: {}, seen: null,
    v: tablet.parts.manifest.commands[command].v, actor: actor.id, made: tablet.clock(), made_at: now.toISOString(),
    site: site.id, today: tablet.parts.dayAt(site.zone, now), device: device.id,
    // Where it may have been saved before, nobody knows what there was without it.
    ...(command.startsWith("inventory.") && !id ? { before: onHand(desk.view(), fields) } : {}),
  };
}

/** Whether the screen said Saved. */
export async function save({ ledger, chance }, tablet, at, command) {
  tablet.form = command;
  ledger.given.set(command.command_id, command);
  const { before, ...sent } = command;
  try {
    await at.desk.save(sent);
  } catch (error) {
    if (!["NotSaved", "AlreadySent"].includes(error.constructor.name)) throw error;
    chance.count("not_saved");
    return false;
  }
  if (!at.worker.alive) return false;
  tablet.form = null;
  ledger.saved(tablet, at, command);
  return true;
}

function trouble(morning, tablet) {
  const { chance, time } = morning;
  if (chance.strikes("browser_killed")) tablet.killBrowser();
  if (chance.strikes("offline") || chance.draw() < 0.4) {
    tablet.online = false;
    time.after(chance.between(60_000, 4_000_000), () => { tablet.online = true; tablet.worker().watch.hear({ type: "online" }, null); });
  }
  if (chance.strikes("clock_set")) tablet.offset = chance.pick(OFFSETS);
  // An update: the next worker is there while the one before still answers.
  if (chance.draw() < 0.3) {
    chance.count("two_workers");
    const older = tablet.worker();
    tablet.start("next version");
    time.after(chance.between(1_000, 900_000), () => tablet.stop(older));
  }
}

/** The folder of a profile, taken while nothing runs in it. */
export function folderOf(tablet) {
  tablet.killBrowser();
  return tablet.profile.copy();
}

function copied(morning) {
  const tablet = morning.chance.pick(morning.tablets);
  morning.chance.count("copied");
  begin(morning, morning.add(`copy of ${tablet.name}`, tablet.people, folderOf(tablet), tablet.device));
}

/** A profile as it was a while ago takes the place of what it became. */
function putBack(morning) {
  const { chance, time, ledger } = morning;
  const tablet = chance.pick(morning.tablets);
  const older = folderOf(tablet);
  time.after(chance.between(60_000, 1_800_000), () => {
    chance.count("put_back");
    tablet.killBrowser();
    ledger.forgive(tablet.profile, older, morning.others(tablet), morning.restores);
    older.jar = tablet.profile.jar;
    tablet.profile = older;
  });
}

function wiped(morning) {
  const { chance, ledger } = morning;
  const tablet = chance.pick(morning.tablets);
  chance.count("wiped");
  tablet.killBrowser();
  ledger.forgive(tablet.profile, null, morning.others(tablet), morning.restores);
  tablet.profile = tablet.profile.emptied();
}

/** A manager says at the office that a tablet is lost, or of no use any more. */
async function sentAway(morning) {
  const { chance, time, house } = morning;
  const { device } = chance.pick(morning.tablets);
  chance.count("sent_away");
  morning.gone.add(device);
  const command = chance.pick(["devices.mark_lost", "devices.retire"]);
  await house.host.ask("give", { now: new Date(time.now).toISOString(), commands: [[command, { device_id: house.host.devices[device] }]] });
  morning.wire.renew();
}

/** The server loses everything since its backup. */
function restoredAtTheOffice(morning) {
  const { chance, time, house } = morning;
  morning.restores = true;
  time.after(chance.between(60_000, 1_200_000), () => house.host.ask("keep", { name: "backup" }));
  time.after(1_200_000 + chance.between(60_000, 1_800_000), async () => {
    chance.count("restored");
    await house.host.ask("begin", { name: "backup", epoch: "restored" });
    morning.wire.renew();
  });
}
