"""What is seen of counts by who reviews them: every line that was handed in, beside what the book had."""

from collections.abc import Iterable, Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.clock import instant, optional_instant
from backend.counts.evidence import by_task, found_alike, standing
from backend.counts.models import CountSettings, Finding, StockCount
from backend.counts.rows import TASKS
from backend.counts.weighing import BEGINNING
from backend.database import among
from backend.sheets import Body, row
from backend.values import folded

# Put together once: that costs more than the database takes to answer.
FINDINGS = (
    select(Finding, StockCount.site_id)
    .join(StockCount, StockCount.id == Finding.count_id)
    .where(Finding.id.in_(bindparam("ids", expanding=True)))
)


@row("count_review", sheets=["counted/{site_id}"])
def count_review_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """An item in a place, why it was to be counted, where that stands, and how many people found the same of it."""
    found = by_task(session.scalars(among(Finding.task_id), {"ids": ids}))
    return {
        task.id: {
            "site_id": count.site_id,
            "count_id": task.count_id,
            "place_id": task.place_id,
            "item_id": task.item_id,
            "state": task.state,
            "listed": task.listed,
            "why": task.why,
            "alike": found_alike(found.get(task.id, ())),
            **believed(found.get(task.id, ())),
            "settled_at": optional_instant(task.settled_at),
            "sort_key": folded(item.name),
        }
        for task, count, item in session.execute(TASKS, {"ids": ids})
    }


def believed(found: Iterable[Finding]) -> Body:
    """Until when what was posted had been seen, and since when it was known: what came late came in between."""
    posted = [one for one in found if one.posted]
    return {
        "seen_until": instant(max(one.seen_at for one in posted)) if posted else None,
        "known_since": instant(min(one.handed_in_at for one in posted)) if posted else None,
    }


@row("count_finding", sheets=["counted/{site_id}"])
def count_finding_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """One line of the evidence. `outcome`: matches, within or beyond the tolerance."""
    return {
        one.id: {
            "site_id": site_id,
            "count_id": one.count_id,
            "task_id": one.task_id,
            "number": one.number,
            "lot": one.lot,
            "by": one.by,
            "by_name": one.by_name,
            "counted": one.counted,
            "found": one.found,
            "expected": one.expected,
            "variance": one.variance,
            "variance_text": f"{one.variance:+d}" if one.variance else "0",
            "value_cents": one.value_cents,
            "outcome": "matches" if one.variance == 0 else "within" if one.within else "beyond",
            "seen_at": instant(one.seen_at),
            "seen_about": one.seen_about,
            "handed_in_at": instant(one.handed_in_at),
            "posted": one.posted,
            "sort_key": f"{one.number:04d}/{one.lot}",
        }
        for one, site_id in session.execute(FINDINGS, {"ids": ids})
    }


@row("count_accuracy", sheets=["counted/{site_id}"])
def count_accuracy_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """How well the book was kept: lines within the tolerance of all that were counted, each line once.

    That is the inventory record accuracy of facts/domain.md §2.1. It is no field of the count, which counters see.
    """
    found = by_task(session.scalars(among(Finding.count_id), {"ids": ids}))
    bodies = {}
    counts = {one[0].count_id for one in found.values()}
    for count in session.scalars(among(StockCount.id), {"ids": counts}):
        lines = [line for those in found.values() if those[0].count_id == count.id for line in standing(those)]
        within = sum(line.within for line in lines)
        # Cut off, not rounded: only a book without a fault is 100 %.
        tenths = within * 1_000 // len(lines)
        bodies[count.id] = {
            "site_id": count.site_id,
            "lines": len(lines),
            "within": within,
            "percent_text": f"{tenths // 10}.{tenths % 10} %",
        }
    return bodies


@row("count_settings", sheets=["counted/{site_id}"])
def count_settings_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """The tolerances and intervals of a site."""
    return {
        one.site_id: {"site_id": one.site_id, **{name: getattr(one, name) for name in BEGINNING}}
        for one in session.scalars(among(CountSettings.site_id), {"ids": ids})
    }
