"""Somebody arrives."""

from backend.checkin.witnesses import who_was_first
from backend.commands import FACT, Command, handles, undoes
from backend.effects import Raise, Undoing
from backend.fields import Id
from backend.scheduling import ALERT_MINUTES, GIVEN_UP, came_anyway, find_visit, record, stands, take_back
from backend.values import actor, command, field, now, row
from backend.work import Work


class RecordArrival(
    Command,
    tag="checkin.record_arrival",
    truth=FACT,
    title="Arrived",
    effect=[
        Raise(
            "visit", field.visit_id, "status", "arrived",
            status_since=now, arrived_at=now, arrived_by=actor, arrived_about=False, next_action="identify",
            status_before=row.status, since_before=row.status_since, next_before=row.next_action,
            last_command="checkin.record_arrival", last_command_id=command, can_undo=True,
            alert_minutes=ALERT_MINUTES["arrived"],
        ),
    ],
    undo=Undoing(
        "visit", status=row.status_before, status_since=row.since_before, next_action=row.next_before,
        arrived_at=None, arrived_by=None, last_command=None, last_command_id=None, can_undo=False, alert_minutes=None,
    ),
    server_decides=("status_since", "arrived_at", "arrived_about"),
):  # fmt: skip
    """Somebody at the desk saw the patient of a visit come in. A fact: never refused."""

    visit_id: Id


@handles(RecordArrival)
def record_arrival(arrival: RecordArrival, work: Work) -> None:
    visit = find_visit(arrival.visit_id, work)
    before = stands(visit, work)
    note = who_was_first(before.arrived, "arrived", work)
    if before.status in GIVEN_UP:
        note = came_anyway(visit, before, work)
    record(visit, before, "arrived", "checkin.record_arrival", work, note=note)


@undoes(RecordArrival)
def take_arrival_back(command_id: str, _arrival: RecordArrival, work: Work) -> None:
    take_back(command_id, work)
