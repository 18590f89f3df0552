"""Somebody is seen between the appointments, because the time they had is another's."""

from backend.commands import REQUEST, Command, handles, undoes
from backend.effects import Undoing
from backend.fields import Id
from backend.scheduling.visits import find_visit, record, stands, take_back
from backend.work import Work


class WorkIn(
    Command,
    tag="scheduling.work_in",
    truth=REQUEST,
    title="Work-in",
    undo=Undoing(
        "visit", is_walk_in=False, flags=[], last_command=None, last_command_id=None, can_undo=False,
    ),
):  # fmt: skip
    """A patient who is here is seen today without a time of their own."""

    visit_id: Id


@handles(WorkIn)
def work_in(seen: WorkIn, work: Work) -> None:
    visit = find_visit(seen.visit_id, work)
    before = stands(visit, work)
    if before.worked_in:
        return work.noop("already_worked_in", "It is a work-in already.")
    record(visit, before, "worked_in", "scheduling.work_in", work)
    return None


@undoes(WorkIn)
def take_work_in_back(command_id: str, _seen: WorkIn, work: Work) -> None:
    take_back(command_id, work)
