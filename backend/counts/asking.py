"""Asking for a count: a whole place, what is due for counting, or one thing; and calling it off."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from backend.commands import REQUEST, Command, handles
from backend.counts.models import KINDS, TO_COUNT, CountTask, StockCount
from backend.counts.opening import add_tasks, find_count, new_count, place_in, show_task
from backend.counts.settling import end, settle, tasks_of
from backend.counts.suggesting import suggest
from backend.effects import Patch, Put
from backend.errors import Refused
from backend.fields import Choice, Id, Label, NewId
from backend.identity import HANDLERS, KEEPERS, MANAGERS
from backend.inventory import find_item, find_place, kept_in, places_in
from backend.values import actor, field, now, ref, row, site
from backend.work import Work

# A round through the shelves that fits between two patients.
AT_ONCE = 20
# What may be looked at once more.
NOT_BELIEVED = ("rejected", "not_counted", "superseded")
Due = Annotated[date, Meta(extra={"reader": "date", "min_date": "today", "max_date": "2999-12-31"})]
Most = Annotated[int, Meta(ge=1, le=500, extra={"reader": "integer"})]


class AskForCount(
    Command, tag="counts.ask", truth=REQUEST, title="Asked for a count", roles=HANDLERS,
    effect=[
        Put("count", field.count_id, sheet="counts/{site}", site_id=site, count_kind=field.kind, state="open",
            title=ref("place", field.place_id).path,
            place_id=field.place_id, item_id=field.item_id, due=field.due, asked_by=actor, asked_at=now,
            total=0, done=0, recount=0, review=0, strays=0, sort_key=""),
    ],
    server_decides=("title", "total", "asked_at", "sort_key"),
):  # fmt: skip
    """Somebody asks for a count. Full: all that is kept in a place. Cycle: what is due there. Spot: one item there."""

    count_id: NewId
    kind: Annotated[Choice(*KINDS), Label("Kind")]  # type: ignore[valid-type]
    place_id: Annotated[Id, Label("Place")]
    item_id: Annotated[Id, Label("Item")] | None = None
    most: Annotated[Most, Label("How many items")] | None = None
    due: Annotated[Due, Label("Until")] | None = None


@handles(AskForCount)
def ask_for_count(asked: AskForCount, work: Work) -> None:
    place = find_place(asked.place_id, work)
    count = work.session.get(StockCount, asked.count_id)
    if count is not None and not count.is_stub:
        work.keep_to_site(count.site_id)
        raise Refused("This count was asked for already.", "asked_already")
    item = find_item(asked.item_id, work) if asked.item_id else None
    if asked.kind == "spot" and item is None:
        raise Refused("Say which item to count.", "no_item")
    places = places_in(work.session, place)
    wanted: list[tuple[str, str, str | None]]
    if asked.kind == "cycle":
        due = suggest(work.session, place.site_id, places, work.today, work.happened_at)[: asked.most or AT_ONCE]
        wanted = [(one.place_id, one.item_id, one.why) for one in due]
    else:
        kept = kept_in(work.session, [one.id for one in places])
        wanted = [(place_id, item_id, None) for place_id, item_id in kept if item is None or item_id == item.id]
        if item is not None and not wanted:
            wanted = [(place.id, item.id, None)]
    if not wanted:
        raise Refused("Nothing that is kept there has to be counted.", "nothing_to_count")
    if count is None:
        count = new_count(asked.count_id, asked.kind, "", place.id, work)
        work.session.add(count)
    # Who counted before the office heard of the count counted for this one.
    count.is_stub, count.kind, count.place_id, count.due = False, asked.kind, place.id, asked.due
    count.item_id, count.title = asked.item_id, place.path if item is None else f"{item.name}, {place.path}"
    work.session.flush()
    visited = {place_id for place_id, _, _ in wanted}
    for one in places:
        if one.id in visited:
            place_in(count, one, work)
    known = {(task.place_id, task.item_id) for task in tasks_of(count, work)}
    add_tasks(count, [one for one in wanted if one[:2] not in known], work)
    work.publish("count", count.id)


class CancelCount(
    Command, tag="counts.cancel", truth=REQUEST, title="Called off a count", roles=KEEPERS,
    effect=[Patch("count", field.count_id, state="cancelled", when=(row.state, "eq", "open"))],
):  # fmt: skip
    """A count is no longer wanted. What was posted of it stands; what was only seen is kept and changes nothing."""

    count_id: Id


@handles(CancelCount)
def cancel_count(cancelled: CancelCount, work: Work) -> None:
    count = find_count(cancelled.count_id, work)
    if count.state != "open":
        return work.noop("over", "This count is over already.")
    if any(task.state == "review" for task in tasks_of(count, work)):
        raise Refused("Some of it waits for an approval. Decide that first.", "in_review")
    leave_uncounted(count, work)
    return end(count, "cancelled", work)


class CloseCount(
    Command, tag="counts.close", truth=REQUEST, title="Closed a count", roles=KEEPERS,
    effect=[Patch("count", field.count_id, recount=0, when=(row.state, "eq", "open"))],
    server_decides=("state",),
):  # fmt: skip
    """A count ends though not everything was counted: what is left is noted as not counted, and the book stands."""

    count_id: Id


@handles(CloseCount)
def close_count(closed: CloseCount, work: Work) -> None:
    count = find_count(closed.count_id, work)
    if count.state != "open":
        return work.noop("over", "This count is over already.")
    left = leave_uncounted(count, work)
    work.say("closed", f"{left} {'item was' if left == 1 else 'items were'} not counted.")
    return settle(count, work)


class CountAgain(
    Command, tag="counts.count_again", truth=REQUEST, title="Asked for another look", roles=MANAGERS,
    effect=[
        Patch("count_review", field.task_id, state="recount", when=(row.state, "in", [*NOT_BELIEVED])),
    ],
):  # fmt: skip
    """A manager wants something counted once more by somebody who has not counted it: declined, or not counted."""

    task_id: Annotated[str, Meta(max_length=120, extra={"reader": "text"})]


@handles(CountAgain)
def count_again(again: CountAgain, work: Work) -> None:
    task = work.session.get(CountTask, again.task_id)
    if task is None:
        raise Refused("There is no such item in this count.", "unknown_task")
    count = find_count(task.count_id, work)
    if count.state != "open":
        raise Refused("This count is over. Ask for another one.", "over")
    if task.state in TO_COUNT:
        return work.noop("asked_already", "It is to be counted already.")
    if task.state == "review":
        raise Refused("It waits for an approval. Decline that first.", "in_review")
    task.state, task.settled_at = "recount", None
    show_task(task, work)
    return work.publish("count", count.id)


def leave_uncounted(count: StockCount, work: Work) -> int:
    """What is still to count will not be; returns how many."""
    left = [task for task in tasks_of(count, work) if task.state in TO_COUNT]
    for task in left:
        task.state, task.settled_at = "not_counted", work.received_at
        show_task(task, work)
    return len(left)
