import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { COMMAND, synced, TODAY, V1, V2 } from "./boards.mjs";
import { freshProfile } from "./world.mjs";

beforeEach(freshProfile);

/** What a page is told that has come and says so. */
async function hello(watch, id) {
  const heard = [];
  await watch.hear({ type: "hello" }, { id, postMessage: (said) => heard.push(said) });
  return heard;
}

test("a page that was on its way when the device was locked is sent away, and the lock screen stays", async () => {
  const { ask, network, watch } = await synced();
  await ask("/board", { coming: "p" });
  network.up = false;
  await watch.lock();
  assert.ok((await hello(watch, "p")).some(({ type }) => type === "locked"));
  assert.equal((await ask("/board", { coming: "q" })).status, 503);
  assert.ok(!(await hello(watch, "q")).some(({ type }) => type === "locked"));
});

test("a page that was on its way when rows changed hears of them once it has come", async () => {
  const { ask, network, watch } = await synced();
  const come = async (id) => (await hello(watch, id)).filter(({ type }) => type === "changed").flatMap(({ rows }) => rows);
  assert.equal((await ask("/board", { coming: "p" })).text, "1:booked 2:booked");
  network.office.put(TODAY, "visit", V1, 2, { status: "arrived" });
  await watch.hear({ type: "poke" });
  await ask("/board", { coming: "q" });
  await ask(`/board/2026-11-23/${V2}/arrival`, { form: { _command_id: COMMAND }, partial: true });
  const both = await come("p");
  assert.ok(both.includes(`visit:${V1}`) && both.includes(`visit:${V2}`));
  const last = await come("q");
  assert.ok(!last.includes(`visit:${V1}`) && last.includes(`visit:${V2}`));
  assert.deepEqual([await come("p"), await come("q"), await come("somebody else")], [[], [], []]);
});
