"""What is seen of counts by who counts: what to count and where, never how much of it there should be."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import Session

from backend.clock import instant, optional_instant
from backend.counts.models import TO_COUNT, CountPlace, CountStand, CountTask, Observation, StockCount
from backend.counts.tallying import Line, Tally, by_receipt, tally
from backend.database import among
from backend.inventory import Item, Place
from backend.sheets import Body, row
from backend.values import folded

# Put together once: that costs more than the database takes to answer.
IDS, KEYS = bindparam("ids", expanding=True), bindparam("keys", expanding=True)
TASK_STATES = select(CountTask.count_id, CountTask.state).where(CountTask.count_id.in_(IDS))
STRAYS = select(Observation.count_id).where(
    Observation.count_id.in_(IDS), Observation.item_id.is_(None), ~Observation.struck
)
TASKS = (
    select(CountTask, StockCount, Item)
    .join(StockCount, StockCount.id == CountTask.count_id)
    .join(Item, Item.id == CountTask.item_id)
    .where(CountTask.id.in_(IDS))
)
PLACES = (
    select(CountPlace, StockCount, Place)
    .join(StockCount, StockCount.id == CountPlace.count_id)
    .join(Place, Place.id == CountPlace.place_id)
    .where(tuple_(CountPlace.count_id, CountPlace.place_id).in_(KEYS))
)
TASKS_OF_PLACES = select(CountTask.count_id, CountTask.place_id, CountTask.state).where(
    tuple_(CountTask.count_id, CountTask.place_id).in_(KEYS)
)

SEEN = by_receipt(among(Observation.count_id, Observation.place_id, Observation.item_id, Observation.by))
STRAYS_SEEN = by_receipt(
    select(Observation, StockCount.site_id)
    .join(StockCount, StockCount.id == Observation.count_id)
    .where(
        tuple_(Observation.count_id, Observation.by, Observation.place_id, Observation.said).in_(KEYS),
        Observation.item_id.is_(None),
    )
)


@row("count", sheets=["counts/{site_id}"])
def count_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """A count, and how far it is."""
    states: dict[str, list[str]] = {id: [] for id in ids}
    for id, state in session.execute(TASK_STATES, {"ids": ids}):
        states[id].append(state)
    unknown = list(session.scalars(STRAYS, {"ids": ids}))
    return {
        one.id: {
            "site_id": one.site_id,
            "count_kind": one.kind,
            "title": one.title,
            "state": one.state,
            "place_id": one.place_id,
            "item_id": one.item_id,
            "due": str(one.due) if one.due else None,
            "asked_by": one.asked_by,
            "asked_at": instant(one.asked_at),
            "total": len(states[one.id]),
            "done": sum(state not in TO_COUNT for state in states[one.id]),
            "recount": states[one.id].count("recount"),
            "review": states[one.id].count("review"),
            "strays": unknown.count(one.id),
            # What is due first stands first, what is due at no time last.
            "sort_key": f"{one.due or '9999'}/{instant(one.asked_at)}",
        }
        for one in session.scalars(among(StockCount.id), {"ids": ids})
    }


@row("count_place", sheets=["counts/{open_at}"])
def count_place_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """A place of a count that goes on: who is counting there, and how far they are."""
    keys = [tuple(id.split("/")) for id in ids if id.count("/") == 1]
    states: dict[tuple[str, str], list[str]] = {}
    for count_id, place_id, state in session.execute(TASKS_OF_PLACES, {"keys": keys}):
        states.setdefault((count_id, place_id), []).append(state)
    found: dict[str, Body] = {}
    for kept, count, place in session.execute(PLACES, {"keys": keys}):
        here = states.get((kept.count_id, kept.place_id), [])
        found[kept.row_id] = {
            "open_at": count.open_at,
            "count_id": kept.count_id,
            "place_id": kept.place_id,
            "taken_by": kept.taken_by,
            "taken_at": optional_instant(kept.taken_at),
            "handed_in_by": kept.handed_in_by,
            "handed_in_at": optional_instant(kept.handed_in_at),
            "total": len(here),
            "done": sum(state not in TO_COUNT for state in here),
            "sort_key": folded(place.path),
        }
    return found


@row("count_stand", sheets=["count-lines/{count_id}/{by}"])
def count_stand_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """Where one person stands in a count, for that person."""
    keys = [tuple(id.split("/")) for id in ids if id.count("/") == 1]
    found = session.scalars(among(CountStand.count_id, CountStand.by), {"ids": keys})
    return {one.row_id: {"count_id": one.count_id, "by": one.by, "place_id": one.place_id} for one in found}


@row("count_task", sheets=["counts/{open_at}"])
def count_task_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """An item in a place to be counted; not why it was picked, which may say how much is thought to be there."""
    return {
        task.id: {
            "open_at": count.open_at,
            "count_id": task.count_id,
            "place_id": task.place_id,
            "item_id": task.item_id,
            "state": task.state,
            "listed": task.listed,
            "sort_key": folded(item.name),
            "search": folded(item.name),
        }
        for task, count, item in session.execute(TASKS, {"ids": ids})
    }


def tallies_of(session: Session, ids: Sequence[str]) -> dict[str, Tally]:
    """What was counted, by the ids `count/place/item/person`."""
    keys = [tuple(id.split("/")) for id in ids]
    seen: dict[str, list[Observation]] = {}
    for one in session.scalars(SEEN, {"ids": keys}):
        seen.setdefault(one.tally_id, []).append(one)
    return {id: tally(those) for id, those in seen.items()}


def entered_by(last: Observation | None) -> Body:
    """The command that changed a line last, and whether it can be taken back."""
    names = {"scan": "counts.record_scan", "amount": "counts.record_amount", "none": "counts.record_none"}
    if last is None or last.submitted_at is not None:
        return {"last_command": None, "last_command_id": None, "can_undo": False}
    # A thing that nobody knows is undone in one way, whether it was scanned or named.
    name = "counts.record_unknown" if last.item_id is None else names[last.what]
    return {"last_command": name, "last_command_id": last.command_id, "can_undo": True}


@row("tally", sheets=["count-lines/{count_id}/{by}"])
def tally_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """What one person counted of an item in a place, for that person."""
    found = {}
    for id, made in tallies_of(session, [id for id in ids if id.count("/") == 3]).items():
        count_id, place_id, item_id, by = id.split("/")
        found[id] = {
            "count_id": count_id, "place_id": place_id, "item_id": item_id, "by": by, "none": made.none,
            "seen_at": optional_instant(made.touched_at),
            "submitted": made.is_submitted,
            **entered_by(made.last if made.none else None),
        }  # fmt: skip
    return found


@row("count_line", sheets=["count-lines/{count_id}/{by}", "counted/{site_id}"])
def count_line_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """So many of one unit and lot, as entered, for who entered it and for who reviews."""
    wanted = {id: "/".join(id.split("/", 4)[:4]) for id in ids if id.count("/") >= 5}
    tallies, found = tallies_of(session, sorted(set(wanted.values()))), {}
    counts = {tally_id.split("/")[0] for tally_id in tallies}
    sites = {one.id: one.site_id for one in session.scalars(among(StockCount.id), {"ids": counts})}
    for id, tally_id in wanted.items():
        made = tallies.get(tally_id)
        lines = {f"{tally_id}/{one.unit}/{one.lot}": one for one in made.lines.values()} if made else {}
        if made is not None and id in lines:
            found[id] = {"site_id": sites[tally_id.split("/")[0]], **line_body(tally_id, made, lines[id])}
    return found


def line_body(tally_id: str, made: Tally, line: Line) -> Body:
    """One line; what was there before its last entry is what comes back when that is undone."""
    count_id, place_id, item_id, by = tally_id.split("/")
    return {
        "tally_id": tally_id, "count_id": count_id, "place_id": place_id, "item_id": item_id, "by": by,
        "unit": line.unit, "lot": line.lot, "expires": str(line.expires) if line.expires else None,
        "quantity": line.quantity, "before": line.before,
        "seen_at": optional_instant(line.last and line.last.seen_at),
        "submitted": line.last is not None and line.last.submitted_at is not None,
        **entered_by(line.last),
    }  # fmt: skip


@row("stray", sheets=["count-lines/{count_id}/{by}", "counted/{site_id}"])
def stray_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """A thing that nobody knows yet, for who found it and for who reviews."""
    keys = {tuple(id.split("/", 3)): id for id in ids if id.count("/") >= 3}
    seen: dict[tuple[str, ...], list[Observation]] = {}
    sites = {}
    for one, site_id in session.execute(STRAYS_SEEN, {"keys": keys}):
        seen.setdefault((one.count_id, one.by, one.place_id, one.said or ""), []).append(one)
        sites[one.count_id] = site_id
    found = {}
    for key, those in seen.items():
        made = tally(those)
        line = next(iter(made.lines.values()))
        found[keys[key]] = {
            "site_id": sites[key[0]], "count_id": key[0], "by": key[1], "place_id": key[2], "said": key[3],
            "quantity": line.quantity, "before": line.before,
            "seen_at": optional_instant(made.touched_at),
            "submitted": made.is_submitted,
            **entered_by(line.last),
        }  # fmt: skip
    return found
