"""Visits, for the rooms that do something with them: find one, record what happened to it, take that back."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.clock import office_day
from backend.errors import Refused
from backend.patients import shown_by_patient
from backend.scheduling.models import Visit, VisitEvent
from backend.scheduling.standing import Standing, standing
from backend.work import Work

WALK_IN_MINUTES = 20


class OnPaper(NamedTuple):
    """A line on paper that is typed in afterwards: who wrote it, and the time as it was written."""

    by: str
    at: datetime
    about: bool


# How a visit is painted about which nothing was seen yet, or only that its patient came.
NOTHING_YET: dict[str, Any] = {
    "identity": [], "identity_at": None, "identity_by": None, "checked_in_at": None, "checked_in_by": None,
    "notes": [], "about_steps": [], "unknown_steps": [], "cancelled_at": None, "cancelled_by": None,
    "cancel_called": None, "cancel_reason": None, "slot_given": False, "paper_by": None,
}  # fmt: skip
# Put together once: that costs more than the database takes to answer.
EVENTS_OF = select(VisitEvent).where(VisitEvent.visit_id == bindparam("visit_id")).order_by(VisitEvent.place)


def find_visit(visit_id: str, work: Work) -> Visit:
    """The visit, locked. A fact about a visit that the office does not know makes a stub of it, flagged."""
    visit = known_visit(visit_id, work)
    if visit is None:
        visit = new_visit(visit_id, None, "Visit", work)
        work.flag("unknown_visit", "This entry names a visit the office does not know. Find out whose it is.")
    work.about(visit.patient_id)
    return visit


def new_visit(visit_id: str, patient_id: str | None, type: str, work: Work, paper: OnPaper | None = None) -> Visit:
    """A visit of somebody who simply came: it starts when they did."""
    came_at = paper.at if paper else work.happened_at
    visit = Visit(
        id=visit_id,
        site_id=work.site.id,
        day=office_day(came_at, work.site.zone_name),
        starts_at=came_at,
        minutes=WALK_IN_MINUTES,
        patient_id=patient_id,
        type=type,
        kind="walk_in",
        booked_status="booked",
        booked_at=came_at,
        status="booked",
    )
    work.session.add(visit)
    work.session.flush()
    return visit


def known_visit(visit_id: str, work: Work) -> Visit | None:
    """The visit if there is one, locked. Another site's is nobody's here to touch."""
    visit = work.session.get(Visit, visit_id, with_for_update=True)
    if visit is not None:
        work.keep_to_site(visit.site_id)
    return visit


def events_of(session: Session, visit_id: str) -> list[VisitEvent]:
    """Everything that was seen to happen to the visit, in the order of receipt."""
    return list(session.scalars(EVENTS_OF, {"visit_id": visit_id}))


def stands(visit: Visit, work: Work) -> Standing:
    """Where the visit stands now."""
    return standing(visit, events_of(work.session, visit.id))


def record(
    visit: Visit,
    before: Standing,
    what: str,
    command: str,
    work: Work,
    detail: str = "",
    note: str = "",
    paper: OnPaper | None = None,
) -> Standing:
    """Keep what was seen, and let the visit stand where that puts it; `before` is where it stood until now."""
    event = VisitEvent(
        command_id=work.command_id,
        visit_id=visit.id,
        place=len(before.events) + 1,
        what=what,
        command=command,
        actor_id=work.actor.id,
        device_id=work.device.id,
        happened_at=paper.at if paper else work.happened_at,
        happened_about=paper.about if paper else work.happened_about,
        paper_by=paper.by if paper else None,
        received_at=work.received_at,
        detail=detail,
        note=note,
    )
    work.session.add(event)
    now = standing(visit, [*before.events, event])
    visit.status = now.status
    show(visit.id, work)
    return now


def show(visit_id: str, work: Work) -> None:
    """Have the visit shown anew, and how long somebody waits: that is all a manager's phone has of it."""
    work.publish("visit", visit_id)
    work.publish("wait", visit_id)


@shown_by_patient
def show_visits_of(patient_id: str, work: Work) -> None:
    """Every visit that names this patient."""
    for visit_id in work.session.scalars(select(Visit.id).where(Visit.patient_id == patient_id)):
        work.publish("visit", visit_id)


def take_back(command_id: str, work: Work) -> None:
    """Undo what a command recorded, unless something that needs it was recorded since."""
    event = work.session.get(VisitEvent, command_id)
    if event is None:
        return work.noop("nothing_recorded", "That entry recorded nothing on the visit.")
    visit = known_visit(event.visit_id, work)
    assert visit is not None
    work.about(visit.patient_id)
    if event.undone_by is not None:
        return work.noop("already_undone", "It was already undone.")
    events = events_of(work.session, visit.id)
    if built := built_on(event, events):
        raise Refused(f"It cannot be undone now: the patient has been {built} since. Undo that first.", "built_upon")
    event.undone_by = work.command_id
    visit.status = standing(visit, events).status
    show(visit.id, work)
    return None


def built_on(event: VisitEvent, events: list[VisitEvent]) -> str | None:
    """In words, the later step that rests on this one. Another witness of the same step carries it just as well."""
    left = [other for other in events if other.undone_by is None and other is not event]
    if any(other.what == event.what for other in left):
        return None
    steps = {"arrived": ("identified", "checked_in"), "identified": ("checked_in",), "checked_in": ()}
    words = {"identified": "identified", "checked_in": "checked in"}
    later = [other.what for other in left if other.what in steps.get(event.what, ())]
    return words[later[-1]] if later else None
