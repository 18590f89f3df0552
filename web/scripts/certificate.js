/** When the office does not answer, finds out whether it is its certificate that this device will not take. */

import { certificateTrouble } from "../worker/certificate.js";
import { tell } from "./tell.js";

const ASK_EVERY_MS = 60_000;

let asked = -Infinity;

document.body.addEventListener("device-status", async ({ detail }) => {
  if (location.protocol !== "https:" || detail.online || Date.now() - asked < ASK_EVERY_MS) return;
  asked = Date.now();
  const register = (...given) => navigator.serviceWorker.register(...given);
  const trouble = await certificateTrouble({ now: () => Date.now(), register }, detail);
  if (trouble !== detail.certificate) tell({ type: "certificate", trouble });
});
