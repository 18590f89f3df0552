"""Levels: how much of an item is in the place where it belongs, over all its lots, and whether that is enough."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, tuple_
from sqlalchemy.orm import Session

from backend.inventory.models import Belonging, Item, Place, Stock
from backend.inventory.rows import keyed
from backend.sheets import Body, row
from backend.values import folded

# Put together once: that costs more than the database takes to answer.
KEYS = bindparam("keys", expanding=True)
KEPT = (
    select(Belonging, Place, Item)
    .join(Place, Place.id == Belonging.place_id)
    .join(Item, Item.id == Belonging.item_id)
    .where(tuple_(Belonging.place_id, Belonging.item_id).in_(KEYS))
)
ON_HAND = (
    select(Stock.place_id, Stock.item_id, func.sum(Stock.on_hand))
    .where(tuple_(Stock.place_id, Stock.item_id).in_(KEYS))
    .group_by(Stock.place_id, Stock.item_id)
)


# In the sheet of the stock and not in that of the places: who counts blindly must not be told what is on hand.
@row("level", sheets=["stock/{room_id}"], owner="item_id")
def level_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """What is on hand of an item where it belongs, in base units; `short` is what fills it up."""
    keys = keyed(ids, 2)
    found = session.execute(KEPT, {"keys": keys}).all()
    on_hand = {(place_id, item_id): int(total) for place_id, item_id, total in session.execute(ON_HAND, {"keys": keys})}
    return {
        kept.row_id: level_body(kept, place, item, on_hand.get((kept.place_id, kept.item_id), 0))
        for kept, place, item in found
    }


def level_body(kept: Belonging, place: Place, item: Item, on_hand: int) -> dict[str, Any]:
    """An item out of the catalogue, or a place out of use, is never filled up."""
    return {
        "room_id": place.room_id,
        "place_id": kept.place_id,
        "item_id": kept.item_id,
        "least": kept.least,
        "most": kept.most,
        "on_hand": on_hand,
        "is_low": on_hand < (kept.least or 0) and item.active and place.active,
        "short": (kept.most or kept.least or 0) - on_hand,
        "sort_key": folded(item.name, place.path),
    }
