/** Tells the worker what only a page notices, and the page's pill when the device's standing changed. */

import { tell } from "./tell.js";

const TICK_MS = 15_000;

navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data.type === "status") document.body.dispatchEvent(new CustomEvent("device-status", { detail: data }));
});

window.addEventListener("online", () => tell({ type: "online" }));
window.addEventListener("offline", () => tell({ type: "offline" }));
document.addEventListener("visibilitychange", () => { if (!document.hidden) tell({ type: "visible" }); });
setInterval(() => { if (!document.hidden) tell({ type: "tick" }); }, TICK_MS);
