/** Tells the worker that somebody is here, and locks the device when nobody is, or when they say so. */

import { tell } from "./tell.js";

const TELL_EVERY_MS = 5_000;
const LOOK_EVERY_MS = 1_000;

let touched = Date.now();
let told = 0;
let idleMs = Infinity;

for (const type of ["pointerdown", "keydown", "wheel"]) document.addEventListener(type, touch, { capture: true, passive: true });

function touch() {
  touched = Date.now();
  if (touched - told < TELL_EVERY_MS) return;
  told = touched;
  tell({ type: "active" });
}

navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data.type === "active") touched = Math.max(touched, data.at);
  if (data.type !== "keys") return;
  idleMs = data.bundle?.idle_ms ?? Infinity;
  touched = Math.max(touched, data.bundle?.active_at ?? 0);
  for (const button of document.querySelectorAll("[data-lock]")) button.hidden = !data.bundle?.session;
});

document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-lock]")) tell({ type: "lock" });
});

document.addEventListener("visibilitychange", look);
setInterval(look, LOOK_EVERY_MS);

/** The worker has the last word: somebody may be at another page of this device. */
function look() {
  if (Date.now() - touched <= idleMs) return;
  // What was left open must not be read in the moment until the lock screen comes.
  if (!document.hidden) tell({ type: "tick" });
}
