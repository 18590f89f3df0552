/** What there is to see: the binder's loaded sheets and the device's own rows, as the base that pending work is painted on. */

import { covers } from "./paths.js";

/** The sheet that no server sends: what the device says about itself. */
export const OWN_SHEET = "device";

/** What a device that was too long without the office still shows: the office's own pages, and itself. */
const NO_PATIENTS = ["office/*"];

/** `hides()` says whether patients are hidden now. */
export function seeing(binder, own, hides = () => false) {
  function* sheets(patterns) {
    // Only when asked for by its name: its own rows are made by looking at everything else.
    if (patterns.includes(OWN_SHEET)) yield own();
    for (const name of binder.names()) {
      if (!covers(patterns, name) || (hides() && !covers(NO_PATIENTS, name))) continue;
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
