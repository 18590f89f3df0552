"""The supply room: what the office keeps, where, and every movement of it."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.house import Room
from backend.inventory import keeping_pages, pages
from backend.inventory.belonging import RemoveFromPlace, SetPar
from backend.inventory.booking import (
    Book,
    adjust,
    adjustments_in,
    dates_in,
    items_of,
    kept_in,
    note_counted,
    places_in,
    receivers_of,
)
from backend.inventory.cataloguing import RecordItem, codes_on_one, find_code, find_item, shown_by_name
from backend.inventory.entering import Count, Expires, Lot, UnitName
from backend.inventory.labelling import item_labels, place_labels, room_labels
from backend.inventory.levels import level_row
from backend.inventory.looked_back import histories
from backend.inventory.models import Item, Place, Stock
from backend.inventory.moving import in_base_units, item_or_stub, place_or_stub
from backend.inventory.placing import RecordPlace, find_label, find_place
from backend.inventory.reading import BadLine, Line, read_items
from backend.inventory.receiving import ReceiveStock
from backend.inventory.reckoning import stock_that_differs
from backend.inventory.rows import (
    belonging_row,
    code_row,
    item_row,
    late_movement_row,
    pack_row,
    place_row,
    shelf_label_row,
    stock_row,
)
from backend.inventory.tracing import movements_page
from backend.inventory.transferring import TransferStock
from backend.inventory.using import UseStock
from backend.inventory.wasting import WasteStock
from backend.inventory.writing_off import AskToWriteOff, WriteOff

__all__ = [
    "BadLine",
    "Book",
    "Count",
    "Expires",
    "Item",
    "Line",
    "Lot",
    "Place",
    "ReceiveStock",
    "RecordItem",
    "RecordPlace",
    "SetPar",
    "Stock",
    "UnitName",
    "UseStock",
    "adjust",
    "adjustments_in",
    "codes_on_one",
    "dates_in",
    "find_code",
    "find_item",
    "find_label",
    "find_place",
    "in_base_units",
    "item_or_stub",
    "items_of",
    "kept_in",
    "note_counted",
    "place_or_stub",
    "places_in",
    "read_items",
    "receivers_of",
    "room",
    "rooms_of",
    "shown_by_name",
    "stock_that_differs",
]


# Put together once: every request of a device asks for it.
ROOMS = select(Place.id).where(Place.site_id == bindparam("site"), Place.kind == "room").order_by(Place.name, Place.id)


def rooms_of(session: Session, site_id: str) -> list[str]:
    """The ids of the rooms in which a site keeps stock, by name."""
    return list(session.scalars(ROOMS, {"site": site_id}))


room = Room(
    name="inventory",
    commands=[
        RecordItem,
        RecordPlace,
        SetPar,
        RemoveFromPlace,
        ReceiveStock,
        UseStock,
        WasteStock,
        TransferStock,
        AskToWriteOff,
        WriteOff,
    ],
    rows=[
        item_row,
        pack_row,
        code_row,
        place_row,
        shelf_label_row,
        belonging_row,
        stock_row,
        level_row,
        late_movement_row,
    ],
    pages=[
        pages.supplies,
        pages.room_stock,
        pages.item,
        keeping_pages.new_item,
        keeping_pages.edit_item,
        keeping_pages.places,
        keeping_pages.new_place,
        keeping_pages.place,
    ],
    posts=[*pages.posts, *keeping_pages.posts],
    histories=histories,
    sentences={
        RecordItem: "{who} changed how the item is kept in the catalogue",
        SetPar: "{who} set how much should be in a place",
        RemoveFromPlace: "{who} noted that the item is no longer kept in a place",
        ReceiveStock: "{who} received stock",
        UseStock: "{who} used stock",
        WasteStock: "{who} threw stock away",
        TransferStock: "{who} moved stock to another place",
        AskToWriteOff: "{who} asked to write off stock",
        WriteOff: "Stock was written off, as {who} had asked",
    },
    routes=[movements_page, room_labels, place_labels, item_labels],
)
