/** Tells open pages which rows changed. A page that is still on its way, and cannot be told yet, hears of it when it has come. */

// A browser may give up a page on its way, which then never comes.
const ON_THEIR_WAY = 16;

export function makePages(world) {
  const missed = new Map();

  /** From here on, a page is rendered from the rows of the moment; `id` is what the browser will know it by. */
  function begun(id) {
    if (!id) return;
    missed.set(id, new Set());
    if (missed.size > ON_THEIR_WAY) missed.delete(missed.keys().next().value);
  }

  /** `rows` are texts like `visit:0193…`; `except` is the page that is answered with them. */
  function changed(rows, except = null) {
    const all = [...rows, "entry", "device_state"];
    for (const later of missed.values()) for (const row of all) later.add(row);
    return world.tellPages({ type: "changed", rows: all }, except);
  }

  /** A page says that it is there and listens. */
  function come(page) {
    const rows = missed.get(page.id);
    missed.delete(page.id);
    if (rows?.size) page.postMessage({ type: "changed", rows: [...rows] });
  }

  return { begun, changed, come };
}
