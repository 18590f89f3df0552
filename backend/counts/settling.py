"""Settling: who could count, and whether a count is done."""

from sqlalchemy import func, select

from backend.counts.models import SETTLED, CountPlace, CountTask, StockCount
from backend.identity import HANDLERS
from backend.staff import actors_at
from backend.work import Work


def counters_at(site_id: str, work: Work) -> frozenset[str]:
    """The ids of everybody who may count at this site."""
    return frozenset(one.id for one in actors_at(work.session, site_id) if one.may(HANDLERS))


def settle(count: StockCount, work: Work) -> None:
    """A count is done once nothing of it has to be counted or decided any more; what was asked of it leaves devices."""
    work.session.flush()
    work.publish("count", count.id)
    work.publish("count_accuracy", count.id)
    query = select(func.count()).where(CountTask.count_id == count.id, CountTask.state.not_in(SETTLED))
    left = bool(work.session.scalar(query))
    if count.state == "open" and not count.is_stub and not left:
        end(count, "done", work)
    elif count.state == "done" and left:
        # What somebody handed in late is not what was believed.
        count.state, count.ended_at = "open", None
        show_all(count, work)


def end(count: StockCount, state: str, work: Work) -> None:
    """The count is over; devices need neither its tasks nor its lines any more."""
    count.state, count.ended_at = state, work.received_at
    work.publish("count", count.id)
    show_all(count, work)


def tasks_of(count: StockCount, work: Work) -> list[CountTask]:
    """Everything that the count has to settle."""
    return list(work.session.scalars(select(CountTask).where(CountTask.count_id == count.id).order_by(CountTask.id)))


def show_all(count: StockCount, work: Work) -> None:
    """Show every task and place of a count again."""
    for task in tasks_of(count, work):
        work.publish("count_task", task.id)
    for kept in work.session.scalars(select(CountPlace).where(CountPlace.count_id == count.id)):
        work.publish("count_place", kept.row_id)
