/** Listens, while the page is looked at, for the office's word that something changed. */

import { tell } from "./tell.js";

const TRY_AGAIN_MS = 60_000;

let stream = null;
let retry = null;

function listen() {
  clearTimeout(retry);
  if (document.hidden || stream || !navigator.serviceWorker) return;
  stream = new EventSource("/sync/pokes");
  stream.addEventListener("poke", () => tell({ type: "poke" }));
  stream.addEventListener("error", () => {
    // The browser tries again after a lost connection, but gives up after a refusal.
    if (stream?.readyState !== EventSource.CLOSED) return;
    stop();
    retry = setTimeout(listen, TRY_AGAIN_MS);
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
