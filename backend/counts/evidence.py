"""Evidence: the lines that were handed in, each with what the book had then, also those that match."""

from sqlalchemy import func, select

from backend.counts.models import CountTask, Finding
from backend.counts.reckoning import Reckoned
from backend.counts.weighing import value_of
from backend.inventory import Item
from backend.work import Work


def write_findings(task: CountTask, item: Item, lines: list[Reckoned], work: Work) -> None:
    """Keep the lines of one hand-in; nothing that was kept before is touched."""
    last = work.session.scalar(select(func.max(Finding.number)).where(Finding.task_id == task.id)) or 0
    for line in lines:
        found = Finding(
            id=work.new_id(f"finding {task.id} {line.lot}"), count_id=task.count_id, task_id=task.id, number=last + 1,
            lot=line.lot, by=work.actor.id, by_name=work.actor.name, counted=line.counted[:400], found=line.found,
            expected=line.expected, value_cents=value_of(item, line.found - line.expected), within=line.within,
            expires=line.expires, seen_at=line.seen_at, seen_about=line.about, handed_in_at=work.received_at,
            posted=False,
        )  # fmt: skip
        work.session.add(found)
        work.publish("count_finding", found.id)
    work.session.flush()


def findings_of(task_id: str, work: Work) -> list[Finding]:
    """Everything that was handed in of one item in one place, in its order."""
    query = select(Finding).where(Finding.task_id == task_id).order_by(Finding.number, Finding.lot, Finding.id)
    return list(work.session.scalars(query))


def counters_of(task_id: str, work: Work) -> set[str]:
    """Who handed it in so far."""
    return set(work.session.scalars(select(Finding.by).where(Finding.task_id == task_id)))


def latest(task_id: str, by: str, work: Work) -> list[Finding]:
    """The lines of what this person handed in last."""
    mine = [one for one in findings_of(task_id, work) if one.by == by]
    return [one for one in mine if one.number == mine[-1].number]


def agree(task_id: str, by: str, work: Work) -> bool:
    """Whether somebody else found exactly the same."""
    found = findings_of(task_id, work)
    numbers: dict[int, tuple[str, dict[str, int]]] = {}
    for one in found:
        numbers.setdefault(one.number, (one.by, {}))[1][one.lot] = one.found
    mine = [lots for who, lots in numbers.values() if who == by]
    return any(lots == mine[-1] for who, lots in numbers.values() if who != by) if mine else False
