/** Keeps one desk open for the present unlock, and hears what pages have to say. */

import { makeAccesses } from "./accesses.js";
import { makeAlone } from "./alone.js";
import { pageAt, subjectsOf } from "./answers.js";
import { makeHandIn } from "./handin.js";
import { makePages } from "./pages.js";
import { officeTime, scopeOf } from "./scope.js";
import { tellOfIt, wipe } from "./wipe.js";

const URGENT = new Set(["online", "offline", "visible"]);
/** What the office says of a device that it wants no longer. */
const UNWANTED = new Set(["retire", "lost"]);

export function makeWatch({ world, store, manifest, openDevice, openKeys, openDesk }) {
  const pages = makePages(world);
  let opening = null;
  let desk = null;

  /** The device's record and the keys; a store that could not be opened is tried again by the next request. */
  function open() {
    opening ??= openDevice(store).then((device) => {
      const accesses = makeAccesses(world, store, device);
      const keys = openKeys(world, store, device, accesses.note);
      const handIn = makeHandIn(world, { store, device, accesses, revoked: refused });
      return { device, keys, accesses, handIn, alone: makeAlone(world, device) };
    }).catch((error) => { opening = null; throw error; });
    return opening;
  }

  /** `{desk}` or `{locked: why}`. */
  async function opened(options) {
    const { device, keys, accesses } = await open();
    const { bundle, locked } = await keys.find(options);
    if (!bundle) {
      await leave();
      return { locked };
    }
    if (desk?.unlock !== bundle.unlock) {
      leave();
      const mine = { unlock: bundle.unlock, opening: openDesk(world, store, device, manifest, bundle, { refused, accesses, gone, people: keys.people, pages, heir }) };
      desk = mine;
      mine.opening.then((at) => at.kick(), () => { if (desk === mine) desk = null; });
    }
    return { desk: await desk.opening };
  }

  /** The desk that came after another looks for what that one saved last. */
  const heir = async () => (await desk?.opening)?.kick();

  async function leave() {
    const old = desk;
    desk = null;
    // Whoever comes next must not see how much waits for somebody else.
    world.badge(0);
    (await old?.opening.catch(() => null))?.close();
  }

  /** The office wants this device no longer, does not know it, or does not know who is at it. Whether it is gone now. */
  async function refused(why) {
    const { device, keys, handIn } = await open();
    const person = keys.current()?.session?.actor.id;
    await leave();
    if (why === "unproven") {
      await keys.shut(person);
      return false;
    }
    await keys.forget();
    await world.forgetPush();
    if (!UNWANTED.has(why)) {
      await device.write({ refused: why });
      return false;
    }
    const isGone = await wipe(world, store, device);
    // Saved at the last moment: handed in as by any locked device, which is then told the same again. Nobody waits for
    // it here, because whoever asks may be it, or hold its lock.
    if (!isGone) handIn.run().catch(world.report);
    return isGone;
  }

  /** People who work here no longer lose their ways in. */
  async function gone(people) {
    const { device, keys } = await open();
    const { device_id: id } = device.record();
    const known = new Set((await keys.people(id)).map((one) => one.id));
    const leaving = people.filter((person) => known.has(person));
    for (const person of leaving) await keys.remove(id, person);
    if (leaving.includes(keys.current()?.session?.actor.id)) await signOut();
  }

  async function signOut() {
    const { keys } = await open();
    await leave();
    await keys.forget();
    await world.forgetPush();
  }

  async function signedIn() {
    const { keys } = await open();
    await leave();
    await keys.signedIn();
  }

  /** A message from a page, answered through its port; `page` is null for the browser's own background sync. */
  async function hear(message, page, port = null) {
    try {
      const answer = await heard(message, page);
      port?.postMessage(answer ?? { ok: true });
    } catch (error) {
      port?.postMessage({ error: "fault" });
      world.report(error);
    }
  }

  async function heard(message, page) {
    const { device, keys, handIn, alone } = await open();
    if (device.record()?.wiped) return tellOfIt(world, store, device);
    if (message.type === "hello") return greet(page);
    if (message.type === "enter") return keys.enter(message.given);
    if (message.type === "add way") return keys.add(message.given);
    if (message.type === "remove way") return removeWay(message.method);
    if (message.type === "export") return handIn.exported();
    if (message.type === "active") return keys.active();
    if (message.type === "lock") return lock();
    if (!device.record()?.device_id || device.record().refused) return undefined;
    await alone.tick();
    const { desk: at } = await opened({ online: false });
    if (!at) return whileLocked();
    if (message.type === "news read") return at.readNews();
    if (message.type === "printed") return printed(message.path, at);
    if (message.type === "certificate") {
      await device.write({ certificate: message.trouble });
      return at.tellStatus();
    }
    if (URGENT.has(message.type)) keys.resume().catch(world.report);
    return at.kick({ urgent: URGENT.has(message.type) });
  }

  /** A page went to paper without the network: noted here, by the page's name and its patient. */
  async function printed(path, at) {
    const { accesses } = await open();
    const found = pageAt(manifest, path);
    const whose = found ? subjectsOf(found.page, found.params, at.view(), scopeOf(at.session, officeTime(device.record(), world.now()), world.newId())) : [];
    for (const subject of whose.length ? whose : [null]) {
      await accesses.note({ kind: "print", actor: at.session.actor.id, subject, page: found?.page.name ?? "" });
    }
  }

  async function whileLocked() {
    const { keys, handIn } = await open();
    await handIn.run();
    await keys.suspend();
  }

  async function lock() {
    const { keys } = await open();
    await leave();
    await keys.lock();
  }

  async function removeWay(method) {
    const { keys } = await open();
    const session = keys.current()?.session;
    if (!session) return { error: "locked" };
    await keys.remove(session.device.id, session.actor.id, method);
    return { ok: true };
  }

  /** A page that just opened is given the keys to keep, and told how the device stands. */
  async function greet(page) {
    const { device, keys } = await open();
    // A browser that is no device asks again with every page, because that page may have enrolled it.
    const { desk: at } = await opened();
    page?.postMessage({ type: "keys", bundle: keys.current() });
    if (page) pages.come(page, at ?? null);
    if (!at) return void (device.record()?.device_id && whileLocked().catch(world.report));
    await keys.active();
    page?.postMessage(at.status());
    await at.kick();
  }

  return { pages, device: async () => (await open()).device, accesses: async () => (await open()).accesses, keys: async () => (await open()).keys, opened, lock, signOut, signedIn, hear };
}
