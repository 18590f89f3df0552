import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { standing } from "./worker/standing.js";
import { arrival, freshProfile, json, Office, unlocked, visit } from "./world.mjs";

const TODAY = "visits/main/2026-11-23";

beforeEach(freshProfile);

const statusOf = async (binder, id) => (await binder.load(TODAY))?.rows.get("visit")?.get(id)?.status ?? null;

test("a command leaves the outbox when its receipt row has arrived, and the rows with it", async () => {
  const office = new Office();
  office.put(TODAY, "visit", "v1", 1, visit("booked"));
  const tablet = await unlocked(office.answer);
  const command = arrival("v1");
  await tablet.outbox.append(command);
  await tablet.sync.kick();
  assert.ok(office.known.has(command.command_id));
  assert.deepEqual(tablet.outbox.pending(), []);
  assert.equal((await tablet.outbox.lastDecided())[0].outcome.outcome, "applied");
  assert.equal(await statusOf(tablet.binder, "v1"), "booked");
  assert.ok(tablet.changed.includes("visit"));
  const after = await unlocked(office.answer);
  assert.equal(await statusOf(after.binder, "v1"), "booked");
  assert.deepEqual(after.outbox.pending(), []);
});

test("an answer that was lost does not make a command happen twice", async () => {
  const office = new Office();
  let losses = 1;
  const tablet = await unlocked((request) => {
    const answer = office.answer(request);
    if (losses-- > 0) throw new TypeError("connection reset");
    return answer;
  });
  await tablet.outbox.append(arrival("v1"));
  await tablet.sync.kick();
  assert.equal(tablet.outbox.pending().length, 1);
  await tablet.sync.kick({ urgent: true });
  assert.equal(tablet.outbox.pending().length, 0);
  assert.equal(office.known.size, 1);
});

test("a command whose receipt never comes is handed in again until it is told", async () => {
  const office = new Office();
  const sent = [];
  const tablet = await unlocked((request) => {
    const answer = office.answer(request);
    sent.push(request.commands.length);
    return sent.length > 1 ? answer : answer.json().then((body) => json(200, { ...body, sheets: {} }));
  });
  await tablet.outbox.append(arrival("v1"));
  await tablet.sync.kick();
  assert.deepEqual(sent, [1, 1]);
  assert.deepEqual(tablet.outbox.pending(), []);
  assert.equal(office.known.size, 1);
});

test("a clock that is wrong by more than two minutes is said with the next answer, and no longer once it is right", async () => {
  const office = new Office();
  let wrong = 3 * 60;
  const at = () => Date.parse("2026-11-23T15:00:00Z") + wrong * 60_000;
  const tablet = await unlocked(office.answer, { now: at });
  const said = [];
  for (wrong of [180, -47, 1, 3, 0]) {
    await tablet.sync.kick();
    const { clock_ahead: ahead, clock_behind: behind } = standing({ device: tablet.device, outbox: tablet.outbox, attention: 0 });
    said.push([ahead, behind]);
  }
  assert.deepEqual(said, [[180, 0], [0, 47], [0, 0], [3, 0], [0, 0]]);
});

test("an answer that was long on its way says nothing against the clock", async () => {
  const office = new Office();
  let passed = 0;
  const tablet = await unlocked((request) => { passed = 4 * 60_000; return office.answer(request); }, { now: () => Date.parse("2026-11-23T14:58:30Z") + passed });
  await tablet.sync.kick();
  assert.deepEqual([tablet.device.record().clock_ahead, tablet.device.record().clock_behind], [0, 0]);
});
