// Days of named people that are played step by step, with the faults that each of them is about and no other.

import { Chance } from "./chance.mjs";
import { act, commandOf, folderOf, save } from "./history.mjs";
import { finished, Morning } from "./morning.mjs";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A morning in which only these faults strike, each at its rate. */
function morningOf(house, seed, rates = {}, start = undefined) {
  const chance = new Chance(seed);
  for (const fault of Object.keys(chance.rates)) chance.rates[fault] = rates[fault] ?? 0;
  return new Morning(chance, house, start);
}

/** So many entries that the screen called saved, one after the other. */
async function busy(morning, tablet, count, everyMs) {
  for (let done = 0; done < count;) {
    await morning.time.sleep(everyMs);
    done += await act(morning, tablet);
  }
}

/** One entry of this command, made now. */
async function enters(morning, tablet, command, fields, changes = {}) {
  const at = await tablet.opened();
  await tablet.ask({ type: "active" }, at.worker);
  await at.desk.load(["*"]);
  const made = fields.patient_id ? { visit: fields.visit_id, patient: fields.patient_id } : {};
  const entry = { ...commandOf({ command, fields, new: made }, tablet, at.desk, morning.chance), ...changes };
  await save(morning, tablet, at, entry);
  return entry;
}

/** Three tablets without a network for half a day, and then on a bad one: 30 % of requests are lost, 5 % of answers come twice. */
async function halfADay(house) {
  const morning = morningOf(house, 5, { request_lost: 0.3, duplicate: 0.05, stale_answer: 0.05 });
  await morning.begin();
  const tablets = Object.keys(house.profiles).map((name) => morning.tablet(name));
  for (const tablet of tablets) tablet.online = false;
  const working = Promise.all(tablets.map((tablet) => busy(morning, tablet, 200, 70_000)));
  await morning.time.pass(8 * HOUR);
  await finished(working);
  const waiting = tablets.map(({ profile }) => profile.peek("outbox").length);
  for (const tablet of tablets) {
    tablet.online = true;
    tablet.ask({ type: "online" });
  }
  const onward = Promise.all(tablets.map((tablet) => busy(morning, tablet, 20, 2 * MINUTE)));
  await morning.time.pass(3 * HOUR);
  await finished(onward);
  return { waiting, ...(await morning.judged(5)) };
}

/** A tablet comes back after 90 days: forty entries as they are made now, ten of a version that nobody here knows. */
async function ninetyDays(house) {
  const morning = morningOf(house, 7);
  await morning.begin();
  const [away, other] = ["Tablet 1", "Tablet 2"].map((name) => morning.tablet(name));
  away.online = false;
  const working = busy(morning, away, 40, MINUTE).then(async () => {
    const stock = { item_id: house.host.things.item, place_id: house.host.things.shelf, quantity: 1, unit: null, lot: null, visit_id: null };
    for (let older = 0; older < 10; older += 1) await enters(morning, away, "inventory.use_stock", stock, { v: 7 });
  });
  await morning.time.pass(4 * HOUR);
  await finished(working);
  away.killBrowser();
  const elsewhere = busy(morning, other, 10, MINUTE);
  await morning.time.pass(HOUR);
  await finished(elsewhere);
  await morning.time.pass(90 * DAY);
  await finished(house.host.ask("work_off", { now: new Date(morning.time.now).toISOString() }));
  morning.wire.renew();
  return morning.judged(7);
}

/** Somebody copies a tablet's profile to another tablet, with five entries in it that are not sent; both go on. */
async function aCopy(house) {
  const morning = morningOf(house, 11);
  await morning.begin();
  const first = morning.tablet("Tablet 1");
  first.online = false;
  const unsent = busy(morning, first, 5, MINUTE);
  await morning.time.pass(HOUR);
  await finished(unsent);
  const second = morning.add("the copy", first.people, folderOf(first));
  first.online = true;
  const both = Promise.all([busy(morning, first, 10, MINUTE), busy(morning, second, 10, MINUTE)]);
  await morning.time.pass(HOUR);
  await finished(both);
  const replicas = [first, second].map(({ profile }) => profile.peek("meta")[0].replica_id);
  return { replicas, ...(await morning.judged(11)) };
}

/** The ids of the commands by the names that a journey has for them. */
const idsOf = (told) => Object.fromEntries(Object.entries(told).map(([name, { command_id: id }]) => [name, id]));

