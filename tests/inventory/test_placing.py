"""Places and what belongs in them."""

import pytest

from backend.ids import new_id
from tests.forms import form_to
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


def test_a_room_is_set_up_renamed_and_taken_out_of_use_by_form(supplies: Supplies, practice: Practice) -> None:
    browser = practice.browser("dana")
    new = form_to(browser.get("/supplies/places/new").text, "/supplies/places")
    wrong = browser.post("/supplies/places", new.filled(name="", kind="bin"))
    assert wrong.status_code == 422
    assert "Please fill in Name." in wrong.text
    assert browser.post("/supplies/places", new.filled(name="Lab", kind="room")).status_code == 303
    tree = browser.get("/supplies/places").text
    assert "Lab" in tree
    at = f"/supplies/places/{supplies.cart}"
    form = form_to(browser.get(at).text, "/edit")
    assert browser.post(f"{at}/edit", form.filled(name="Crash cart")).status_code == 303
    form = form_to(browser.get(at).text, "/edit")
    form.fields.pop("active")
    assert browser.post(f"{at}/edit", form.fields).status_code == 303
    cart = practice.row("place", supplies.cart)
    assert cart is not None
    assert (cart["name"], cart["active"]) == ("Crash cart", False)


def test_two_who_change_a_place_do_not_undo_each_other(supplies: Supplies, practice: Practice) -> None:
    known = {"place_id": supplies.cart, "kind": "room"}
    practice.act("dana", "inventory.record_place", {**known, "name": "Crash cart"})
    was = {"name": "Exam cart", "active": True}
    practice.act("maria", "inventory.record_place", {**known, "name": "Exam cart", "active": False}, was=was)
    cart = practice.row("place", supplies.cart)
    assert cart is not None
    assert (cart["name"], cart["active"]) == ("Crash cart", False)


def test_a_place_goes_out_of_use_only_when_it_is_empty(supplies: Supplies, practice: Practice) -> None:
    supplies.does("dana", "inventory.receive_stock", quantity=5)
    shelf = {"place_id": supplies.shelf, "kind": "bin", "name": "Shelf 3", "parent_id": supplies.room, "active": False}
    assert practice.act("dana", "inventory.record_place", shelf).code == "not_empty"
    room = {"place_id": supplies.room, "kind": "room", "name": "Supply room", "active": False}
    assert practice.act("dana", "inventory.record_place", room).code == "not_empty"
    supplies.does("dana", "inventory.use_stock", quantity=5)
    for _ in range(2):
        assert practice.act("dana", "inventory.record_place", shelf).outcome == "applied"
    assert practice.act("dana", "inventory.record_place", room).outcome == "applied"


def test_a_place_out_of_use_is_renamed_though_stock_came_into_it_late(supplies: Supplies) -> None:
    shelf = {"place_id": supplies.shelf, "kind": "bin", "parent_id": supplies.room}
    retired = supplies.practice.act("dana", "inventory.record_place", {**shelf, "name": "Shelf 3", "active": False})
    assert retired.outcome == "applied"
    supplies.does("cleo", "inventory.receive_stock", quantity=5)
    renamed = supplies.practice.act("dana", "inventory.record_place", {**shelf, "name": "Old shelf", "active": False})
    assert renamed.outcome == "applied"
