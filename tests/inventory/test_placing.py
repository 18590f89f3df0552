"""Places and what belongs in them."""

import pytest

from backend.ids import new_id
from tests.inventory.cast import Supplies
from tests.practice import Practice


def test_the_shelf_knows_the_room_it_stands_in(supplies: Supplies, practice: Practice) -> None:
    supplies.does("dana", "inventory.receive_stock", quantity=1)
    assert practice.sheets_with("stock", f"{supplies.gloves}/{supplies.shelf}/") == {f"stock/{supplies.room}"}
    practice.act("dana", "inventory.record_place", {"place_id": supplies.room, "kind": "room", "name": "Back room"})
    shelf = practice.row("place", supplies.shelf)
    assert shelf is not None
    assert shelf["path"] == "Back room › Shelf 3"


def test_a_place_is_set_up_twice_as_one(supplies: Supplies, practice: Practice) -> None:
    fields = {"place_id": new_id(), "kind": "cabinet", "name": "Cabinet 2", "parent_id": supplies.room}
    for _ in range(2):
        assert practice.act("dana", "inventory.record_place", fields).outcome == "applied"
    cabinet = practice.row("place", fields["place_id"])
    assert cabinet is not None
    assert (cabinet["path"], cabinet["room_id"]) == ("Supply room › Cabinet 2", supplies.room)


@pytest.mark.parametrize(
    ("kind", "inside", "code"),
    [("room", "room", "wrong_parent"), ("bin", None, "wrong_parent"), ("cabinet", "shelf", "wrong_parent")],
)
def test_a_place_stands_where_such_a_place_can(
    supplies: Supplies, practice: Practice, kind: str, inside: str | None, code: str
) -> None:
    parent_id = getattr(supplies, inside) if inside else None
    fields = {"place_id": new_id(), "kind": kind, "name": "Somewhere", "parent_id": parent_id}
    refused = practice.act("dana", "inventory.record_place", fields)
    assert (refused.outcome, refused.code) == ("refused", code)


def test_a_shelf_is_not_carried_to_another_room(supplies: Supplies, practice: Practice) -> None:
    fields = {"place_id": supplies.shelf, "kind": "bin", "name": "Shelf 3", "parent_id": supplies.cart}
    assert practice.act("dana", "inventory.record_place", fields).code == "place_moved"


def test_the_front_desk_sets_up_no_places(supplies: Supplies, practice: Practice) -> None:
    fields = {"place_id": new_id(), "kind": "room", "name": "My drawer"}
    assert practice.act("ana", "inventory.record_place", fields).outcome in ("held", "refused")


def test_a_par_level_says_what_belongs_on_a_shelf(supplies: Supplies, practice: Practice) -> None:
    fields = {"place_id": supplies.shelf, "item_id": supplies.gloves, "least": 200, "most": 800}
    for _ in range(2):
        assert practice.act("dana", "inventory.set_par", fields).outcome == "applied"
    kept = practice.row("belonging", f"{supplies.shelf}/{supplies.gloves}")
    assert kept is not None
    assert (kept["least"], kept["most"]) == (200, 800)
    reversed_levels = practice.act("dana", "inventory.set_par", {**fields, "least": 900})
    assert reversed_levels.code == "par_reversed"
