// The process that plays: the office's host, the worker's modules (with a bug in them, if asked), and one question a line.

import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { BUGS } from "./bugs.mjs";
import { Chance, FAULTS } from "./chance.mjs";
import { play } from "./history.mjs";
import { openHost } from "./host.mjs";
import { JOURNEYS } from "./journeys.mjs";
import { prepared } from "./morning.mjs";
import { Sitting } from "./sitting.mjs";

const TABLETS = { "Tablet 1": ["ana", "ben"], "Tablet 2": ["ben", "ana"], Desk: ["maria"] };
const folder = process.cwd();

/** The real modules of a build. */
async function modulesOf(build) {
  const from = (name) => import(join(folder, build, "worker", name));
  const [{ makeWatch }, { openDevice }, { openKeys }, { openDesk }, { openStore }, { dayAt }] = await Promise.all(
    ["watch.js", "device.js", "keys.js", "desk.js", "store.js", "scope.js"].map(from),
  );
  return { makeWatch, openDevice, openKeys, openDesk, openStore, dayAt };
}

/** What answers a browser's pages there. */
async function pagesOf(build) {
  const from = (name) => import(join(folder, build, "worker", name));
  const [{ makeRespond }, { routeOf }, { templates }] = await Promise.all(["respond.js", "routes.js", "templates.js"].map(from));
  return { makeRespond, routeOf, templates };
}

/** The same with one planted bug. */
async function buggy(name) {
  const { file, right, wrong } = BUGS[name];
  const build = `build-${Object.keys(BUGS).indexOf(name)}`;
  if (!existsSync(join(folder, build))) {
    cpSync(join(folder, "build", "worker"), join(folder, build, "worker"), { recursive: true });
    symlinkSync(join(folder, "build", "lib"), join(folder, build, "lib"));
    writeFileSync(join(folder, build, "package.json"), '{"type": "module"}');
    const source = readFileSync(join(folder, "build", "worker", file), "utf-8");
    if (source.split(right).length !== 2) throw new Error(`${name}: the place is not there any more`);
    writeFileSync(join(folder, build, "worker", file), source.replace(right, () => wrong));
  }
  return modulesOf(build);
}

const [python, root] = process.argv.slice(2);
const host = await openHost(python, folder, root);
const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf-8"));
const house = { host, manifest, kinds: host.kinds, modules: await modulesOf("build") };
const calm = new Chance(1);
calm.faulty = false;
house.profiles = await prepared(house, calm, TABLETS);

// What a browser only logs: requests of a transaction that was aborted under them.
const unheard = [];
process.on("unhandledRejection", (error) => { if (!(error instanceof DOMException)) unheard.push(String(error?.stack ?? error)); });
const heard = (told) => ({ ...told, violations: [...told.violations, ...unheard.splice(0)] });

let sitting = null;
const QUESTIONS = {
  bugs: () => Object.fromEntries(Object.entries(BUGS).map(([name, { seed }]) => [name, seed])),
  faults: () => FAULTS,
  play: async ({ seed, bug = null }) => heard(await play(seed, bug ? { ...house, modules: await buggy(bug) } : house)),
  sit: async ({ most }) => {
    sitting = new Sitting(house, await pagesOf("build"), most);
    await sitting.begin();
    return house.host.things;
  },
  act: ({ act, ...given }) => sitting[act](given),
  rise: () => [...sitting.end(), ...unheard.splice(0)],
  journey: async ({ name }) => heard(await JOURNEYS[name](house)),
};

process.stdout.write("ready\n");
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  let said;
  try {
    const [what, given] = JSON.parse(line);
    said = { answer: await QUESTIONS[what](given) };
  } catch (error) {
    said = { error: String(error.stack ?? error) };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
host.close();
