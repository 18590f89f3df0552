/** The world outside: storage, clock, network, randomness, locks and pages, in one object that a simulation can stand in for. */

import { openDB } from "../lib/idb.js";
import { newId } from "./ids.js";

const FORGOTTEN_WITHIN_MS = 2000;

export function browserWorld(scope, manifest) {
  const boot = newId();
  const pages = () => scope.clients.matchAll({ type: "window", includeUncontrolled: true });
  const mono = () => Math.round(performance.now());

  return {
    app: manifest.app,
    openDB,
    subtle: scope.crypto.subtle,
    random: (size) => scope.crypto.getRandomValues(new Uint8Array(size)),
    chance: () => Math.random(),
    newId: () => newId(),
    now: () => Date.now(),
    mono,
    clock: () => ({ wall: new Date().toISOString(), mono: mono(), boot }),
    timer: (work, ms) => scope.setTimeout(work, ms),
    clearTimer: (timer) => scope.clearTimeout(timer),
    timeout: (ms) => AbortSignal.timeout(ms),
    fetch: (...request) => scope.fetch(...request),
    locks: scope.navigator.locks,
    zip: "CompressionStream" in scope ? zip : null,
    report: (error) => console.error("daysheet", error),
    /** Not every browser says all of it to its worker, and some say nothing: `persisted` is null then. */
    async storage() {
      const { storage } = scope.navigator;
      const [persisted = null, estimate] = await Promise.all([storage?.persisted?.(), storage?.estimate?.()]);
      return { persisted, storage_used: Math.round((estimate?.usage ?? 0) / 1024) };
    },
    pages,
    askPage,
    async tellPages(message, except = null) {
      for (const page of await pages()) if (page.id !== except) page.postMessage(message);
    },
    /** On the app's icon, where there is one; nothing at 0. */
    badge(number) {
      const { navigator } = scope;
      (number ? navigator.setAppBadge?.(number) : navigator.clearAppBadge?.())?.catch(() => {});
    },
    notify: (title, options) => scope.registration.showNotification(title, options),
    openPage: (path) => scope.clients.openWindow(path),
    /** The push service forgets this browser; the office hears of it when it sends the next time. */
    async forgetPush() {
      const subscribed = scope.registration.pushManager?.getSubscription();
      const forgotten = subscribed?.then((subscription) => subscription?.unsubscribe()).catch(() => {});
      // A wipe waits for it, and not for a push service that does not answer.
      await Promise.race([forgotten, new Promise((resolve) => scope.setTimeout(resolve, FORGOTTEN_WITHIN_MS))]);
    },
    async wakeLater() {
      await scope.registration.sync?.register("daysheet").catch(() => {});
    },
  };
}

/** What a page answers, or null: a page may be frozen, gone, or too busy. */
function askPage(page, message, ms) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const give = (answer) => { clearTimeout(late); port1.close(); resolve(answer); };
    const late = setTimeout(() => give(null), ms);
    port1.onmessage = ({ data }) => give(data);
    page.postMessage(message, [port2]);
  });
}

function zip(text) {
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}
