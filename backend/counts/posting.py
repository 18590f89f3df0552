"""Posting: what was found goes into the book as a movement, as of when it was seen."""

from dataclasses import dataclass
from datetime import date, datetime

from backend.counts.models import CountTask, Finding
from backend.inventory import Book, Item, Place, adjust, note_counted
from backend.work import Work


@dataclass(frozen=True)
class Due:
    """One line beside the book of now: late movements may have changed what was expected. In base units."""

    lot: str
    found: int
    expected: int
    seen_at: datetime
    expires: date | None
    finding: Finding | None

    @property
    def variance(self) -> int:
        """Found more (positive) or less than the book had."""
        return self.found - self.expected


def lines_of(item: Item, place_id: str, findings: list[Finding], book: Book) -> list[Due]:
    """The lines that were handed in, each with what the book has at its time by all that is known now."""
    item_id, seen = item.id, max(one.seen_at for one in findings)
    lots = book.lots.get((item_id, place_id), {})
    if not item.has_lots:
        one = findings[0]
        expected = sum(book.at(item_id, place_id, lot, one.seen_at) for lot in lots)
        return [Due(one.lot, one.found, expected, one.seen_at, one.expires, one)]
    due = [
        Due(one.lot, one.found, book.at(item_id, place_id, one.lot, one.seen_at), one.seen_at, one.expires, one)
        for one in findings
    ]
    # A lot that the book only learned of since was not there either.
    named = {one.lot for one in findings}
    more = {lot: book.at(item_id, place_id, lot, seen) for lot in lots if lot not in named}
    return due + [Due(lot, 0, expected, seen, None, None) for lot, expected in sorted(more.items()) if expected]


def post(
    task: CountTask, item: Item, place: Place, lines: list[Due], book: Book, reason: str | None, work: Work
) -> None:
    """Move each line's variance, never one against another, and note what was seen."""
    for line in lines:
        for lot, variance in spread(item, place, line, book):
            # A date that was read off is that of the line's own lot, not of those that a loss is spread over.
            expires = line.expires if lot == line.lot else None
            adjust(item, place, lot, variance, line.seen_at, reason, work, expires=expires)
        if line.finding is not None:
            line.finding.posted = True
            work.publish("count_finding", line.finding.id)
    dates = {line.lot: line.expires for line in lines if line.expires}
    note_counted(item, place, {line.lot: line.seen_at for line in lines}, dates, book, work)
    task.settled_at = work.received_at


def spread(item: Item, place: Place, line: Due, book: Book) -> list[tuple[str, int]]:
    """(lot, variance) for one line. An item that is not kept by lots loses what expires first."""
    if item.has_lots or line.variance >= 0:
        return [(line.lot, line.variance)]
    lots = book.lots.get((item.id, place.id), {})
    missing, taken = -line.variance, {line.lot: 0}
    for stock in sorted(lots.values(), key=lambda one: (one.expires or date.max, one.lot)):
        some = max(0, min(missing, stock.on_hand))
        taken[stock.lot] = -some
        missing -= some
    # More is gone than the book still has: what was used since it was counted.
    taken[line.lot] -= missing
    return sorted(taken.items())
