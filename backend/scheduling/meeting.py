"""A visit was cancelled, and the patient is here: both are true, and a person says what becomes of it."""

from typing import NamedTuple
from zoneinfo import ZoneInfo

from backend.filters import clock_words, o_clock
from backend.scheduling.leaving import RecordLeft
from backend.scheduling.models import Visit
from backend.scheduling.standing import Standing
from backend.scheduling.times import free_weeks, holder_of
from backend.scheduling.working_in import WorkIn
from backend.staff import called
from backend.work import Work

CALLERS = {"patient": "the patient called", "family": "family called", "office": "the office called it off"}


class Cancellation(NamedTuple):
    """`at 8:40 am`, by `Ana Garrido`, `the patient called`."""

    when: str
    who: str
    caller: str


def came_anyway(visit: Visit, before: Standing, work: Work) -> str:
    """The patient of a visit that was given up is here. Returns the note that the visit keeps of it."""
    if before.status == "no_show":
        work.flag("came_anyway", "This visit was a no-show, and the patient is here. The visit is open again.")
        return ""
    told = cancellation(before, work)
    work.differs(f"Cancelled {told.when} by {told.who}, {told.caller}" if told else "Cancelled by the schedule")
    if before.cancelled is not None:
        work.tell(before.cancelled.actor_id)
    holder = holder_of(visit, work)
    if holder is None:
        work.flag("came_anyway", "This visit was cancelled, and the patient is here. The visit is open again.")
        work.offer("stays", "The patient is seen", "The visit goes on at its own time.")
    else:
        work.flag("slot_given_away", "This visit was cancelled and its time given away, and the patient is here.")
        work.differs("Another patient has the time since.")
        does = "The visit stays on today’s board as a walk-in, to be seen between the appointments."
        work.offer("work_in", "See today as a work-in", does, WorkIn(visit_id=visit.id))
        offer_another_time(visit, work)
    offer_leaving(visit, work)
    return f"Was cancelled {told.when} by {told.who}, {told.caller}." if told else "Was cancelled by the schedule."


def called_off_while_here(visit: Visit, before: Standing, work: Work) -> str:
    """A cancellation reached the office after the patient did. Returns the note that the visit keeps of it."""
    assert before.arrived is not None
    name = called(work.session, before.arrived.actor_id) or "somebody"
    work.flag("cancelled_but_here", "This visit was called off, and the patient is here. The visit stands.")
    work.differs(f"Arrived {clock_words(work.site.zone_name, before.arrived)}, seen by {name}")
    work.tell(before.arrived.actor_id)
    work.offer("stays", "The patient is seen", "The visit goes on at its own time.")
    offer_leaving(visit, work)
    return f"Called off {clock_words(work.site.zone_name, work)}, as {work.actor.name} was told; the patient was here."


def offer_leaving(visit: Visit, work: Work) -> None:
    """They went home."""
    work.offer("left", "The patient left", "The visit ends as left without being seen.", RecordLeft(visit_id=visit.id))


def offer_another_time(visit: Visit, work: Work) -> None:
    """The same time of the first week in which the provider is free then."""
    at = next(free_weeks(visit, work), None)
    if at is None:
        return
    on = at.astimezone(ZoneInfo(work.site.zone_name))
    when = f"{on:%m/%d/%Y}, {o_clock(on, 'en')}"
    does = f"The visit ends as left without being seen, and another is booked with the same provider for {when}."
    work.offer("again", "Book another time", does, RecordLeft(visit_id=visit.id, again_at=at))


def cancellation(before: Standing, work: Work) -> Cancellation | None:
    """What is known of it; nothing of another system's. Each sentence about it is said whole, to be translated."""
    if before.cancelled is None:
        return None
    who = called(work.session, before.cancelled.actor_id) or "somebody"
    caller = before.cancelled.detail.split()[0]
    return Cancellation(clock_words(work.site.zone_name, before.cancelled), who, CALLERS[caller])
