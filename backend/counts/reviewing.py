"""Reviewing: what two people could not settle is decided by somebody who counted neither, with a reason."""

from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta
from sqlalchemy import func, select

from backend.approvals import ask
from backend.commands import REQUEST, Command, handles
from backend.counts.evidence import alike_said, findings_of, found_alike, latest
from backend.counts.models import REASONS, CountTask, StockCount
from backend.counts.opening import find_count, show_task, task_id
from backend.counts.posting import Due, lines_of, post
from backend.counts.settling import settle
from backend.counts.weighing import value_of
from backend.errors import Missing, Refused
from backend.fields import Choice, Id
from backend.filters import o_clock
from backend.identity import NOBODY
from backend.inventory import Book, Item, Place, Stock, find_item, find_place, receivers_of
from backend.waiting import Change, FrozenCase, case_for, ended
from backend.work import Work

COUNTED_SINCE = "This was counted again later, and that count stands. Decline it."


class PostVariance(Command, tag="counts.post_variance", truth=REQUEST, title="Posted a count", roles=NOBODY):
    """What a person counted goes into the book, once somebody who may has said why the book was wrong."""

    count_id: Id
    place_id: Id
    item_id: Id
    by: Id
    reason: Choice(*REASONS) | None = None  # type: ignore[valid-type]
    root_cause: Annotated[str, Meta(max_length=500)] | None = None


def ask_for_approval(task: CountTask, item: Item, place: Place, work: Work) -> str:
    """Have what this person counted decided; the task's state then. The counter is not told what was expected."""
    waiting = PostVariance(count_id=task.count_id, place_id=place.id, item_id=item.id, by=work.actor.id)
    task.state = "review"
    work.session.flush()
    asked = ask(work, waiting, part=task.id)
    return "review" if asked.state == "asked" else task.state


@case_for(PostVariance, title="Count variance", reasons=REASONS)
def variance_case(posting: PostVariance, work: Work) -> FrozenCase:
    """Both counts, what the book has at their time by all that is known now, and what the difference is worth."""
    task, item, place = find_task(posting, work)
    lines, _ = due(task, item, posting.by, work)
    values = [value_of(item, line.variance) for line in lines]
    zone = ZoneInfo(work.site.zone_name)
    counts: dict[int, list[str]] = {}
    found = findings_of(task.id, work)
    for one in found:
        at = f"{one.seen_at.astimezone(zone):%Y-%m-%d} {o_clock(one.seen_at.astimezone(zone), 'en')}"
        counts.setdefault(one.number, [f"{one.by_name}, {'about ' if one.seen_about else ''}{at}:"]).append(
            f"{one.counted}{f' of lot {one.lot}' if one.lot else ''}"
        )
    said = [" ".join((who, ", ".join(rest))) for who, *rest in counts.values()]
    agreed = alike_said(found_alike(found, posting.by))
    others = {one.by for one in found} - {posting.by}
    last = work.session.scalar(
        select(func.max(Stock.counted_at)).where(Stock.item_id == item.id, Stock.place_id == place.id)
    )
    until = max(line.seen_at for line in lines)
    received = set(receivers_of(work.session, item.id, place.id, last, until)) - {posting.by} - others
    return FrozenCase(
        title=f"{item.name}, {place.path}: the count differs",
        amount=None if None in values else sum(value for value in values if value is not None),
        changes=tuple(Change(named(line.lot), str(line.expected), f"{line.found} {item.base_unit}") for line in lines),
        evidence=tuple(filter(None, (*said, agreed, "Controlled" if item.controlled else ""))),
        excluded={**dict.fromkeys(sorted(others), "counted it"), **dict.fromkeys(sorted(received), "received it")},
    )


@handles(PostVariance)
def post_variance(posting: PostVariance, work: Work) -> None:
    task, item, place = find_task(posting, work)
    if task.state != "review":
        raise Refused("This was settled otherwise. Decline it.", "settled")
    lines, book = due(task, item, posting.by, work, held=True)
    why = ": ".join(filter(None, (posting.reason, posting.root_cause)))
    post(task, item, place, lines, book, why[:200] or None, work)
    close_task(task, "posted", find_count(posting.count_id, work), work)


@ended(PostVariance)
def variance_not_posted(posting: PostVariance, state: str, work: Work) -> None:
    """Declined or lapsed: the book stays as it is, and the item may be counted once more."""
    if state == "withdrawn":
        raise Refused("A count is not taken back. Somebody must decide about it.", "counts_stay")
    task, _, _ = find_task(posting, work)
    close_task(task, "rejected", find_count(posting.count_id, work), work)


def close_task(task: CountTask, state: str, count: StockCount, work: Work) -> None:
    """Nothing has to be done about it any more."""
    task.state, task.settled_at = state, work.received_at
    show_task(task, work)
    settle(count, work)


def find_task(posting: PostVariance, work: Work) -> tuple[CountTask, Item, Place]:
    """What is decided about."""
    task = work.session.get(CountTask, task_id(posting.count_id, posting.place_id, posting.item_id))
    if task is None:
        raise Missing("There is no such count.", "unknown_count")
    return task, find_item(task.item_id, work), find_place(task.place_id, work)


def due(task: CountTask, item: Item, by: str, work: Work, *, held: bool = False) -> tuple[list[Due], Book]:
    """The lines to post and the book that they stand beside; refused where a later count is posted already."""
    found = latest(findings_of(task.id, work), by)
    book = Book(work.session, task.place_id, min(one.seen_at for one in found), item_id=item.id, held=held)
    lines = lines_of(item, task.place_id, found, book)
    if book.counted_since(item.id, task.place_id, max(line.seen_at for line in lines)):
        raise Refused(COUNTED_SINCE, "counted_since")
    return lines, book


def named(lot: str) -> str:
    """What a change is called."""
    return f"Lot {lot}" if lot else "On hand"