/** Ana's tablet is three hours fast. Bruno and Dev are there before midnight, and told of after it; Ben's tablet is right. */
async function acrossMidnight(house) {
  const evening = Date.parse("2026-11-24T04:40:00Z");
  const morning = morningOf(house, 13, {}, evening);
  await morning.begin();
  const [fast, right] = ["Tablet 1", "Tablet 2"].map((name) => morning.tablet(name));
  fast.offset = 3 * HOUR;
  fast.online = false;
  const { visits, patients } = house.host.things;
  const walkIn = (patient) => ({ visit_id: morning.chance.id(morning.time.now), patient_id: patient, type: "Office visit", provider_id: null, reason: null });
  const told = {};
  const night = (async () => {
    told.restarted = await enters(morning, fast, "checkin.record_walk_in", walkIn(patients[0]));
    fast.stop(fast.worker());
    await morning.time.sleep(5 * MINUTE);
    told.right = await enters(morning, right, "checkin.record_arrival", { visit_id: visits[1] });
    await morning.time.sleep(5 * MINUTE);
    told.same = await enters(morning, fast, "checkin.record_walk_in", walkIn(patients[3]));
    told.second = await enters(morning, fast, "checkin.record_arrival", { visit_id: visits[1] });
    await morning.time.sleep(20 * MINUTE);
    fast.online = true;
    await fast.ask({ type: "online" });
  })();
  await morning.time.pass(HOUR);
  await finished(night);
  return { told: idsOf(told), ...(await morning.judged(13)) };
}

/**
 * The desk cancels three visits by telephone while their patients arrive at a tablet without a network: of the first
 * the time stays free, the second's is given away, and of the third the arrival reaches the office before the call.
 */
async function cancelledButHere(house) {
  const morning = morningOf(house, 17, { request_lost: 0.2, duplicate: 0.2 });
  await morning.begin();
  const [desk, away] = ["Tablet 1", "Tablet 2"].map((name) => morning.tablet(name));
  const { visits, patients } = house.host.things;
  const cancel = (at) => enters(morning, desk, "scheduling.cancel_visit", { visit_id: visits[at], called: "patient", reason: "weather" });
  const arrive = (at) => enters(morning, away, "checkin.record_arrival", { visit_id: visits[at] });
  const told = {};
  const day = (async () => {
    away.online = false;
    await cancel(0);
    await cancel(1);
    told.given = await enters(morning, desk, "scheduling.give_slot", { visit_id: morning.chance.id(morning.time.now), slot_of: visits[1], patient_id: patients[3], day: "2026-11-23" });
    await morning.time.sleep(5 * MINUTE);
    told.free = await arrive(0);
    told.gone = await arrive(1);
    await arrive(2);
    desk.online = false;
    told.late = await cancel(2);
    away.online = true;
    await away.ask({ type: "online" });
    await morning.time.sleep(5 * MINUTE);
    desk.online = true;
    await desk.ask({ type: "online" });
  })();
  await morning.time.pass(HOUR);
  await finished(day);
  return { told: idsOf(told), visits: visits.slice(0, 3), ...(await morning.judged(17)) };
}

/** Nora gives her name to Ana, and Norah hers to Ben, while neither tablet reaches the office; Ben's card merges them. */
async function registeredTwice(house) {
  const morning = morningOf(house, 17);
  await morning.begin();
  const [ana, ben] = ["Tablet 1", "Tablet 2"].map((name) => morning.tablet(name));
  for (const tablet of [ana, ben]) tablet.online = false;
  const register = (given) => ({
    visit_id: morning.chance.id(morning.time.now), patient_id: morning.chance.id(morning.time.now), family: "O’Hara", given,
    birth_date: "1990-02-03", sex: "female", type: "Office visit", phone: "5550100177", provider_id: null, reason: null,
  });
  const told = {};
  const day = (async () => {
    told.nora = await enters(morning, ana, "checkin.register_walk_in", register("Nora"));
    told.norah = await enters(morning, ben, "checkin.register_walk_in", register("Norah"));
    for (const tablet of [ana, ben]) {
      tablet.online = true;
      await tablet.ask({ type: "online" });
      await morning.time.sleep(5 * MINUTE);
    }
    told.chosen = await enters(morning, ben, "sync.choose", { case_id: told.norah.command_id, choice: "merge" });
    await morning.time.sleep(5 * MINUTE);
  })();
  await morning.time.pass(HOUR);
  await finished(day);
  return { told: idsOf(told), ...(await morning.judged(17)) };
}

export const JOURNEYS = { halfADay, ninetyDays, aCopy, acrossMidnight, cancelledButHere, registeredTwice };
