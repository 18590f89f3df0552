"""A device that could not reach the office says since when, once it can."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from backend.clock import Reading, instant, wall_elapsed
from backend.commands import FACT, Command, handles
from backend.deciding import sent_by_us
from backend.devices import Known, find_device_by_id
from backend.downtime.models import Apart
from backend.downtime.reckoning import was_drilling
from backend.errors import Missing
from backend.fields import Id
from backend.identity import NOBODY
from backend.ids import derived, new_id
from backend.performing import perform
from backend.serving import Office
from backend.timetable import asked_by_office
from backend.work import Site, Work

# More than any device says at once, and no more than anybody would read.
MOST_STRETCHES = 20


class RecordApart(Command, tag="downtime.record_apart", truth=FACT, title="Was without the office", roles=NOBODY):
    """A device tried to reach the office and could not, from when to when. It said so when it could again."""

    apart_id: Id
    device_id: Id
    from_at: datetime
    to_at: datetime


@handles(RecordApart)
def record_apart(told: RecordApart, work: Work) -> None:
    device = find_device_by_id(work.session, told.device_id)
    if device is None:
        raise Missing("There is no such device.")
    known = work.session.get(Apart, told.apart_id)
    if known is None:
        times = {"from_at": told.from_at, "to_at": told.to_at}
        work.session.add(Apart(id=told.apart_id, device_id=device.id, site_id=device.site_id, **times))
    elif told.to_at > known.to_at:
        # The office's answer was lost, so that the device did not know that it was back.
        known.to_at = told.to_at
    else:
        work.noop("already_known", "")


class Stretch(NamedTuple):
    """When a device was without the office, by the office's clock; `began` as the device spells it."""

    began: str
    from_at: datetime
    to_at: datetime


def note_apart(said: Any, device: Known, site: Site, clock: Reading | None, office: Office, now: datetime) -> None:
    """Record what a device says of its time without the office, where it was long enough to be an outage.

    In a drill nothing is too short: whoever switched a tablet to flight mode for it reads that in the record.
    """
    stretches = read_stretches(said, clock, now)
    if not stretches:
        return
    shortest = timedelta(seconds=office.settings.outage_seconds)
    with office.database.read() as session:
        found = [
            stretch
            for stretch in stretches
            if stretch.to_at - stretch.from_at >= shortest or was_drilling(session, site.id, device.id, stretch.from_at)
        ]
    for stretch in found:
        fields = {
            "apart_id": derived(device.id, f"apart {stretch.began}"),
            "device_id": device.id,
            "from_at": instant(stretch.from_at),
            "to_at": instant(stretch.to_at),
        }
        perform(sent_by_us(RecordApart, new_id(), fields), asked_by_office(site, now), office.performer)


def read_stretches(said: Any, clock: Reading | None, now: datetime) -> list[Stretch]:
    """What can be believed of it: a device may be broken or hostile, and what does not fit is left out."""
    if not isinstance(said, list) or clock is None:
        return []
    found = []
    for pair in said[:MOST_STRETCHES]:
        if isinstance(pair, list) and len(pair) == 2 and all(isinstance(one, str) and len(one) <= 40 for one in pair):
            # Both were read before this request's clock, so whatever that is wrong by leaves nothing of it here.
            began, ended = (wall_elapsed(Reading(one, 0, ""), clock) for one in pair)
            if began is not None and ended is not None and began > ended:
                found.append(Stretch(pair[0], now - began, now - ended))
    return found
