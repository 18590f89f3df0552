/** Tells open pages what changed. A page that is still on its way, and cannot be told yet, hears of it when it has come. */

// A browser may give up a page on its way, which then never comes.
const ON_THEIR_WAY = 16;

export function makePages(world) {
  const coming = new Map();

  /** From here on, a page is rendered from what `desk` holds at the moment; `id` is what the browser will know it by. */
  function begun(id, desk) {
    if (!id) return;
    coming.set(id, { desk, missed: new Set() });
    if (coming.size > ON_THEIR_WAY) coming.delete(coming.keys().next().value);
  }

  /** `rows` are texts like `visit:0193…`; `except` is the page that is answered with them. */
  function changed(rows, except = null) {
    const all = [...rows, "entry", "device_state"];
    for (const { missed } of coming.values()) for (const row of all) missed.add(row);
    return world.tellPages({ type: "changed", rows: all }, except);
  }

  /** A page says that it is there and listens; `desk` is the one that is open now, or null. */
  function come(page, desk) {
    const known = coming.get(page.id);
    coming.delete(page.id);
    if (!known) return;
    // Locked meanwhile, or opened by somebody else: they must not be shown it.
    if (known.desk !== desk) page.postMessage({ type: "locked" });
    else if (known.missed.size) page.postMessage({ type: "changed", rows: [...known.missed] });
  }

  return { begun, changed, come };
}
