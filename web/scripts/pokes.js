/** Listens, while the page is looked at, for the office's word that something changed. */

import { tell } from "./tell.js";

const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 60_000;

let stream = null;
let retry = null;
let wait = FIRST_RETRY_MS;

function listen() {
  clearTimeout(retry);
  if (document.hidden || stream || !navigator.serviceWorker) return;
  stream = new EventSource("/sync/pokes");
  stream.addEventListener("poke", () => { wait = FIRST_RETRY_MS; tell({ type: "poke" }); });
  // The browser itself would try every three seconds of a long outage, and never again after a refusal.
  stream.addEventListener("error", () => {
    stop();
    retry = setTimeout(listen, wait);
    wait = Math.min(wait * 2, LAST_RETRY_MS);
  });
}

function stop() {
  stream?.close();
  stream = null;
}

document.addEventListener("visibilitychange", () => (document.hidden ? stop() : listen()));
window.addEventListener("online", () => { wait = FIRST_RETRY_MS; listen(); });
window.addEventListener("pagehide", stop);
window.addEventListener("pageshow", listen);
