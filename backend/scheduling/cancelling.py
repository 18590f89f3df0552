"""A visit is cancelled: somebody called, and says why."""

from typing import Annotated

from backend.commands import FACT, Command, handles, undoes
from backend.effects import Patch, Undoing
from backend.errors import Refused
from backend.fields import Choice, Id, Label
from backend.scheduling.meeting import called_off_while_here, cancellation
from backend.scheduling.models import VisitEvent
from backend.scheduling.times import holder_of
from backend.scheduling.visits import find_visit, known_visit, record, stands, take_back
from backend.values import actor, command, field, now, row
from backend.work import Work

REASONS = (
    "feels_better",
    "too_ill",
    "work_or_school",
    "no_ride",
    "cost",
    "weather",
    "another_time",
    "provider_away",
    "other",
)
CALLED = ("patient", "family", "office")
# Before anybody came; what stands beside or above that is not painted over.
STILL_BOOKED = (row.status, "in", ["booked", "confirmed"])
PAINT = {
    "status_since": now, "cancelled_at": now, "cancelled_by": actor, "cancel_called": field.called,
    "cancel_reason": field.reason, "status_before": row.status, "since_before": row.status_since,
    "next_before": row.next_action, "next_action": "arrive", "last_command": "scheduling.cancel_visit",
    "last_command_id": command, "can_undo": True,
}  # fmt: skip


class CancelVisit(
    Command,
    tag="scheduling.cancel_visit",
    truth=FACT,
    title="Cancelled",
    effect=[
        Patch(
            "visit", field.visit_id, when=[(field.called, "eq", "office"), STILL_BOOKED],
            **PAINT, status="cancelled_by_office",
        ),
        Patch(
            "visit", field.visit_id, when=[(field.called, "ne", "office"), STILL_BOOKED],
            **PAINT, status="cancelled_by_patient",
        ),
    ],
    undo=Undoing(
        "visit", status=row.status_before, status_since=row.since_before, next_action=row.next_before,
        cancelled_at=None, cancelled_by=None, cancel_called=None, cancel_reason=None,
        last_command=None, last_command_id=None, can_undo=False,
    ),
    server_decides=("status_since", "cancelled_at"),
):  # fmt: skip
    """Somebody said that a visit will not be. A fact: who called did call, also where the patient is here by now."""

    visit_id: Id
    called: Annotated[Choice(*CALLED), Label("Who called it off")]  # type: ignore[valid-type]
    reason: Annotated[Choice(*REASONS), Label("Why")]  # type: ignore[valid-type]


@handles(CancelVisit)
def cancel_visit(cancelled: CancelVisit, work: Work) -> None:
    visit = find_visit(cancelled.visit_id, work)
    before = stands(visit, work)
    note = ""
    if before.arrived is not None:
        note = called_off_while_here(visit, before, work)
    elif told := cancellation(before, work):
        work.say("already_cancelled", f"Already cancelled {told.when} by {told.who}, {told.caller}.")
    detail = f"{cancelled.called} {cancelled.reason}"
    record(visit, before, "cancelled", "scheduling.cancel_visit", work, detail=detail, note=note)


@undoes(CancelVisit)
def take_cancellation_back(command_id: str, _cancelled: CancelVisit, work: Work) -> None:
    event = work.session.get(VisitEvent, command_id)
    visit = known_visit(event.visit_id, work) if event is not None and event.undone_by is None else None
    if visit is not None and stands(visit, work).arrived is None and holder_of(visit, work) is not None:
        raise Refused("The time was given to somebody else since. Book another time.", "given_away")
    take_back(command_id, work)
