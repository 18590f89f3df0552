"""Evidence: the lines that were handed in, each with what the book had then, also those that match."""

from collections.abc import Iterable

from sqlalchemy import select

from backend.counts.models import CountTask, Finding
from backend.counts.reckoning import Reckoned
from backend.counts.weighing import value_of
from backend.inventory import Item
from backend.work import Work


def write_findings(
    task: CountTask, item: Item, lines: list[Reckoned], before: list[Finding], work: Work
) -> list[Finding]:
    """Keep the lines of one hand-in, after those from `before`; nothing that was kept is touched."""
    last = max((one.number for one in before), default=0)
    found = [
        Finding(
            id=work.new_id(f"finding {task.id} {line.lot}"), count_id=task.count_id, task_id=task.id, number=last + 1,
            lot=line.lot, by=work.actor.id, by_name=work.actor.name, counted=line.counted[:400], found=line.found,
            expected=line.expected, value_cents=value_of(item, line.found - line.expected), within=line.within,
            expires=line.expires, seen_at=line.seen_at, seen_about=line.about, handed_in_at=work.received_at,
            posted=False,
        )
        for line in lines
    ]  # fmt: skip
    work.session.add_all(found)
    work.concerns(item.id)
    for one in found:
        work.publish("count_finding", one.id)
    return found


def findings_of(task_id: str, work: Work) -> list[Finding]:
    """Everything that was handed in of one item in one place, in its order."""
    query = select(Finding).where(Finding.task_id == task_id).order_by(Finding.number, Finding.lot, Finding.id)
    return list(work.session.scalars(query))


def by_task(found: Iterable[Finding]) -> dict[str, list[Finding]]:
    """The lines by the item and place that they are of, in the order given."""
    of: dict[str, list[Finding]] = {}
    for one in found:
        of.setdefault(one.task_id, []).append(one)
    return of


def latest(found: list[Finding], by: str) -> list[Finding]:
    """The lines of what this person handed in last."""
    mine = [one for one in found if one.by == by]
    return [one for one in mine if one.number == mine[-1].number]


def hand_ins(found: Iterable[Finding]) -> dict[int, list[Finding]]:
    """The lines of one item in one place by the hand-in that they came with, the first one first."""
    of: dict[int, list[Finding]] = {}
    for one in sorted(found, key=lambda one: (one.number, one.lot)):
        of.setdefault(one.number, []).append(one)
    return of


def standing(found: Iterable[Finding]) -> list[Finding]:
    """The lines of one item in one place that count as what is there: posted last, or else handed in last."""
    of = hand_ins(found)
    posted = [lines for lines in of.values() if any(one.posted for one in lines)]
    return (posted or list(of.values()))[-1] if of else []


def found_alike(found: Iterable[Finding], by: str | None = None) -> int:
    """How many people found exactly the same of one item in one place, each by what they said last; 0 if no two did.

    With `by`, how many found what this person did.
    """
    last = {lines[0].by: lines for lines in hand_ins(found).values()}
    # A lot of which nothing is there says the same as no word of it.
    said = {who: tuple((one.lot, one.found) for one in lines if one.found) for who, lines in last.items()}
    seen = list(said.values())
    most = max((seen.count(one) for who, one in said.items() if by in (None, who)), default=0)
    return most if most > 1 else 0


def alike_said(people: int) -> str:
    """As it is said to who reviews; nothing where no two agree."""
    return "" if not people else "Two people found the same" if people == 2 else f"{people} people found the same"
