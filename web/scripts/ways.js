/** On the page of the device: a person adds their own ways in, and takes their unsent work with them as a file. */

import { toBase64url } from "../worker/bytes.js";
import { baseKey, evaluated } from "./prf.js";
import { freshSalt, stretched } from "./stretch.js";
import { ask } from "./tell.js";

const LONG_ENOUGH = 12;

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-way]");
  if (!form) return;
  event.preventDefault();
  event.stopPropagation();
  add(form).catch(() => say(form, "sayStopped"));
});

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-export]");
  if (button) save(button);
  const remove = target.closest("[data-remove-way]");
  if (remove) ask({ type: "remove way", method: remove.dataset.removeWay }).then(() => location.reload());
});

/** A passkey that was just made for signing in opens this device too, where it can. */
document.addEventListener("passkey-added", async ({ detail: { credentialId, prf } }) => {
  if (prf) await ask({ type: "add way", given: { method: "passkey", credential: toBase64url(credentialId), key: await baseKey(prf) } });
});

async function add(form) {
  const given = await read(form);
  if (!given) return;
  const answer = await ask({ type: "add way", given: { method: form.dataset.way, ...given } });
  if (answer.ok) return void location.reload();
  say(form, answer.error === "office" || answer.error === "signed_out" ? "sayOffice" : answer.error === "another" ? "sayAnother" : "sayStopped");
}

async function read(form) {
  if (form.dataset.way === "passkey") {
    const found = await evaluated();
    return found ?? void say(form, "sayNoPrf");
  }
  const [secret, again] = [form.elements.secret.value, form.elements.again.value];
  if (secret !== again) return void say(form, "sayDiffers");
  if (form.dataset.way === "pin") return /^[0-9]{6}$/.test(secret) && !isEasy(secret) ? { pin: secret } : void say(form, "sayEasy");
  if (secret.length < LONG_ENOUGH) return void say(form, "sayEasy");
  const salt = freshSalt();
  return { salt, key: await stretched(secret, salt) };
}

/** The PINs that everybody tries first: one digit, or digits in a row. */
function isEasy(pin) {
  const steps = new Set([...pin].slice(1).map((digit, at) => Number(digit) - Number(pin[at])));
  return steps.size === 1 && [-1, 0, 1].includes([...steps][0]);
}

async function save(button) {
  const work = await ask({ type: "export" });
  if (work.error) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(work)], { type: "application/json" }));
  link.download = button.dataset.export;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function say(form, which) {
  const notice = form.querySelector("[data-says]");
  notice.textContent = form.dataset[which] ?? "";
  notice.hidden = false;
}
