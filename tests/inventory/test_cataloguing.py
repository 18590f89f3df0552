"""The catalogue: an item, its packs and its codes."""

from typing import Any

import pytest

from backend.ids import new_id
from tests.inventory.cast import Supplies
from tests.practice import Practice


def gauze(**changes: Any) -> dict[str, Any]:
    packs = [{"name": "box", "holds": 50}]
    codes = [{"code": "614141000036", "unit": "box"}]
    return {
        "item_id": new_id(),
        "name": "Gauze 4×4",
        "base_unit": "each",
        "abc": "C",
        "packs": packs,
        "codes": codes,
    } | changes


def test_a_code_of_twelve_digits_is_found_by_all_fourteen(practice: Practice) -> None:
    item = gauze()
    assert practice.act("dana", "inventory.record_item", item).outcome == "applied"
    assert practice.row("code", "main/00614141000036") == {
        "site_id": "main", "code": "00614141000036", "item_id": item["item_id"], "unit": "box",
    }  # fmt: skip
    shown = practice.row("item", item["item_id"])
    assert shown is not None
    assert shown["units"] == ["each", "box"]


def test_what_is_known_of_an_item_now_replaces_what_was(practice: Practice) -> None:
    item = gauze()
    practice.act("dana", "inventory.record_item", item)
    changed = {**item, "packs": [{"name": "case", "holds": 500}], "codes": [{"code": "GZ-4"}], "name": "Gauze"}
    for _ in range(2):
        assert practice.act("dana", "inventory.record_item", changed).outcome == "applied"
    assert practice.row("code", "main/00614141000036") is None
    assert practice.row("pack", f"{item['item_id']}/box") is None
    assert practice.row("code", "main/GZ-4") is not None


def test_a_code_stands_on_one_item_only(supplies: Supplies, practice: Practice) -> None:
    refused = practice.act("dana", "inventory.record_item", gauze(codes=[{"code": "GLV-M"}]))
    assert (refused.outcome, refused.code) == ("refused", "code_taken")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"packs": [{"name": "box", "holds": 5}, {"name": "box", "holds": 6}]}, "same_unit"),
        ({"packs": [{"name": "each", "holds": 5}]}, "same_unit"),
        ({"codes": [{"code": "1", "unit": "pallet"}]}, "unknown_unit"),
    ],
)
def test_units_that_cannot_be_told_apart_are_refused(practice: Practice, changes: dict[str, Any], code: str) -> None:
    assert practice.act("dana", "inventory.record_item", gauze(**changes)).code == code


def test_an_item_that_is_called_otherwise_is_found_by_its_new_name(supplies: Supplies, practice: Practice) -> None:
    supplies.does("dana", "inventory.receive_stock", quantity=5)
    renamed = {"item_id": supplies.gloves, "name": "Nitrile gloves", "base_unit": "each", "abc": "B"}
    practice.act("dana", "inventory.record_item", renamed)
    found = practice.browser("dana").post("/find/inventory.room", {"room_id": supplies.room, "q": "nitrile"}).text
    assert "Nitrile gloves" in found
