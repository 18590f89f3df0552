"""A patient who was here left without being seen, and may be given another time."""

from datetime import datetime

from backend.clock import office_day
from backend.commands import REQUEST, Command, handles, undoes
from backend.errors import Refused
from backend.fields import Id
from backend.scheduling.models import Visit
from backend.scheduling.times import is_free
from backend.scheduling.visits import find_visit, record, show, stands, take_back
from backend.work import Work


class RecordLeft(Command, tag="scheduling.record_left", truth=REQUEST, title="Left without being seen"):
    """Somebody who was here went home; with `again_at`, they are booked with the same provider for then."""

    visit_id: Id
    again_at: datetime | None = None


@handles(RecordLeft)
def record_left(gone: RecordLeft, work: Work) -> None:
    visit = find_visit(gone.visit_id, work)
    before = stands(visit, work)
    if before.left is not None:
        return work.noop("already_left", "It was already noted that the patient left.")
    if before.arrived is None:
        raise Refused("Nobody has arrived for this visit.", "not_here")
    if gone.again_at is not None:
        book_again(visit, gone.again_at, work)
    record(visit, before, "left", "scheduling.record_left", work)
    return None


def book_again(visit: Visit, at: datetime, work: Work) -> None:
    """Another visit of the same kind, if the time is still free."""
    if not is_free(visit.provider_id, at, work):
        raise Refused("That time is taken by now.", "time_taken")
    again = Visit(
        id=work.new_id("again"), site_id=visit.site_id, patient_id=visit.patient_id, provider_id=visit.provider_id,
        room_id=visit.room_id, type=visit.type, minutes=visit.minutes, reason=visit.reason, kind="scheduled",
        starts_at=at, day=office_day(at, work.site.zone_name), booked_status="booked", status="booked",
        booked_at=work.happened_at,
    )  # fmt: skip
    work.session.add(again)
    work.session.flush()
    show(again.id, work)


@undoes(RecordLeft)
def take_leaving_back(command_id: str, _gone: RecordLeft, work: Work) -> None:
    """Whoever was booked again stays booked: that is called off by itself."""
    take_back(command_id, work)
