"""Reckoning: the lines of a tally beside what the book had there when each of them was seen."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from backend.counts.models import CountSettings, Observation
from backend.counts.tallying import Tally
from backend.counts.weighing import is_within
from backend.inventory import Book, Item

# How far a clock that is not exact may be off before the office knows better.
UNSURE = timedelta(hours=12)


@dataclass(frozen=True)
class Reckoned:
    """One line: a lot, what was found of it and what was expected, in base units."""

    lot: str
    found: int
    expected: int
    seen_at: datetime
    about: bool
    counted: str
    expires: date | None
    within: bool


def reckon(item: Item, place_id: str, made: Tally, book: Book, settings: CountSettings) -> list[Reckoned]:
    """A line for every lot that was found or that the book has; a lot that nobody saw is not there.

    An item that is not kept by lots has one line of all its lots together, seen when the last of it was.
    """
    lots, found = book.lots.get((item.id, place_id), {}), made.lots()
    if not item.has_lots:
        seen_at = made.seen_at or book.since
        expected = sum(book.at(item.id, place_id, lot, seen_at) for lot in lots)
        dates = [expires for lot in found if (expires := made.expires(lot))]
        said = (made.entered(), min(dates, default=None))
        return [line(item, place_id, "", sum(found.values()), expected, seen_at, said, made.about, book, settings)]
    there = [lot for lot in lots if book.at(item.id, place_id, lot, made.seen(lot) or book.since)]
    entered_as = {lot: lot for lot in (*found, *there)}
    if found.get("") and len(there) == 1 and there[0] not in found:
        # Nobody read the lot off, and there is only one that it can be.
        entered_as = {there[0]: "", **{lot: lot for lot in found if lot}}
    reckoned = []
    for lot, said in sorted(entered_as.items()) or [("", "")]:
        seen_at = made.seen(said) or book.since
        expected = book.at(item.id, place_id, lot, seen_at)
        entered = (made.entered(said), made.expires(said))
        reckoned.append(
            line(item, place_id, lot, found.get(said, 0), expected, seen_at, entered, made.about, book, settings)
        )
    return reckoned


def line(
    item: Item,
    place_id: str,
    lot: str,
    found: int,
    expected: int,
    seen_at: datetime,
    said: tuple[str, date | None],
    about: bool,
    book: Book,
    settings: CountSettings,
) -> Reckoned:
    """The line with its judgement. Where the time is not sure and the number depends on it, a person must look."""
    unsure = about and book.moved_after(item.id, place_id, seen_at - UNSURE)
    within = is_within(item, expected, found, settings) and not unsure
    counted, expires = said
    return Reckoned(lot, found, expected, seen_at, about, counted, expires, within)


def earliest(observations: list[Observation]) -> datetime:
    """From when on the book must be known."""
    return min(one.seen_at for one in observations) - UNSURE
