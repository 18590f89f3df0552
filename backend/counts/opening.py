"""A count that a fact names: found, or a stub for it, with the places and people that the fact adds to it."""

from collections.abc import Iterable

from sqlalchemy import select

from backend.counts.models import CountPlace, CountStand, CountTask, StockCount
from backend.errors import Missing
from backend.inventory import Place, shown_by_name
from backend.work import Work

UNKNOWN_COUNT = "This entry belongs to a count the office does not know. Find out which one it was."
OVER = "This was entered for a count that is over. Look at whether it changes anything."


def find_count(count_id: str, work: Work) -> StockCount:
    """A count of this site, locked until this command is done: two people who hand in at once come one by one."""
    count = work.session.get(StockCount, count_id, with_for_update=True)
    if count is None:
        raise Missing("There is no such count.", "unknown_count")
    work.keep_to_site(count.site_id)
    return count


def count_or_stub(count_id: str, work: Work) -> StockCount:
    """The count that a fact names. Unknown here: a stub stands in, flagged, so that what was seen is not lost."""
    count = work.session.get(StockCount, count_id, with_for_update=True)
    if count is None:
        count = new_count(count_id, "spot", "Count nobody asked for", None, work)
        count.is_stub = True
        work.session.add(count)
        work.session.flush()
        work.flag("unknown_count", UNKNOWN_COUNT)
    work.keep_to_site(count.site_id)
    return count


def flag_over(count: StockCount, work: Work) -> None:
    """What is seen for a count that is over is kept, and somebody looks whether it changes anything."""
    if count.state != "open":
        work.flag("count_over", OVER)


def new_count(count_id: str, kind: str, title: str, place_id: str | None, work: Work) -> StockCount:
    """An open count, not stored yet."""
    work.publish("count", count_id)
    return StockCount(
        id=count_id, site_id=work.site.id, kind=kind, place_id=place_id, item_id=None, title=title, state="open",
        due=None, asked_by=work.actor.id, asked_at=work.happened_at, ended_at=None, is_stub=False,
    )  # fmt: skip


def place_in(count: StockCount, place: Place, work: Work) -> CountPlace:
    """The place as a part of the count; who counts somewhere else than asked adds that to it."""
    kept = work.session.get(CountPlace, (count.id, place.id))
    if kept is None:
        kept = CountPlace(count_id=count.id, place_id=place.id)
        work.session.add(kept)
        work.session.flush()
        work.publish("count_place", kept.row_id)
    return kept


def take(kept: CountPlace, work: Work, *, over: bool = True) -> None:
    """Somebody counts here from now on; whoever did before still may, and both are heard.

    Not `over`: they only stand here, beside whoever took the place.
    """
    if over or kept.taken_by is None:
        kept.taken_by, kept.taken_at = work.actor.id, work.happened_at
        work.publish("count_place", kept.row_id)
    stand = work.session.get(CountStand, (kept.count_id, work.actor.id))
    if stand is None:
        stand = CountStand(count_id=kept.count_id, by=work.actor.id)
        work.session.add(stand)
    if stand.place_id != kept.place_id:
        stand.place_id, stand.since = kept.place_id, work.happened_at
        work.session.flush()
        work.publish("count_stand", stand.row_id)


def task_id(count_id: str, place_id: str, item_id: str) -> str:
    """The id of an item in a place, as a count has to settle it."""
    return f"{count_id}/{place_id}/{item_id}"


def add_tasks(
    count: StockCount, wanted: Iterable[tuple[str, str, str | None]], work: Work, *, listed: bool = True
) -> list[CountTask]:
    """Have these (place, item, why) counted."""
    tasks = [
        CountTask(
            id=task_id(count.id, place_id, item_id), count_id=count.id, place_id=place_id, item_id=item_id,
            state="open", listed=listed, why=why, settled_at=None,
        )
        for place_id, item_id, why in wanted
    ]  # fmt: skip
    work.session.add_all(tasks)
    work.session.flush()
    for task in tasks:
        show_task(task, work)
    return tasks


def show_task(task: CountTask, work: Work) -> None:
    """Show it again to who counts, with how far its place is, and to who reviews."""
    work.publish("count_task", task.id)
    work.publish("count_review", task.id)
    work.publish("count_place", f"{task.count_id}/{task.place_id}")


@shown_by_name
def show_named(column: str, id: str, work: Work) -> None:
    """Show again what a count sorts by the name of an item or a place."""
    for task in work.session.scalars(select(CountTask).where(getattr(CountTask, column) == id)):
        show_task(task, work)
    if column == "place_id":
        for kept in work.session.scalars(select(CountPlace).where(CountPlace.place_id == id)):
            work.publish("count_place", kept.row_id)
