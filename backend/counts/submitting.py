"""Handing in: what somebody counted in a place is set beside the book, line by line, and settled or passed on."""

from typing import Annotated

from sqlalchemy import select

from backend.commands import FACT, Command, handles
from backend.counts.evidence import write_findings
from backend.counts.knowing import Known, known_of
from backend.counts.models import TO_COUNT, CountTask, Finding, Observation, StockCount
from backend.counts.opening import add_tasks, count_or_stub, flag_over, place_in, show_task, task_id
from backend.counts.posting import lines_of, post
from backend.counts.reckoning import reckon
from backend.counts.reviewing import ask_for_approval
from backend.counts.seeing import show
from backend.counts.settling import settle
from backend.counts.tallying import Tally, by_receipt, tally
from backend.effects import Patch
from backend.fields import Id, Label
from backend.identity import HANDLERS
from backend.inventory import Item, Place, item_or_stub, place_or_stub
from backend.values import actor, field, key, now
from backend.work import Work

NOTHING_NEW = "Nothing was counted here since it was last handed in."


class Submit(
    Command, tag="counts.submit", truth=FACT, title="Handed in a count", roles=HANDLERS,
    effect=[Patch("count_place", key(field.count_id, field.place_id), handed_in_by=actor, handed_in_at=now)],
    server_decides=("handed_in_at",),
):  # fmt: skip
    """Somebody is done with a place: what they counted there and did not hand in before is compared with the book."""

    count_id: Id
    place_id: Annotated[Id, Label("Place")]


@handles(Submit)
def submit(submitted: Submit, work: Work) -> None:
    count, place = count_or_stub(submitted.count_id, work), place_or_stub(submitted.place_id, work)
    kept = place_in(count, place, work)
    query = select(Observation).where(
        Observation.count_id == count.id, Observation.by == work.actor.id, Observation.place_id == place.id
    )
    seen = list(work.session.scalars(by_receipt(query)))
    if not any(one.submitted_at is None and not one.struck for one in seen):
        return work.noop("nothing_new", NOTHING_NEW)
    flag_over(count, work)
    kept.handed_in_by, kept.handed_in_at = work.actor.id, work.happened_at
    work.publish("count_place", kept.row_id)
    known, states = known_of(count, place, seen, work), []
    # Of what was called off, what people saw is kept and changes nothing.
    for item_id, made in open_tallies(seen).items() if count.state != "cancelled" else ():
        item = known.items.get(item_id) or item_or_stub(item_id, work)
        states.append(hand_in(count, place, item, made, known, work))
    for one in seen:
        if one.submitted_at is None:
            one.submitted_at = work.received_at
            show(one, work)
    settle(count, work)
    return work.say("handed_in", said_of(states))


def open_tallies(seen: list[Observation]) -> dict[str, Tally]:
    """What was counted of each item, where some of it was not handed in yet."""
    of: dict[str, list[Observation]] = {}
    for one in seen:
        if one.item_id is not None:
            of.setdefault(one.item_id, []).append(one)
    return {item_id: made for item_id, those in sorted(of.items()) if (made := tally(those)).is_open}


def hand_in(count: StockCount, place: Place, item: Item, made: Tally, known: Known, work: Work) -> str:
    """Keep the lines as evidence, and say where that leaves the item: the task's state."""
    task = known.tasks.get(task_id(count.id, place.id, item.id))
    if task is None:
        [task] = add_tasks(count, [(place.id, item.id, None)], work, listed=False)
    before = known.findings.get(task.id, [])
    lines = reckon(item, place.id, made, known.book, known.settings)
    found = write_findings(task, item, lines, before, work)
    task.state = decide(task, item, place, found, {one.by for one in before}, known, work)
    show_task(task, work)
    return task.state


def decide(
    task: CountTask, item: Item, place: Place, found: list[Finding], before: set[str], known: Known, work: Work
) -> str:
    """What becomes of it; `before`: who handed in this item here already.

    Within the tolerance it is posted. Beyond it somebody else counts again, without being told the first number;
    a colleague who has counted it meanwhile is that somebody. If it is beyond still, a person with the right decides.
    """
    within = all(one.within for one in found)
    if task.state == "review" or (task.state == "posted" and within):
        # What was just found is part of the evidence.
        return task.state
    anybody_else = known.is_anybody_else(before | {work.actor.id})
    if task.state == "posted":
        # Two who counted the same thing differ, after the first was believed: a third looks.
        return "recount" if anybody_else else ask_for_approval(task, item, place, work)
    if work.actor.id in before and anybody_else:
        # Whoever was off may not be the one who says that they were right.
        return task.state if task.state in TO_COUNT else "recount"
    if known.book.counted_since(item.id, place.id, max(one.seen_at for one in found)):
        return "superseded"
    if within:
        post(task, item, place, lines_of(item, place.id, found, known.book), known.book, None, work)
        return "posted"
    if not before and anybody_else:
        return "recount"
    return ask_for_approval(task, item, place, work)


def said_of(states: list[str]) -> str:
    """What the counter is told: never a number that was expected."""
    said = [f"{len(states)} {'item' if len(states) == 1 else 'items'} handed in."]
    if again := states.count("recount"):
        said.append(f"{again} {'is' if again == 1 else 'are'} counted again by somebody else.")
    if review := states.count("review"):
        said.append(f"{review} {'was' if review == 1 else 'were'} sent to review.")
    return " ".join(said)
