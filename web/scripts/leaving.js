/** Keeps a tap for a moment while leaving would spoil what the page has begun, and a reload while somebody leaves. */

/** A page that is being left is gone by then. */
export const LEFT_BY_THEN_MS = 2_000;
/** Also where a newer worker must first start and open what it holds, on a slow tablet. */
const LEFT_FOR_NEWER_BY_THEN_MS = 10_000;
const AT_MOST_MS = 5_000;

let busy = Promise.resolve();
let leftAt = -LEFT_FOR_NEWER_BY_THEN_MS;
window.addEventListener("beforeunload", () => { leftAt = performance.now(); });

/** How long a reload, which would stop who leaves, waits: not at all, unless somebody is leaving. What was downloaded left no page. */
export const reloadAfter = () => (performance.now() - leftAt < LEFT_FOR_NEWER_BY_THEN_MS ? LEFT_FOR_NEWER_BY_THEN_MS : 0);

/** Whoever leaves by a script waits for this. */
export const mayLeave = () => busy;

/** Until `done` settles, or for five seconds, the first form or link that leaves this page waits; then it is followed. */
export function stayUntil(done) {
  const listening = new AbortController();
  const early = { capture: true, signal: listening.signal };
  let follow = null;
  const keep = (event, again) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    follow ??= again;
  };
  document.addEventListener("submit", (event) => keep(event, () => event.target.requestSubmit(event.submitter)), early);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (link && leaves(link, event)) keep(event, () => link.click());
  }, early);
  const late = new Promise((resolve) => setTimeout(resolve, AT_MOST_MS));
  busy = Promise.race([done.catch(() => {}), late]).then(() => {
    listening.abort();
    follow?.();
  });
}

/** Not a jump within the page, and not into another tab. */
function leaves(link, { ctrlKey, metaKey, shiftKey }) {
  return !link.target && !link.getAttribute("href").startsWith("#") && !(ctrlKey || metaKey || shiftKey);
}
