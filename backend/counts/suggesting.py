"""Suggesting: what a round of counting should look at first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.counts.weighing import days_between, settings_of
from backend.inventory import Item, Place, Stock, kept_in

EXPIRING_DAYS = 60


@dataclass(frozen=True)
class Suggestion:
    """An item in a place, why it is due, and how urgent that is (lower comes first)."""

    place_id: str
    item_id: str
    why: str
    rank: tuple[int, int]


def suggest(session: Session, site_id: str, places: Sequence[Place], today: date, now: datetime) -> list[Suggestion]:
    """What is due in these places, most urgent first: expiring, shown as none left, overdue by its class."""
    ids = [place.id for place in places]
    kept = kept_in(session, ids)
    items = {one.id: one for one in session.scalars(select(Item).where(Item.id.in_({item for _, item in kept})))}
    stocks: dict[tuple[str, str], list[Stock]] = {}
    for stock in session.scalars(select(Stock).where(Stock.place_id.in_(ids))):
        stocks.setdefault((stock.place_id, stock.item_id), []).append(stock)
    settings, found = settings_of(session, site_id), []
    for place_id, item_id in kept:
        lots, item = stocks.get((place_id, item_id), []), items[item_id]
        if not item.active:
            continue
        counted = [one.counted_at for one in lots if one.counted_at]
        since = (now - max(counted)).days if counted else None
        expiring = [one.expires for one in lots if one.on_hand > 0 and one.expires]
        if expiring and min(expiring) <= today + timedelta(days=EXPIRING_DAYS):
            found.append(Suggestion(place_id, item_id, "expiring", (0, (min(expiring) - today).days)))
        elif sum(one.on_hand for one in lots) <= 0:
            # The cheapest way to find stock that the book has lost (facts/domain.md §2.1).
            found.append(Suggestion(place_id, item_id, "none_on_hand", (1, -(since or 9_999))))
        elif since is None:
            found.append(Suggestion(place_id, item_id, "never_counted", (2, "ABC".find(item.abc))))
        elif since >= days_between(item, settings):
            found.append(Suggestion(place_id, item_id, "due_by_class", (3, days_between(item, settings) - since)))
    return sorted(found, key=lambda one: (one.rank, one.place_id, one.item_id))
