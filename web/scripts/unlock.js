/** The lock screen: a person says who they are and proves it; the worker opens the device or says why not. */

import { evaluated } from "./prf.js";
import { stretched } from "./stretch.js";
import { ask } from "./tell.js";

const PIN_LENGTH = 6;

const place = document.getElementById("lock");
let busy = false;

for (const radio of place?.querySelectorAll("[name=person]") ?? []) radio.addEventListener("change", choose);
for (const form of place?.querySelectorAll("form[data-method]") ?? []) {
  form.addEventListener("submit", (event) => { event.preventDefault(); enter(form); });
}
for (const field of place?.querySelectorAll("[name=pin]") ?? []) {
  field.addEventListener("input", () => { if (field.value.length === PIN_LENGTH) enter(field.form); });
}
choose();

/** Only the ways of the person who was chosen. */
function choose() {
  if (!place) return;
  const person = place.querySelector("[name=person]:checked")?.value;
  for (const ways of place.querySelectorAll("[data-ways-of]")) ways.hidden = ways.dataset.waysOf !== person;
  place.querySelector("[data-ways-of]:not([hidden]) input")?.focus();
}

async function enter(form) {
  if (busy) return;
  busy = true;
  say("");
  const buttons = form.querySelectorAll("button");
  for (const button of buttons) button.disabled = true;
  try {
    const brought = await bring(form);
    if (!brought) return;
    const answer = await ask({ type: "enter", given: { person: form.dataset.person, method: form.dataset.method, ...brought } });
    if (answer.ok) return void location.reload();
    tellWhy(form, answer);
  } catch {
    say(place.dataset.sayStopped);
  } finally {
    busy = false;
    for (const button of buttons) button.disabled = false;
  }
}

async function bring(form) {
  const { method, credentials, stretch } = form.dataset;
  if (method === "pin") return { pin: form.elements.pin.value };
  if (method === "passphrase") return { key: await stretched(form.elements.passphrase.value, stretch) };
  const found = await evaluated(credentials.split(" "));
  if (!found) say(place.dataset.sayNoPrf);
  return found;
}

function tellWhy(form, { error, left }) {
  for (const field of form.querySelectorAll("input")) field.value = "";
  form.querySelector("input")?.focus();
  // The keys are gone with the last guess, and the screen offers what is left.
  if (error === "closed") location.reload();
  else if (left) say(place.dataset.sayLeft.replace("{left}", String(left)));
  else say(place.dataset.sayWrong);
}

function say(words) {
  const notice = document.getElementById("lock-says");
  if (notice) {
    notice.textContent = words;
    notice.hidden = words === "";
  }
}
