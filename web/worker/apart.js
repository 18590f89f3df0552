/** Apart: when this device tried to reach the office and could not, kept until the office was told. */

/** Awake, a device tries more often than this; a longer silence was sleep, and no outage. */
const ASLEEP_MS = 5 * 60 * 1000;
const MOST = 20;

/** What changes in the device's record when an attempt failed: the present stretch lasts until now, or one begins. */
export function failedAgain({ offline_since: since = null, apart = [] }, now) {
  const last = apart.at(-1);
  const stretch = goesOn(last, now) ? [...apart.slice(0, -1), [last[0], now]] : [...apart, [now, now]];
  return { offline_since: since ?? new Date(now).toISOString(), apart: stretch.slice(-MOST) };
}

/**
 * What a request says of it: `{apart: [[from, to], …]}` in instants, the last one until now if the device is awake since.
 * Now is what the request's own clock says: the office believes nothing that is later.
 */
export function told({ apart = [] }, { wall }) {
  if (!apart.length) return {};
  const now = Date.parse(wall);
  const last = apart.at(-1);
  const known = goesOn(last, now) ? [...apart.slice(0, -1), [last[0], now]] : apart;
  return { apart: known.map((stretch) => stretch.map((at) => new Date(at).toISOString())) };
}

/** What changes when the office answered. */
export const reached = { offline_since: null, apart: [] };

/** A clock that was put back ends a stretch as well: nothing could be said of how long it was. */
const goesOn = (last, now) => last !== undefined && now >= last[1] && now - last[1] <= ASLEEP_MS;
