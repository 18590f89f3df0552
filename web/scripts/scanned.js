/**
 * Puts a scanned text where one is waited for, one after the other, none lost and none twice: into the form with
 * `data-scan`, which is sent; or, where a form has a list of codes, into its next empty line with `data-scan-line`.
 */

const GIVEN_UP_MS = 10_000;

const waiting = [];
let sent = null;
let sentAt = -Infinity;
let timer = null;

const place = () => document.querySelector("[data-scan]:not(:disabled)");
const lines = () => [...document.querySelectorAll("[data-scan-line]:not(:disabled)")];

/** Whether this page waits for scans at all. */
export const isWaitedFor = () => place()?.form != null || lines().length > 0;

export function give(text) {
  if (place() === null) enter(text);
  else waiting.push(text);
  document.dispatchEvent(new CustomEvent("scanned", { detail: { text } }));
  next();
}

// Whoever sends the form, it is under way; scripts/forms.js takes no second submit until it is back.
document.addEventListener("submit", ({ target }) => {
  if (target.contains(place())) [sent, sentAt] = [target, performance.now()];
}, true);
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (sent === null || (ctx.sourceElement !== sent && ctx.request.form !== sent)) return;
  [sent, sentAt] = [null, -Infinity];
  // The page's own listeners must have let go of the form before it is sent again.
  setTimeout(next);
});

/** A code that stands in a line already stays the one it is, and the others of the form are still to be typed. */
function enter(text) {
  const open = lines();
  const line = open.find(({ value }) => value === text) ?? open.find(({ value }) => value.trim() === "");
  if (!line) return;
  line.value = text;
  line.dispatchEvent(new Event("input", { bubbles: true }));
  line.scrollIntoView({ block: "nearest" });
}

function next() {
  clearTimeout(timer);
  const field = place();
  if (!waiting.length || !field?.form) return;
  const left = sentAt + GIVEN_UP_MS - performance.now();
  if (left > 0) {
    timer = setTimeout(next, left);
    return;
  }
  field.value = waiting.shift();
  // Where something else is missing, the browser says so, and the others wait until the person has sent the form.
  field.form.requestSubmit();
}
