/** Brings the service worker to this device, and lets a newer one take over when no open page has something typed in. */

import { reloadAfter, stayUntil } from "./leaving.js";
import { typedIn } from "./typed.js";

const OTHERS_ANSWER_MS = 300;
const LOOK_FOR_NEWER_MS = 60 * 60 * 1000;
const TRY_AGAIN_MS = 30 * 1000;

const others = new BroadcastChannel("daysheet-typed");
others.addEventListener("message", ({ data }) => {
  if (data === "typed?" && typedIn(document)) others.postMessage("typed");
});

if (navigator.serviceWorker) start();

async function start() {
  const workers = navigator.serviceWorker;
  let answeredBefore = workers.controller !== null;
  workers.addEventListener("controllerchange", () => {
    // The first worker of a device takes over a page that is as good as its own; a newer build's page may differ.
    // Who is on their way to another page comes to the newer build there.
    if (answeredBefore) setTimeout(() => { if (!typedIn(document)) location.reload(); }, reloadAfter());
    answeredBefore = true;
  });
  const known = workers.getRegistration();
  const registering = workers.register("/worker.js", { type: "module", updateViaCache: "none" });
  // WebKit loses a first worker for good, until it is closed, when the page that asked for it leaves while it begins.
  if (!answeredBefore) stayUntil(known.then((older) => older ?? registering));
  let registration;
  try {
    registration = await registering;
  } catch {
    // Without a worker the office answers each page; the page itself says how the device stands.
    return;
  }
  navigator.storage?.persist?.();
  const offer = () => letTakeOver(registration);
  registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", offer));
  document.addEventListener("visibilitychange", offer);
  setInterval(offer, TRY_AGAIN_MS);
  setInterval(() => registration.update().catch(() => {}), LOOK_FOR_NEWER_MS);
  offer();
}

async function letTakeOver(registration) {
  if (!registration.waiting || !registration.active || typedIn(document)) return;
  if (await someoneTyped()) return;
  registration.waiting?.postMessage({ type: "take-over" });
}

function someoneTyped() {
  return new Promise((resolve) => {
    const heard = ({ data }) => { if (data === "typed") done(true); };
    const done = (typed) => { others.removeEventListener("message", heard); resolve(typed); };
    others.addEventListener("message", heard);
    others.postMessage("typed?");
    setTimeout(() => done(false), OTHERS_ANSWER_MS);
  });
}
