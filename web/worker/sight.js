/** What there is to see: the binder's loaded sheets and the device's own rows, as the base that pending work is painted on. */

import { covers } from "./paths.js";

/** The sheet that no server sends: what the device says about itself. */
export const OWN_SHEET = "device";

export function seeing(binder, own) {
  function* sheets(patterns) {
    // Only when asked for by its name: its own rows are made by looking at everything else.
    if (patterns.includes(OWN_SHEET)) yield own();
    for (const name of binder.names()) {
      if (!covers(patterns, name)) continue;
      const rows = binder.rows(name);
      if (rows) yield rows;
    }
  }

  return {
    get(kind, id, patterns) {
      for (const rows of sheets(patterns)) {
        const row = rows.get(kind)?.get(id);
        if (row) return row;
      }
      return null;
    },
    rows(patterns, kind) {
      const found = [];
      for (const rows of sheets(patterns)) {
        const ofKind = rows.get(kind);
        if (ofKind) found.push(...ofKind.values());
      }
      return found;
    },
  };
}
