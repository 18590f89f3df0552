"""Somebody is identified, by two things that only they would know or hold."""

from typing import Annotated

from backend.checkin.witnesses import who_was_first
from backend.commands import FACT, Command, handles, undoes
from backend.effects import Patch, Undoing
from backend.fields import Choices, Id, Label
from backend.scheduling import find_visit, record, stands, take_back
from backend.values import actor, command, field, now, row
from backend.work import Work

# Two identifiers used consistently, never the room or looks; facts/domain.md §1.1 names the sources.
IDENTIFIERS = ("name", "birth_date", "photo_id", "phone", "address")


class CheckIdentity(
    Command,
    tag="checkin.check_identity",
    truth=FACT,
    title="Identified",
    effect=[
        Patch(
            "visit", field.visit_id, when=(row.identity_at, "set", False),
            identity=field.identifiers, identity_at=now, identity_by=actor, next_action="check_in",
            status_before=row.status, since_before=row.status_since, next_before=row.next_action,
            last_command="checkin.check_identity", last_command_id=command, can_undo=True,
        ),
        Patch("visit", field.visit_id, when=(row.checked_in_at, "set", True), next_action=""),
    ],
    undo=Undoing(
        "visit", identity=[], identity_at=None, identity_by=None, next_action=row.next_before,
        last_command=None, last_command_id=None, can_undo=False,
    ),
    server_decides=("identity_at",),
):  # fmt: skip
    """The desk checked at least two identifiers with the patient before speaking of anything else."""

    visit_id: Id
    identifiers: Annotated[Choices(IDENTIFIERS, least=2), Label("Identifiers")]  # type: ignore[valid-type]


@handles(CheckIdentity)
def check_identity(check: CheckIdentity, work: Work) -> None:
    visit = find_visit(check.visit_id, work)
    before = stands(visit, work)
    note = who_was_first(before.identified, "identified", work)
    detail = " ".join(check.identifiers)
    record(visit, before, "identified", "checkin.check_identity", work, detail=detail, note=note)


@undoes(CheckIdentity)
def take_identity_back(command_id: str, _check: CheckIdentity, work: Work) -> None:
    take_back(command_id, work)
