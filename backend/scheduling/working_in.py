"""Somebody is seen between the appointments, because the time they had is another's."""

from backend.commands import REQUEST, Command, handles
from backend.fields import Id
from backend.scheduling.visits import find_visit, record, stands
from backend.work import Work


class WorkIn(Command, tag="scheduling.work_in", truth=REQUEST, title="Work-in"):
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
