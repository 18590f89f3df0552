"""Budgets of guesses: whoever guesses waits, and nobody can make a colleague wait at a browser that knows them.

Each budget is one moment, `until`, which every guess moves on by what a guess costs (a leaky bucket written as a
clock, the "generic cell rate algorithm" of ITU-T I.371). It is used up when it lies too far ahead of now, and comes
back by itself. A guess is paid for before it is checked, so that a thousand at once are a thousand, and given back
when it was right.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.database import insert_missing, upsert
from backend.staff.factor_tables import Guesses, KnownBrowser

NAME = re.compile(r"[a-z0-9._-]{2,60}")
WAIT = "Too many tries. Wait a minute, then try again."


@dataclass(frozen=True)
class Budget:
    """`free` guesses at once, then one for every `every`. `once_right`: a right one makes it whole again."""

    key: str
    free: int
    every: timedelta
    once_right: bool = True

    @property
    def hashed(self) -> str:
        """What was typed as a user name may have been a password."""
        return hashlib.sha256(self.key.encode()).hexdigest()


def for_password(session: Session, name: str, staff_id: str | None, address: str, browser: str | None) -> list[Budget]:
    """The budgets of a password typed for this user name; `browser` is the hash of what a known one carries."""
    if is_known(session, staff_id, browser):
        return [Budget(f"known {staff_id} {browser}", 10, timedelta(seconds=30))]
    # No name of ours looks otherwise, so all of these may share a budget.
    name = name if NAME.fullmatch(name) else "?"
    return [
        Budget(f"pair {name} {address}", 5, timedelta(minutes=1)),
        Budget(f"name {name}", 30, timedelta(seconds=30), once_right=False),
        for_address(address),
    ]


def for_code(session: Session, staff_id: str, address: str, browser: str | None) -> list[Budget]:
    """The budgets of a second step: six digits are soon tried, so that these come back slowly."""
    if is_known(session, staff_id, browser):
        return [Budget(f"known code {staff_id} {browser}", 10, timedelta(minutes=1))]
    return [
        Budget(f"pair code {staff_id} {address}", 5, timedelta(minutes=1)),
        Budget(f"name code {staff_id}", 20, timedelta(minutes=5), once_right=False),
        for_address(address),
    ]


def for_passkey(session: Session, staff_id: str | None, address: str, browser: str | None) -> list[Budget]:
    """Signatures are not guessed: there is no budget here that others could use up for somebody."""
    if is_known(session, staff_id, browser):
        return [Budget(f"known passkey {staff_id} {browser}", 10, timedelta(seconds=30))]
    return [for_address(address)]


def for_address(address: str) -> Budget:
    """What one address may try, whatever the names."""
    return Budget(f"address {address}", 60, timedelta(seconds=6), once_right=False)


def is_known(session: Session, staff_id: str | None, browser: str | None) -> bool:
    """Whether this person was let in at this browser before."""
    return bool(staff_id and browser and session.get(KnownBrowser, (browser, staff_id)))


def pay(session: Session, budgets: list[Budget], now: datetime) -> bool:
    """Take one guess from each, or from none and say so: False means wait."""
    session.execute(delete(Guesses).where(Guesses.until <= now))
    used = used_of(session, budgets)
    if len(used) < len(budgets) and not used_up(budgets, used, now):
        # A row that is not there cannot be locked, and a hundred first guesses at once would all be the first.
        whole = [{"key": key, "until": now} for key in sorted({each.hashed for each in budgets})]
        insert_missing(session, Guesses.__table__, whole)  # type: ignore[arg-type]
        used = used_of(session, budgets)
    if used_up(budgets, used, now):
        return False
    rows = [{"key": each.hashed, "until": max(used.get(each.hashed, now), now) + each.every} for each in budgets]
    upsert(session, Guesses.__table__, rows)  # type: ignore[arg-type]
    return True


def used_up(budgets: list[Budget], used: dict[str, datetime], now: datetime) -> bool:
    """Whether one of them has no guess left."""
    return any(used.get(each.hashed, now) - now > each.every * (each.free - 1) for each in budgets)


def give_back(session: Session, budgets: list[Budget]) -> None:
    """It was right."""
    session.execute(delete(Guesses).where(Guesses.key.in_([each.hashed for each in budgets if each.once_right])))
    kept = [each for each in budgets if not each.once_right]
    used = used_of(session, kept)
    rows = [{"key": one.hashed, "until": used[one.hashed] - one.every} for one in kept if one.hashed in used]
    upsert(session, Guesses.__table__, rows)  # type: ignore[arg-type]


def used_of(session: Session, budgets: list[Budget]) -> dict[str, datetime]:
    """How far each is used up; one that is not there is whole."""
    keys = [each.hashed for each in budgets]
    # Two transactions must not both find the last guess still to be had; in one order, so that neither waits for ever.
    query = select(Guesses).where(Guesses.key.in_(keys)).order_by(Guesses.key).with_for_update()
    return {kept.key: kept.until for kept in session.scalars(query)}
