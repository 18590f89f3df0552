/** Now, today, here and who: what a page or a command is given besides rows. */

/** The scope that answers.js wants for a session at this moment. */
export function scopeOf(session, now, seed) {
  const { site, actor, device, language } = session;
  return { site: { id: site.id, name: site.name }, actor, device: device.id, now: now.toISOString(), today: dayAt(site.zone, now), zone: site.zone, language, seed, purpose: device.purpose };
}

/**
 * The office's time, from the ms of this device's own clock: less what that was wrong by when the two last met. So the day
 * on the board is the office's, whatever the tablet takes it for.
 */
export function officeTime({ clock_ahead: ahead = 0, clock_behind: behind = 0 }, ms) {
  return new Date(ms + (behind - ahead) * 60_000);
}

/** The site's own calendar day, from its table of transitions: `[since in ms, minutes]`, oldest first. */
export function dayAt({ transitions }, now) {
  let minutes = 0;
  for (const [since, offset] of transitions) {
    if (since > now.getTime()) break;
    minutes = offset;
  }
  return new Date(now.getTime() + minutes * 60_000).toISOString().slice(0, 10);
}
