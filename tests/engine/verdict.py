"""What must be so in the end, reckoned from the plan and not by the code that is tried."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.app import ROOMS
from backend.checking import report
from backend.database import Database
from backend.feed import sheet_head
from backend.house import sheets_of
from backend.inventory.models import Stock
from backend.journal import journal
from backend.scheduling.models import Visit
from tests.engine.plan import Plan


def verdict(plan: Plan, folder: Path, polled: list[dict[str, Any]]) -> list[str]:
    """Everything that is wrong, in sentences."""
    database = Database(plan.url)
    try:
        with database.read() as session:
            wrong = [*journal_wrong(session, plan), *stock_wrong(session, plan), *visits_wrong(session, plan)]
            wrong += missed(session, polled)
            lines: list[str] = []
            if report(session, sheets_of(ROOMS), folder / "anchors", lines.append):
                wrong += [line for line in lines if not line.endswith("as they should be")]
        return wrong
    finally:
        database.close()


def journal_wrong(session: Session, plan: Plan) -> Iterator[str]:
    """Each command stands there once, under its own number, and was applied."""
    c = journal.c
    for writer in range(plan.writers):
        query = select(c.n, c.command_id, c.outcome, c.code).where(c.replica_id == plan.replica(writer))
        found = session.execute(query.order_by(c.n)).all()
        wanted = [(n, act.command_id) for n, act in enumerate(plan.acts(writer), 1)]
        if [(one.n, one.command_id) for one in found] != wanted:
            yield f"writer {writer} has {len(found)} entries of {len(wanted)}, or others"
        odd = Counter(f"{one.outcome} {one.code}" for one in found if one.outcome in ("held", "refused"))
        yield from (f"writer {writer}: {what} {count} times" for what, count in odd.items())


def stock_wrong(session: Session, plan: Plan) -> Iterator[str]:
    """On hand is what the plan's movements make."""
    found = {(one.item_id, one.place_id, one.lot): one.on_hand for one in session.scalars(select(Stock))}
    wanted = plan.stock()
    for key in sorted(found.keys() | wanted.keys()):
        if found.get(key, 0) != wanted.get(key, 0):
            yield f"stock {'/'.join(key)} is {found.get(key, 0)} and not {wanted.get(key, 0)}"


def visits_wrong(session: Session, plan: Plan) -> Iterator[str]:
    """Who came has arrived, and nobody else."""
    found = set(session.scalars(select(Visit.id).where(Visit.status == "arrived")))
    if found != plan.arrived():
        yield f"{len(found ^ plan.arrived())} visits stand otherwise"


def missed(session: Session, polled: list[dict[str, Any]]) -> Iterator[str]:
    """Each poller has every row of every sheet in its newest version, and was never sent anything backwards."""
    heads = {head.sheet: [head.count, head.digest] for head in session.execute(select(sheet_head))}
    for number, poller in enumerate(polled):
        yield from (f"poller {number}: {what}" for what in poller["backwards"])
        for sheet in sorted(heads.keys() | poller["sheets"].keys()):
            if poller["sheets"].get(sheet, [0, "0" * 32]) != heads.get(sheet, [0, "0" * 32]):
                yield f"poller {number} missed something in {sheet}"
