"""Tallying: what one person saw of one item in one place, added up in the order in which the office received it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select

from backend.counts.models import Observation
from backend.journal import journal


@dataclass
class Line:
    """So many of one unit and lot. `quantity` is in the unit, `base` in base units, `before` without the last entry.

    `seen_at` is when it was last looked at: also when somebody said that nothing of the item is there.
    """

    unit: str
    lot: str
    expires: date | None = None
    quantity: int = 0
    base: int = 0
    before: int = 0
    last: Observation | None = None
    seen_at: datetime | None = None


@dataclass
class Tally:
    """All of it. `none` says that the last thing entered was that there is nothing.

    `seen_at` is of what still stands, `touched_at` also of what was taken back.
    """

    lines: dict[tuple[str, str], Line] = field(default_factory=dict)
    none: bool = False
    last: Observation | None = None
    seen_at: datetime | None = None
    touched_at: datetime | None = None
    about: bool = False
    submitted_at: datetime | None = None
    is_open: bool = False

    @property
    def is_submitted(self) -> bool:
        """Whether all of it was handed in."""
        return self.submitted_at is not None and not self.is_open

    def lots(self) -> dict[str, int]:
        """How much of each lot, in base units."""
        found: dict[str, int] = {}
        for line in self.lines.values():
            found[line.lot] = found.get(line.lot, 0) + line.base
        return found

    def entered(self, lot: str | None = None) -> str:
        """As it was entered, of one lot or of all: "2 case + 7 each", the largest unit first."""
        lines = [one for one in self.lines.values() if lot in (None, one.lot) and one.quantity]
        lines.sort(key=lambda one: (-one.base // one.quantity, one.unit))
        said = [f"{one.quantity} {one.unit}" for one in lines]
        return " + ".join(said) or "0"

    def expires(self, lot: str) -> date | None:
        """The date that somebody read off this lot."""
        return next((one.expires for one in self.lines.values() if one.lot == lot and one.expires), None)

    def seen(self, lot: str) -> datetime | None:
        """When this lot was last looked at; a lot that nobody mentioned was missed when the item was."""
        moments = [one.seen_at for one in self.lines.values() if one.lot == lot and one.seen_at]
        return max(moments, default=self.seen_at)


def by_receipt(query: Select[Any]) -> Select[Any]:
    """A query for observations, in the order of receipt.

    Not by when they were seen: which of two amounts stands must not depend on a device's clock.
    """
    entered = query.join(journal, journal.c.command_id == Observation.command_id)
    return entered.order_by(journal.c.seq, Observation.id)


def tally(observations: Iterable[Observation]) -> Tally:
    """The sum of what one person saw of one item in one place, given in the order of receipt.

    What was struck only leaves its line behind.
    """
    made = Tally()
    for seen in observations:
        if seen.what != "none":
            line = made.lines.setdefault((seen.unit, seen.lot), Line(seen.unit, seen.lot))
        made.touched_at = seen.seen_at
        if seen.struck:
            continue
        made.seen_at = seen.seen_at
        made.about, made.last = made.about or seen.seen_about, seen
        made.submitted_at = seen.submitted_at or made.submitted_at
        made.is_open = made.is_open or seen.submitted_at is None
        made.none = seen.what == "none"
        if made.none:
            for line in made.lines.values():
                line.before, line.quantity, line.base, line.seen_at = line.quantity, 0, 0, seen.seen_at
            continue
        adds = seen.what == "scan"
        line.before, line.last, line.expires = line.quantity, seen, seen.expires or line.expires
        line.seen_at = seen.seen_at
        line.quantity = seen.quantity + (line.quantity if adds else 0)
        line.base = seen.base + (line.base if adds else 0)
    return made
