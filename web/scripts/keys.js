/** Keeps the keys of the present unlock for the worker, which the browser may stop at any moment. */

import { LEFT_BY_THEN_MS } from "./leaving.js";
import { tell } from "./tell.js";

const LOCKED = 503;

/** Never stored and never on `window`: gone with the page. */
let bundle = null;

navigator.serviceWorker?.addEventListener("message", ({ data, ports }) => {
  if (data.type === "keys?") ports[0]?.postMessage(bundle);
  else if (data.type === "keys") {
    bundle = data.bundle;
    // A page whose own navigation locked or unlocked the device leaves by itself.
    if (isLockScreen() && bundle?.session) setTimeout(() => location.reload(), LEFT_BY_THEN_MS);
  } else if (data.type === "active") {
    if (bundle) bundle.active_at = data.at;
  } else if (data.type === "locked") {
    // Nothing of a patient stays in sight; the page that leaves still hands the keys to the one that comes.
    if (!isLockScreen()) location.reload();
  } else if (data.type === "forget") {
    bundle = null;
    // The others must not go on showing what they show.
    setTimeout(() => { if (bundle === null) location.reload(); }, LEFT_BY_THEN_MS);
  }
});

const hello = () => tell({ type: "hello" });
window.addEventListener("pageshow", ({ persisted }) => { if (persisted) hello(); });
hello();

if (isLockScreen()) window.addEventListener("online", () => location.reload());

function isLockScreen() {
  return performance.getEntriesByType("navigation")[0]?.responseStatus === LOCKED;
}
