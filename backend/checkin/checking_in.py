"""A visit is checked in: all the desk's work is done."""

from backend.checkin.witnesses import who_was_first
from backend.commands import FACT, Command, handles, undoes
from backend.effects import Patch, Raise, Undoing
from backend.fields import Id
from backend.scheduling import ALERT_MINUTES, find_visit, record, stands, take_back
from backend.values import actor, command, field, now, row
from backend.work import Work


class CheckIn(
    Command,
    tag="checkin.check_in",
    truth=FACT,
    title="Checked in",
    effect=[
        Raise(
            "visit", field.visit_id, "status", "checked_in",
            status_since=now, checked_in_at=now, checked_in_by=actor, next_action="",
            status_before=row.status, since_before=row.status_since, next_before=row.next_action,
            last_command="checkin.check_in", last_command_id=command, can_undo=True,
            alert_minutes=ALERT_MINUTES["checked_in"],
        ),
        Patch("visit", field.visit_id, when=(row.arrived_at, "set", False), arrived_at=now, arrived_by=actor),
    ],
    undo=Undoing(
        "visit", status=row.status_before, status_since=row.since_before, next_action=row.next_before,
        checked_in_at=None, checked_in_by=None, last_command=None, last_command_id=None, can_undo=False,
    ),
    server_decides=("status_since", "checked_in_at", "arrived_at"),
):  # fmt: skip
    """Somebody at the desk finished checking a patient in. A fact: never refused; without identifiers it is flagged."""

    visit_id: Id


@handles(CheckIn)
def check_in(finished: CheckIn, work: Work) -> None:
    visit = find_visit(finished.visit_id, work)
    before = stands(visit, work)
    note = who_was_first(before.checked_in, "checked_in", work)
    if before.identified is None:
        work.flag("not_identified", "Checked in without two identifiers on record. Check them with the patient.")
    record(visit, before, "checked_in", "checkin.check_in", work, note=note)


@undoes(CheckIn)
def take_check_in_back(command_id: str, _finished: CheckIn, work: Work) -> None:
    take_back(command_id, work)
