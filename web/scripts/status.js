/** Tells the worker what only a page notices, and the page's pill when the device's standing changed. */

import { tell } from "./tell.js";

const TICK_MS = 15_000;

navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data.type === "locked" || data.type === "forget") badge(0);
  if (data.type !== "status") return;
  badge(data.needs);
  document.body.dispatchEvent(new CustomEvent("device-status", { detail: data }));
  clock(data);
  news(data);
});

window.addEventListener("online", () => tell({ type: "online" }));
window.addEventListener("offline", () => tell({ type: "offline" }));
document.addEventListener("visibilitychange", () => { if (!document.hidden) tell({ type: "visible" }); });

/** The banner is fetched when it would say something else; while all clocks agree, never. */
function clock({ clock_ahead: ahead, clock_behind: behind }) {
  const { ahead: shownAhead = 0, behind: shownBehind = 0 } = document.getElementById("clock")?.dataset ?? {};
  if (ahead !== Number(shownAhead) || behind !== Number(shownBehind)) document.body.dispatchEvent(new CustomEvent("clock-status"));
}

/** The same for what changed while the device was offline, where a page has room for it. */
function news({ news: count }) {
  const place = document.getElementById("news");
  if (place && count !== Number(place.dataset.count ?? 0)) document.body.dispatchEvent(new CustomEvent("news-status"));
}

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-news-read]")) tell({ type: "news read" });
});

/** On the app's icon: here too, because not every browser lets its worker. */
function badge(number) {
  (number ? navigator.setAppBadge?.(number) : navigator.clearAppBadge?.())?.catch(() => {});
}

setInterval(() => { if (!document.hidden) tell({ type: "tick" }); }, TICK_MS);
