"""Knowing: what the office has of a place when somebody hands it in, asked for all of its items at once."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from backend.counts.evidence import by_task
from backend.counts.models import CountSettings, CountTask, Finding, Observation, StockCount
from backend.counts.reckoning import earliest
from backend.counts.settling import counters_at
from backend.counts.weighing import settings_of
from backend.inventory import Book, Item, Place, items_of
from backend.work import Work


@dataclass(frozen=True)
class Known:
    """The book of the place, the site's tolerances and who may count there; tasks and findings by the task's id."""

    book: Book
    settings: CountSettings
    counters: frozenset[str]
    items: dict[str, Item]
    tasks: dict[str, CountTask]
    findings: dict[str, list[Finding]]

    def is_anybody_else(self, counted: Collection[str]) -> bool:
        """Whether anybody who may count at this site did not count it yet."""
        return bool(self.counters.difference(counted))


def known_of(count: StockCount, place: Place, seen: list[Observation], work: Work) -> Known:
    """What is known before any of this hand-in is written. The book stays as it is until this command is done."""
    session = work.session
    tasks = select(CountTask).where(CountTask.count_id == count.id, CountTask.place_id == place.id)
    of = {task.id: task for task in session.scalars(tasks)}
    found = select(Finding).join(CountTask, CountTask.id == Finding.task_id)
    found = found.where(CountTask.count_id == count.id, CountTask.place_id == place.id)
    return Known(
        book=Book(session, place.id, earliest(seen), held=True),
        settings=settings_of(session, count.site_id),
        counters=counters_at(count.site_id, work),
        items=items_of(session, {one.item_id for one in seen if one.item_id is not None}),
        tasks=of,
        findings=by_task(session.scalars(found.order_by(Finding.number, Finding.lot, Finding.id))),
    )
