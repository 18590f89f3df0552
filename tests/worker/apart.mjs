import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { freshProfile, json, Office, unlocked } from "./world.mjs";

const MINUTE = 60_000;
const NINE = Date.parse("2026-11-23T14:00:00Z");

beforeEach(freshProfile);

/** A tablet whose network and clock the test holds. */
async function tabletAt(held) {
  const office = new Office();
  const tablet = await unlocked((request) => {
    if (held.away) throw new TypeError("no network");
    if (held.answerIsLost) { office.answer(request); throw new TypeError("cut off"); }
    return held.hotel ? json(200, { welcome: true }) : office.answer(request);
  }, { now: () => held.at, clock: () => ({ wall: new Date(held.at).toISOString(), mono: 1, boot: "b1" }) });
  return { ...tablet, tryAt: async (minute) => { held.at = NINE + minute * MINUTE; await tablet.sync.kick({ urgent: true }); } };
}

const from = (minute, to) => [minute, to].map((at) => new Date(NINE + at * MINUTE).toISOString());

test("a tablet that is back says since when it was without the office, once", async () => {
  const held = { at: NINE };
  const tablet = await tabletAt(held);
  await tablet.tryAt(0);
  held.away = true;
  for (const minute of [10, 12, 16, 20]) await tablet.tryAt(minute);
  held.away = false;
  held.hotel = true;
  await tablet.tryAt(24);
  held.hotel = false;
  await tablet.tryAt(26);
  assert.deepEqual(tablet.requests.at(-1).apart, [from(10, 26)]);
  await tablet.tryAt(27);
  assert.equal(tablet.requests.at(-1).apart, undefined);
});

test("a tablet that was asleep was not without the office meanwhile", async () => {
  const held = { at: NINE, away: true };
  const tablet = await tabletAt(held);
  for (const minute of [0, 3, 900, 904]) await tablet.tryAt(minute);
  held.away = false;
  await tablet.tryAt(960);
  assert.deepEqual(tablet.requests.at(-1).apart, [from(0, 3), from(900, 904)]);
});

test("what was said and not answered is said again", async () => {
  const held = { at: NINE, away: true };
  const tablet = await tabletAt(held);
  await tablet.tryAt(0);
  await tablet.tryAt(4);
  Object.assign(held, { away: false, answerIsLost: true });
  await tablet.tryAt(5);
  held.answerIsLost = false;
  await tablet.tryAt(6);
  assert.deepEqual(tablet.requests.slice(-2).map(({ apart }) => apart), [[from(0, 5)], [from(0, 6)]]);
});

test("a clock that is put back ends a stretch, and no more than twenty are kept", async () => {
  const held = { at: NINE, away: true };
  const tablet = await tabletAt(held);
  for (let hour = 30; hour > 0; hour -= 1) await tablet.tryAt(hour * 60);
  assert.equal(tablet.device.record().apart.length, 20);
});
