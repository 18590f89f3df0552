// The clock on the office's wall: a time of day as people write it, and the instant at which that clock shows it.

const WRITTEN = /^([0-9]{1,2})(?:[:.h]?([0-9]{2}))?(?:([ap])\.?(?:m\.?)?)?$/;
const DAY = /^(?:1[89]|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$/;
const TIME = /^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/;

// `8:05`, `805`, `2:10 pm` or `14.10` as "08:05", "14:10"; null for what is no time of day.
export function readTime(text) {
  const found = WRITTEN.exec(text.toLowerCase().replaceAll(" ", ""));
  if (!found) return null;
  let hour = Number(found[1]);
  const minute = Number(found[2] ?? 0);
  if (found[3]) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (found[3] === "p" ? 12 : 0);
  }
  // No office is open at two in the morning.
  else if (hour >= 1 && hour <= 5 && !text.startsWith("0")) hour += 12;
  return hour < 24 && minute < 60 ? `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}` : null;
}

// The instant, in UTC, of "08:05" on "2026-11-23"; null without a zone or for what is neither. Of two such instants,
// when clocks are set back, it is the first.
export function momentAt(day, time, zone) {
  const written = [[day, DAY], [time, TIME]].every(([text, form]) => typeof text === "string" && form.test(text));
  if (zone === null || !written) return null;
  const wall = Date.parse(`${day}T${time}:00.000Z`);
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(day)) return null;
  for (const [at, [, offset]] of zone.transitions.entries()) {
    const instant = wall - offset * 60_000;
    if (at + 1 === zone.transitions.length || instant < zone.transitions[at + 1][0]) return new Date(instant).toISOString();
  }
  return null;
}
