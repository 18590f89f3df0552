/** Tells the worker what only a page notices, and the page's pill when the device's standing changed. */

import { tell } from "./tell.js";

const TICK_MS = 15_000;

navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data.type === "locked" || data.type === "forget") badge(0);
  if (data.type !== "status") return;
  badge(data.needs);
  document.body.dispatchEvent(new CustomEvent("device-status", { detail: data }));
});

window.addEventListener("online", () => tell({ type: "online" }));
window.addEventListener("offline", () => tell({ type: "offline" }));
document.addEventListener("visibilitychange", () => { if (!document.hidden) tell({ type: "visible" }); });
/** On the app's icon: here too, because not every browser lets its worker. */
function badge(number) {
  (number ? navigator.setAppBadge?.(number) : navigator.clearAppBadge?.())?.catch(() => {});
}

setInterval(() => { if (!document.hidden) tell({ type: "tick" }); }, TICK_MS);
