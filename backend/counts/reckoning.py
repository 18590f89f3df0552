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

    An item that is not kept by lots has one line of all its lots together.
    """
    if not item.has_lots:
        found, expected = sum(made.lots().values()), sum(book_lots(item, place_id, made, book).values())
        return [line(item, place_id, "", found, expected, made, book, settings, made.entered())]
    expected_lots, found_lots = book_lots(item, place_id, made, book), made.lots()
    counted = {lot: made.entered(lot) for lot in found_lots}
    there = [lot for lot, number in expected_lots.items() if number and lot]
    if found_lots.get("") and len(there) == 1 and there[0] not in found_lots:
        # Nobody read the lot off, and there is only one that it can be.
        found_lots[there[0]], counted[there[0]] = found_lots.pop(""), counted.pop("")
    lots = sorted({*found_lots, *(lot for lot, number in expected_lots.items() if number)}) or [""]
    return [
        line(
            item, place_id, lot, found_lots.get(lot, 0), expected_lots.get(lot, 0), made, book, settings,
            counted.get(lot, "0"),
        )
        for lot in lots
    ]  # fmt: skip


def book_lots(item: Item, place_id: str, made: Tally, book: Book) -> dict[str, int]:
    """What the book has of each lot, when that lot was looked at."""
    lots = book.lots.get((item.id, place_id), {})
    return {lot: book.at(item.id, place_id, lot, made.seen(lot) or book.since) for lot in lots}


def line(
    item: Item,
    place_id: str,
    lot: str,
    found: int,
    expected: int,
    made: Tally,
    book: Book,
    settings: CountSettings,
    counted: str,
) -> Reckoned:
    """The line with its judgement. Where the time is not sure and the number depends on it, a person must look."""
    seen_at = made.seen(lot) or book.since
    unsure = made.about and book.moved_after(item.id, place_id, seen_at - UNSURE)
    within = is_within(item, expected, found, settings) and not unsure
    return Reckoned(lot, found, expected, seen_at, made.about, counted, made.expires(lot), within)


def earliest(observations: list[Observation]) -> datetime:
    """From when on the book must be known."""
    return min(one.seen_at for one in observations) - UNSURE
