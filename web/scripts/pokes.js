/** Listens, while the page is looked at, for the office's word that something changed. */

import { tell } from "./tell.js";

const RETRY_MS = 1_500;
const JITTER_MS = 1_000;

let stream = null;
let retry = null;

function listen() {
  clearTimeout(retry);
  if (document.hidden || stream || !navigator.serviceWorker) return;
  stream = new EventSource("/sync/pokes");
  // An office that answers again is handed what waits at once: the browser's own `online` knows only of the network.
  stream.addEventListener("open", () => tell({ type: "online" }));
  stream.addEventListener("poke", () => tell({ type: "poke" }));
  // The browser itself would never try again after a refusal.
  stream.addEventListener("error", () => {
    stop();
    retry = setTimeout(listen, RETRY_MS + Math.random() * JITTER_MS);
  });
}

function stop() {
  stream?.close();
  stream = null;
}

document.addEventListener("visibilitychange", () => (document.hidden ? stop() : listen()));
window.addEventListener("online", listen);
window.addEventListener("pagehide", stop);
window.addEventListener("pageshow", listen);
