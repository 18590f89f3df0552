/** Puts a scanned text into the form that waits for one, and sends it: one after the other, none lost and none twice. */

const GIVEN_UP_MS = 10_000;

const waiting = [];
let sent = null;
let sentAt = -Infinity;
let timer = null;

const place = () => document.querySelector("[data-scan]:not(:disabled)");

/** Whether this page waits for scans at all. */
export const isWaitedFor = () => place()?.form != null;

export function give(text) {
  waiting.push(text);
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
