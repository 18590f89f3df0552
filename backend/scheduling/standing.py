"""Where a visit stands: worked out from all that was seen to happen, in whatever order it was received."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from backend.scheduling.models import RANK, Visit, VisitEvent

ARRIVED, IDENTIFIED, CHECKED_IN = "arrived", "identified", "checked_in"
NEXT_ACTION = {ARRIVED: "identify", IDENTIFIED: "check_in", CHECKED_IN: ""}
# Minutes after which the board warns that somebody waits in this state; a setting once the office can edit it.
ALERT_MINUTES = {"arrived": 15, "checked_in": 20}


@dataclass
class Standing:
    """What is true of a visit now. Times are UTC; `about` says that a device's clock had to be believed."""

    status: str
    since: datetime
    arrived: VisitEvent | None = None
    identified: VisitEvent | None = None
    checked_in: VisitEvent | None = None
    cancelled: VisitEvent | None = None
    left: VisitEvent | None = None
    worked_in: bool = False
    last: VisitEvent | None = None
    next_action: str = ""
    notes: list[str] = field(default_factory=list)
    events: Sequence[VisitEvent] = ()  # all that was ever seen, what was undone since too


def standing(visit: Visit, events: Sequence[VisitEvent]) -> Standing:
    """The status is the highest that anybody saw; the time of a step is the earliest at which it was seen."""
    now = Standing(visit.booked_status, visit.booked_at, next_action="arrive", events=events)
    events = sorted((event for event in events if event.undone_by is None), key=lambda event: event.place)
    now.cancelled, now.left = earliest(events, "cancelled"), earliest(events, "left")
    now.worked_in = any(event.what == "worked_in" for event in events)
    if now.cancelled is not None:
        now.status, now.since = cancelled_status(now.cancelled), now.cancelled.happened_at
    for what in (ARRIVED, IDENTIFIED, CHECKED_IN):
        first = earliest(events, what)
        if first is None:
            continue
        setattr(now, what, first)
        now.next_action = NEXT_ACTION[what]
        if what != IDENTIFIED:
            now.status, now.since = what, first.happened_at
    if now.arrived is None and now.checked_in is not None:
        now.arrived = now.checked_in
    # A walk-in begins as nothing: only what was seen to happen makes it a visit.
    if visit.booked_status == "in_error" and visit.kind != "walk_in":
        now.status, now.since, now.next_action = "in_error", visit.booked_at, ""
    elif now.left is not None:
        now.status, now.since, now.next_action = "left_unseen", now.left.happened_at, ""
    elif visit.booked_status in RANK and RANK.index(visit.booked_status) > rank_of(now):
        now.status, now.since, now.next_action = visit.booked_status, visit.booked_at, ""
    elif visit.booked_status == "left_unseen":
        now.status, now.since, now.next_action = "left_unseen", visit.booked_at, ""
    if now.status == "in_error":
        now.next_action = ""
    now.last = events[-1] if events else None
    now.notes = [event.note for event in events if event.note]
    return now


def earliest(events: Sequence[VisitEvent], what: str) -> VisitEvent | None:
    """Who saw this step first."""
    seen = [event for event in events if event.what == what]
    return min(seen, key=lambda event: (event.happened_at, event.place)) if seen else None


def cancelled_status(event: VisitEvent) -> str:
    """Who called it off is told apart: to a manager these are two different things."""
    return "cancelled_by_office" if event.detail.startswith("office ") else "cancelled_by_patient"


def rank_of(now: Standing) -> int:
    """How far along it is; what stands beside the rank is below all of it, but a cancellation is after the booking."""
    if now.status in RANK:
        return RANK.index(now.status)
    return -1 if now.cancelled is None else RANK.index("confirmed")


def without(visit: Visit, events: Sequence[VisitEvent], command_id: str) -> Standing:
    """How the visit would stand had this command not been given: what an undo of it will show."""
    return standing(visit, [event for event in events if event.command_id != command_id])
