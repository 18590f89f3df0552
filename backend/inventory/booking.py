"""What the book says of a place at some moment, and how a count puts it right."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.feed import chunks
from backend.inventory.models import Belonging, Item, Movement, Place, Stock
from backend.inventory.moving import move, stock_of
from backend.work import Work


class Book:
    """On hand of a place, lot by lot, as of any moment from `since` on, by what is known now. In base units.

    `held` keeps it so until this command is done: nobody else moves what is about to be put right.
    """

    def __init__(
        self, session: Session, place_id: str, since: datetime, *, item_id: str | None = None, held: bool = False
    ) -> None:
        self.since = since
        self.lots: dict[tuple[str, str], dict[str, Stock]] = {}
        self._after: dict[tuple[str, str, str], list[tuple[datetime, int]]] = {}
        there = select(Stock).where(Stock.place_id == place_id).order_by(Stock.item_id, Stock.lot)
        key = (Movement.item_id, Movement.place_id, Movement.lot, Movement.happened_at, Movement.quantity)
        later = select(*key).where(Movement.place_id == place_id, Movement.happened_at > since)
        if item_id is not None:
            there, later = there.where(Stock.item_id == item_id), later.where(Movement.item_id == item_id)
        if held:
            there = there.with_for_update().execution_options(populate_existing=True)
        # What this command itself moved is in the book too, and must not be read over.
        session.flush()
        for stock in session.scalars(there):
            self.lots.setdefault((stock.item_id, stock.place_id), {})[stock.lot] = stock
        for item, place, lot, at, quantity in session.execute(later):
            self._after.setdefault((item, place, lot), []).append((at, quantity))

    def at(self, item_id: str, place_id: str, lot: str, moment: datetime) -> int:
        """How much of the lot the book has there at that moment."""
        stock = self.lots.get((item_id, place_id), {}).get(lot)
        later = self._after.get((item_id, place_id, lot), ())
        return (stock.on_hand if stock else 0) - sum(quantity for at, quantity in later if at > moment)

    def moved_after(self, item_id: str, place_id: str, moment: datetime) -> bool:
        """Whether anything of the item moved there after that moment."""
        lots = self.lots.get((item_id, place_id), {})
        return any(at > moment for lot in lots for at, _ in self._after.get((item_id, place_id, lot), ()))

    def counted_since(self, item_id: str, place_id: str, moment: datetime) -> bool:
        """Whether a count that looked there later, or at the same time, is posted already."""
        lots = self.lots.get((item_id, place_id), {})
        return any(one.counted_at is not None and one.counted_at >= moment for one in lots.values())


def items_of(session: Session, ids: Collection[str]) -> dict[str, Item]:
    """Those items that the office knows, by their ids."""
    return {
        one.id: one
        for some in chunks(sorted(set(ids)))
        for one in session.scalars(select(Item).where(Item.id.in_(some)))
    }


def adjust(
    item: Item,
    place: Place,
    lot: str,
    variance: int,
    at: datetime,
    reason: str | None,
    work: Work,
    expires: date | None = None,
) -> None:
    """Post what a count found more or less, as of when it was seen. A variance of nothing moves nothing."""
    if variance:
        part = f"adjusted {item.id} {place.id} {lot}"
        move("adjusted", item, place, lot, variance, work, at=at, reason=reason, expires=expires, part=part)


def note_counted(
    item: Item, place: Place, seen: Mapping[str, datetime], dates: Mapping[str, date], book: Book, work: Work
) -> None:
    """Every lot of the item in this place was looked at: those of `seen` then, any other when the last of them was.

    What happened before that and becomes known later is in the number that was found. `dates` are expiration dates
    that were read off: the book takes one where it has none.
    """
    lots = book.lots.setdefault((item.id, place.id), {})
    for lot in sorted(seen):
        if lot not in lots:
            lots[lot] = stock_of(item.id, place.id, lot, work)
    for stock in lots.values():
        at = seen.get(stock.lot) or max(seen.values())
        if stock.counted_at is None or stock.counted_at < at:
            stock.counted_at = at
            work.publish("stock", stock.row_id)
        if stock.expires is None and stock.lot in dates:
            stock.expires = dates[stock.lot]
            work.publish("stock", stock.row_id)


def adjustments_in(session: Session, place_ids: Collection[str], moments: Collection[datetime]) -> list[Movement]:
    """What counts put right in these places as of these moments, in its order; not what came late and was cancelled."""
    if not moments:
        return []
    query = select(Movement).where(
        Movement.place_id.in_(place_ids), Movement.kind == "adjusted", Movement.counters.is_(None),
        Movement.happened_at >= min(moments), Movement.happened_at <= max(moments),
    )  # fmt: skip
    found = session.scalars(query.order_by(Movement.happened_at, Movement.item_id, Movement.lot, Movement.id))
    return [one for one in found if one.happened_at in moments]


def dates_in(session: Session, place_ids: Collection[str]) -> dict[tuple[str, str, str], date]:
    """(item, place, lot) -> expiration date, of what the office has in these places."""
    query = select(Stock).where(Stock.place_id.in_(place_ids), Stock.expires.is_not(None))
    return {(one.item_id, one.place_id, one.lot): one.expires for one in session.scalars(query) if one.expires}


def receivers_of(session: Session, item_id: str, place_id: str, since: datetime | None, until: datetime) -> list[str]:
    """The ids of who received the item there in that time."""
    who = select(Movement.actor_id).where(
        Movement.item_id == item_id, Movement.place_id == place_id, Movement.kind == "received",
        Movement.happened_at <= until,
    )  # fmt: skip
    return sorted(set(session.scalars(who if since is None else who.where(Movement.happened_at > since))))


def places_in(session: Session, place: Place) -> list[Place]:
    """The place and everything that stands in it, by name."""
    query = select(Place).where(Place.room_id == place.room_id, Place.active).order_by(Place.path, Place.id)
    inner, wanted = list(session.scalars(query)), {place.id}
    # A place stands at most two below its room.
    for _ in range(2):
        wanted |= {one.id for one in inner if one.parent_id in wanted}
    return [one for one in inner if one.id in wanted]


def kept_in(session: Session, place_ids: Collection[str]) -> list[tuple[str, str]]:
    """(place, item) of everything that belongs in these places or is there."""
    belongs = select(Belonging.place_id, Belonging.item_id).where(Belonging.place_id.in_(place_ids))
    lies = select(Stock.place_id, Stock.item_id).where(Stock.place_id.in_(place_ids), Stock.on_hand != 0)
    return sorted({(place_id, item_id) for query in (belongs, lies) for place_id, item_id in session.execute(query)})
