/** Fetches again the parts of this page whose rows changed, but never under somebody's hands. */

import { typedIn } from "./typed.js";

const AFTER_THE_CLICK_MS = 80;
const LOOK_AGAIN_MS = 1000;
const FEW = 8;

const waiting = new Set();
const underWay = new Set();
const overtaken = new Set();
const asked = new Map();
let pressed = null;
let timer = null;
let leftSo = new WeakSet();

navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data.type !== "changed") return;
  for (const part of document.querySelectorAll("[data-repaint]")) {
    const kinds = part.dataset.repaint.split(/\s+/);
    const changed = data.rows.filter((row) => kinds.includes(row.split(":")[0]));
    for (const one of changed.length ? smallest(part, changed) : []) waiting.add(one);
  }
  repaint();
});

/** The changed rows themselves where the part says that its rows can be fetched alone, else the whole part. */
function smallest(part, changed) {
  if (!("rows" in part.dataset) || changed.length > FEW) return [part];
  const rows = changed.map((row) => part.querySelector(`[data-row="${CSS.escape(row)}"]`));
  return rows.every((row) => row !== null) ? rows : [part];
}

document.addEventListener("pointerdown", ({ target }) => { pressed = target; }, true);
for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, () => { pressed = null; lookAgain(AFTER_THE_CLICK_MS); }, true);
}
document.addEventListener("focusout", () => lookAgain(AFTER_THE_CLICK_MS));

// What a person opened or closed stays so, until an answer to something they sent says otherwise.
document.addEventListener("click", ({ target }) => {
  const summary = target.closest?.("summary");
  if (summary) leftSo.add(summary.parentElement);
}, true);
window.htmx.registerExtension("left-so", {
  htmx_before_morph_attr: (element, { attrName }) => attrName !== "open" || !leftSo.has(element),
});

document.addEventListener("htmx:before:request", ({ target, detail: { ctx } }) => {
  if (isRepaint(ctx)) return void underWay.add(target);
  asked.set(ctx, ctx.target);
  if (ctx.request.method === "POST") leftSo = new WeakSet();
  for (const part of underWay) if (meet(part, ctx.target)) overtaken.add(part);
});
// What a person asked for is newer than what was fetched before it by itself, whichever comes back first.
document.addEventListener("htmx:before:response", (event) => {
  const { target, detail: { ctx } } = event;
  if (!isRepaint(ctx) || !overtaken.has(target)) return;
  event.preventDefault();
  waiting.add(target);
});
document.addEventListener("htmx:finally:request", ({ target, detail }) => {
  asked.delete(detail.ctx);
  if (isRepaint(detail.ctx)) {
    underWay.delete(target);
    if (overtaken.delete(target)) lookAgain(AFTER_THE_CLICK_MS);
  }
  // A row that is no longer on the list is gone from it only when the list is fetched.
  if (detail.ctx.response?.status === 404) waiting.add(target.closest("[data-repaint]") ?? target);
  // What was fetched before a tap took effect may be swapped in after it.
  if (detail.ctx.request.method === "POST") {
    for (const part of underWay) waiting.add(part);
    lookAgain(AFTER_THE_CLICK_MS);
  }
});

function repaint() {
  // First what a person sent and waits for; then what may have changed by it.
  if ([...asked.keys()].some(({ request }) => request.method === "POST")) return void lookAgain(AFTER_THE_CLICK_MS);
  for (const part of waiting) {
    if (!part.isConnected) waiting.delete(part);
    else if (!isInUse(part)) {
      waiting.delete(part);
      part.dispatchEvent(new CustomEvent("repaint"));
    }
  }
  if (waiting.size) lookAgain(LOOK_AGAIN_MS);
}

function lookAgain(ms) {
  if (!waiting.size) return;
  clearTimeout(timer);
  timer = setTimeout(repaint, ms);
}

const isRepaint = (ctx) => ctx.sourceEvent?.type === "repaint";

const meet = (part, other) => other instanceof Element && (part.contains(other) || other.contains(part));

function isInUse(part) {
  const focused = document.activeElement;
  return part.contains(pressed)
    || underWay.has(part)
    || [...asked.values()].some((target) => meet(part, target))
    || (part.contains(focused) && focused.matches("input, textarea, select"))
    || typedIn(part);
}
