/** A device that has been too long without the office hides patients: it may have been lost, and nobody could tell it so. */

const HOUR_MS = 3600 * 1000;

export function makeAlone(world, device) {
  const rules = () => device.record()?.rules ?? {};

  /** Since the last contact, by a clock that cannot be turned back: the latest time ever seen counts. */
  function hoursAlone() {
    const { contact_at: contact, latest_at: latest } = device.record() ?? {};
    return contact ? (Math.max(world.now(), latest ?? 0) - contact) / HOUR_MS : 0;
  }

  const hides = () => Boolean(rules().hours_alone) && hoursAlone() > rules().hours_alone;

  /** The instant at which patients will be hidden, once that is near; null before. */
  function hidesSoonAt() {
    const { hours_alone: most, warned_hours: warned } = rules();
    const alone = hoursAlone();
    if (!most || alone < most - warned || alone > most) return null;
    return new Date(device.record().contact_at + most * HOUR_MS).toISOString();
  }

  /** Called now and then, so that a clock set back later does not win time. */
  async function tick() {
    const { latest_at: latest } = device.record() ?? {};
    if (device.record()?.contact_at && world.now() - (latest ?? 0) > HOUR_MS) await device.write({ latest_at: world.now() });
  }

  return { hides, hidesSoonAt, tick };
}
