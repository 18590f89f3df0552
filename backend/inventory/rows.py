"""What is seen of the supply room: items, packs, codes, places, what belongs where, and what is on hand."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import Session, aliased

from backend.clock import instant
from backend.database import among
from backend.inventory.coding import is_misprinted
from backend.inventory.models import Belonging, Code, Item, Movement, Pack, Place, Stock
from backend.sheets import Body, row
from backend.values import folded

# Put together once: that costs more than the database takes to answer.
KEYS = bindparam("keys", expanding=True)
PACKS_OF_ITEMS = among(Pack.item_id).order_by(Pack.holds, Pack.name)
PACKS = select(Pack, Item.site_id).join(Item, Item.id == Pack.item_id).where(tuple_(Pack.item_id, Pack.name).in_(KEYS))
LABELS = select(Place.site_id, Place.label, Place.id).where(tuple_(Place.site_id, Place.label).in_(KEYS))
BELONGINGS = (
    select(Belonging, Place.site_id)
    .join(Place, Place.id == Belonging.place_id)
    .where(tuple_(Belonging.place_id, Belonging.item_id).in_(KEYS))
)
STOCK = (
    select(Stock, Place, Item)
    .join(Place, Place.id == Stock.place_id)
    .join(Item, Item.id == Stock.item_id)
    .where(tuple_(Stock.item_id, Stock.place_id, Stock.lot).in_(KEYS))
)


@row("item", sheets=["items/{site_id}"])
def item_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """An item of the catalogue; `units` from the base unit up."""
    packs: dict[str, list[Pack]] = {}
    for pack in session.scalars(PACKS_OF_ITEMS, {"ids": ids}):
        packs.setdefault(pack.item_id, []).append(pack)
    return {
        item.id: {
            "site_id": item.site_id,
            "name": item.name,
            "base_unit": item.base_unit,
            "units": [item.base_unit, *(pack.name for pack in packs.get(item.id, []))],
            "cost_cents": item.cost_cents,
            "abc": item.abc,
            "has_lots": item.has_lots,
            "has_expiry": item.has_expiry,
            "controlled": item.controlled,
            "active": item.active,
            "search": folded(item.name),
            "sort_key": folded(item.name),
        }
        for item in session.scalars(among(Item.id), {"ids": ids})
    }


def keyed(ids: Iterable[str], parts: int) -> dict[tuple[str, ...], str]:
    """Ids of several parts, taken apart; a lot may hold a slash itself and comes last."""
    return {tuple(id.split("/", parts - 1)): id for id in ids if id.count("/") >= parts - 1}


@row("pack", sheets=["items/{site_id}"], owner="item_id")
def pack_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """A unit that an item comes in, and how many base units it holds."""
    keys = keyed(ids, 2)
    return {
        keys[pack.item_id, pack.name]: {
            "site_id": site_id, "item_id": pack.item_id, "name": pack.name, "holds": pack.holds,
        }
        for pack, site_id in session.execute(PACKS, {"keys": keys})
    }  # fmt: skip


@row("code", sheets=["items/{site_id}"], owner="item_id")
def code_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """What a code stands on: the item, and which of its units."""
    keys = keyed(ids, 2)
    return {
        keys[code.site_id, code.code]: {
            "site_id": code.site_id, "code": code.code, "item_id": code.item_id, "unit": code.unit,
            "warning": "check_digit" if is_misprinted(code.code) else None,
        }
        for code in session.scalars(among(Code.site_id, Code.code), {"ids": keys})
    }  # fmt: skip


@row("place", sheets=["places/{site_id}"])
def place_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """A place, by its whole name, and what its shelf label says."""
    return {
        place.id: {
            "site_id": place.site_id,
            "room_id": place.room_id,
            "parent_id": place.parent_id,
            "kind": place.kind,
            "name": place.name,
            "path": place.path,
            "label": place.label,
            "active": place.active,
            "sort_key": folded(place.path),
        }
        for place in session.scalars(among(Place.id), {"ids": ids})
    }


@row("shelf_label", sheets=["places/{site_id}"])
def shelf_label_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """The place that a scanned shelf label names."""
    keys = keyed(ids, 2)
    return {
        keys[site_id, label]: {"site_id": site_id, "label": label, "place_id": place_id}
        for site_id, label, place_id in session.execute(LABELS, {"keys": keys})
    }


@row("belonging", sheets=["places/{site_id}"], owner="item_id")
def belonging_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """That an item belongs in a place, and its par level; never how much is there."""
    keys = keyed(ids, 2)
    return {
        keys[kept.place_id, kept.item_id]: {
            "site_id": site_id, "place_id": kept.place_id, "item_id": kept.item_id,
            "least": kept.least, "most": kept.most,
        }
        for kept, site_id in session.execute(BELONGINGS, {"keys": keys})
    }  # fmt: skip


@row("stock", sheets=["stock/{room_id}"], owner="item_id")
def stock_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """How much of a lot is on hand in a place, in base units."""
    keys = keyed(ids, 3)
    return {
        stock.row_id: stock_body(stock, place, item) for stock, place, item in session.execute(STOCK, {"keys": keys})
    }


def stock_body(stock: Stock, place: Place, item: Item) -> dict[str, Any]:
    """Sorted and found by the item's name; who renames an item publishes its stock again."""
    return {
        "room_id": place.room_id,
        "place_id": stock.place_id,
        "item_id": stock.item_id,
        "lot": stock.lot,
        "on_hand": stock.on_hand,
        "expires": str(stock.expires) if stock.expires else None,
        # First expired, first out; what never expires comes last.
        "fefo": f"{stock.expires or '9999-12-31'}/{stock.lot}",
        "sort_key": folded(item.name, place.path, stock.lot),
        "search": folded(item.name, place.path, stock.lot),
    }


@row("late_movement", sheets=["counted/{site_id}"])
def late_movement_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """A movement that happened before a posted count and became known after it, for who reviews counts.

    `spot` is place and item, by which it is found beside the lines of a count. It says how many moved, so who counts
    never holds it.
    """
    against = aliased(Movement)
    query = select(Movement, Place.site_id).join(Place, Place.id == Movement.place_id)
    query = query.join(against, against.counters == Movement.id).where(Movement.id.in_(ids))
    return {
        moved.id: {
            "site_id": site_id,
            "spot": f"{moved.place_id}/{moved.item_id}",
            "lot": moved.lot,
            "movement_kind": moved.kind,
            "quantity_text": f"{moved.quantity:+d}",
            "is_undoing": moved.reverses is not None,
            "by": moved.actor_id,
            "happened_at": instant(moved.happened_at),
            "happened_about": moved.happened_about,
            "received_at": instant(moved.received_at),
        }
        for moved, site_id in session.execute(query)
    }
