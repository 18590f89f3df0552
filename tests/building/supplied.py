"""The scenes of the supply room: what is painted of the catalogue, the places, par levels and movements."""

from collections.abc import Callable
from typing import Any

from backend.ids import new_id
from tests.building.scene import Made, Scene
from tests.practice import Practice


def stocked(what: str, **fields: Any) -> Callable[[Practice], Made]:
    return lambda practice: (f"inventory.{what}", {**GOODS, **fields})


def known_goods(practice: Practice) -> Made:
    return "inventory.record_item", {**ITEM, "item_id": GOODS["item_id"], "name": "Gauze"}


def known_place(name: str, place_id: str) -> Callable[[Practice], Made]:
    return lambda practice: ("inventory.record_place", {"place_id": place_id, "kind": "room", "name": name, **USED})


# What every form gives, ticked or not.
USED = {"active": True}
ITEM = {"base_unit": "each", "abc": "C", "has_lots": False, "has_expiry": True, "controlled": False, **USED}
GOODS = {"item_id": "00000000-0000-7000-8000-0000000000e1", "place_id": "00000000-0000-7000-8000-0000000000e2"}
CART = "00000000-0000-7000-8000-0000000000e3"
SHELVED = [known_goods, known_place("Supply room", GOODS["place_id"]), known_place("Cart", CART)]
SHELVED = [*SHELVED, stocked("receive_stock", quantity=20)]
PAR = stocked("set_par", least=18, most=40)
SCANNED = {"code": "00614141000036", "kind": "gtin", "warning": None}


def cataloged(practice: Practice) -> Made:
    packs = [{"name": "box", "holds": 50}, {"name": "case", "holds": 500}]
    codes = [{"scan": SCANNED, "unit": "box"}, {"scan": {**SCANNED, "code": "GZ-4", "kind": "plain"}}]
    known = {**ITEM, "item_id": new_id(), "name": "Gauze 4×4", "cost_cents": 6}
    return "inventory.record_item", {**known, "packs": packs, "codes": codes}


def inner_place(practice: Practice) -> Made:
    known = {"place_id": new_id(), "kind": "bin", "name": "Shelf 9", "parent_id": practice.cast.room, **USED}
    return "inventory.record_place", known


SUPPLIES = [
    Scene("stock comes in", stocked("receive_stock", quantity=5, expires="2027-01-31"), SHELVED, who="maria"),
    Scene("stock is used", stocked("use_stock", quantity=5), SHELVED, who="maria"),
    Scene("stock is thrown away", stocked("waste_stock", quantity=5, why="damaged"), SHELVED, who="maria"),
    Scene("stock is carried", stocked("transfer_stock", quantity=5, to_place_id=CART), SHELVED, who="maria"),
    Scene("stock is used until it is low", stocked("use_stock", quantity=5), [*SHELVED, PAR], who="maria"),
    Scene(
        "low stock comes in",
        stocked("receive_stock", quantity=5),
        [*SHELVED, stocked("use_stock", quantity=5), PAR],
        who="maria",
    ),
    Scene("an item is written into the catalogue", cataloged, who="maria"),
    Scene("an item is called otherwise", known_goods, [cataloged], who="maria"),
    Scene("a place is set up", inner_place, who="maria"),
    Scene("a room is set up", known_place("Lab", new_id()), who="maria"),
    Scene("a place is called otherwise", known_place("Carts", CART), SHELVED, who="maria"),
    Scene("par is set", PAR, SHELVED, who="maria"),
    Scene("par is set above what is there", stocked("set_par", least=30, most=None), [*SHELVED, PAR], who="maria"),
    Scene("an item is no longer kept there", stocked("remove_from_place"), [*SHELVED, PAR], who="maria"),
]
