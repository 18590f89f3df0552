"""The catalogue: an item, its packs and its codes."""

from typing import Any

import pytest

from backend.ids import new_id
from tests.forms import form_to, text_of
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
        "warning": None,
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


def test_an_item_is_added_by_form_with_what_is_wrong_beside_its_field(practice: Practice) -> None:
    browser = practice.browser("dana")
    form = form_to(browser.get("/supplies/items/new").text, "/supplies/items")
    typed = {"name": "Gauze 4×4", "cost_cents": "a dime", "packs.101.name": "box", "packs.101.holds": "some"}
    typed |= {"codes.101.scan": "614141000036", "codes.101.unit": "box", "has_lots": "on"}
    wrong = browser.post("/supplies/items", form.filled(**typed))
    assert wrong.status_code == 422
    said = text_of(wrong.text)
    for sentence in ("Please choose Class.", "Cost of one must be", "How many it holds must be"):
        assert sentence in said
    again = form_to(wrong.text, "/supplies/items")
    assert {name: again.fields[name][-1] for name in typed} == typed
    right = again.filled(abc="C", cost_cents="0.06", **{"packs.101.holds": "50"})
    made = browser.post("/supplies/items", right)
    assert made.status_code == 303
    page = text_of(browser.get(made.headers["location"]).text)
    assert "each, box (50)" in page
    assert "00614141000036 (box)" in page


def test_a_wrong_check_digit_is_warned_of_and_taken(practice: Practice) -> None:
    browser = practice.browser("dana")
    form = form_to(browser.get("/supplies/items/new").text, "/supplies/items")
    made = browser.post("/supplies/items", form.filled(name="Gauze", abc="C", **{"codes.101.scan": "00614141000037"}))
    assert made.status_code == 303
    page = text_of(browser.get(made.headers["location"]).text)
    assert "The check digit of this code is wrong. Compare it with the package: 00614141000037" in page
    assert (
        practice.act("dana", "inventory.record_item", gauze(codes=[{"code": "00614141000038"}])).code == "check_digit"
    )


def test_a_form_that_is_sent_as_it_stands_changes_nothing(supplies: Supplies, practice: Practice) -> None:
    hibc = gauze(name="Suture", codes=[{"code": "+A123BJC5D6E71G", "unit": "box"}, {"code": "GZ-4"}], cost_cents=1234)
    practice.act("dana", "inventory.record_item", hibc)
    browser, at = practice.browser("dana"), f"/supplies/items/{hibc['item_id']}"
    before = practice.row("item", hibc["item_id"]), practice.row("code", "main/+A123BJC5D6E71")
    assert before[1] is not None
    form = form_to(browser.get(f"{at}/edit").text, "/edit")
    for _ in range(2):
        assert browser.post(f"{at}/edit", form.fields).status_code == 303
    assert (practice.row("item", hibc["item_id"]), practice.row("code", "main/+A123BJC5D6E71")) == before


def test_a_code_and_a_pack_are_taken_away_and_another_added_by_form(supplies: Supplies, practice: Practice) -> None:
    browser, at = practice.browser("dana"), f"/supplies/items/{supplies.gloves}"
    form = form_to(browser.get(f"{at}/edit").text, "/edit")
    assert form.fields.pop("codes.2.code") == ["GLV-M"]
    changes = {"packs.2.name": "", "packs.2.holds": "", "codes.102.scan": "(01)00812444023879(10)A1"}
    assert browser.post(f"{at}/edit", form.filled(**changes)).status_code == 303
    shown = practice.row("item", supplies.gloves)
    assert shown is not None
    assert shown["units"] == ["each", "box"]
    assert practice.row("code", "main/GLV-M") is None
    assert practice.row("code", "main/00812444023879") is not None
    assert practice.row("code", "main/00614141000012") is not None


def test_two_who_change_an_item_at_once_both_did(supplies: Supplies, practice: Practice) -> None:
    form = form_to(practice.browser("dana").get(f"/supplies/items/{supplies.gloves}/edit").text, "/edit")
    codes = [{"code": "00614141000012", "unit": "box"}, {"code": "GLV-M"}, {"code": "NEW-1"}]
    packs = [{"name": "box", "holds": 100}, {"name": "case", "holds": 1200}]
    known = {"item_id": supplies.gloves, "base_unit": "each", "abc": "B", "cost_cents": 11}
    practice.act("maria", "inventory.record_item", {**known, "name": "Exam gloves M", "packs": packs, "codes": codes})
    browser = practice.browser("dana")
    changed = form.filled(name="Nitrile gloves M", **{"codes.101.scan": "NEW-2"})
    assert browser.post(f"/supplies/items/{supplies.gloves}/edit", changed).status_code == 303
    shown = practice.row("item", supplies.gloves)
    assert shown is not None
    assert (shown["name"], shown["cost_cents"]) == ("Nitrile gloves M", 11)
    for code in ("NEW-1", "NEW-2", "GLV-M"):
        assert practice.row("code", f"main/{code}") is not None
    pack = practice.row("pack", f"{supplies.gloves}/case")
    assert pack is not None
    assert pack["holds"] == 1200


def test_of_two_who_change_the_same_field_the_later_holds_and_is_flagged(supplies: Supplies) -> None:
    known = {"item_id": supplies.gloves, "base_unit": "each", "abc": "B"}
    act = supplies.practice.act
    act("maria", "inventory.record_item", {**known, "name": "Gloves, medium"}, was={"name": "Exam gloves M"})
    later = act("dana", "inventory.record_item", {**known, "name": "Nitrile M"}, was={"name": "Exam gloves M"})
    assert (later.outcome, later.code) == ("flagged", "changed_by_two")
    assert "“Gloves, medium”" in later.say


def test_the_front_desk_does_not_write_in_the_catalogue(practice: Practice) -> None:
    assert practice.browser("ana").get("/supplies/items/new").status_code == 403
    assert practice.act("ana", "inventory.record_item", gauze()).code == "not_allowed"


def test_a_code_that_somebody_removed_meanwhile_does_not_come_back_as_another(supplies: Supplies) -> None:
    item = {"item_id": new_id(), "name": "Suture", "base_unit": "each", "abc": "C"}
    give = supplies.practice.act
    give("dana", "inventory.record_item", {**item, "codes": [{"code": "+A123BJC5D6E71G"}]})
    shown = [{"code": "+A123BJC5D6E71", "unit": "each", "scan": None}]
    give("maria", "inventory.record_item", {**item, "codes": []}, was={"codes": shown})
    untouched = {**item, "codes": [{"code": "+A123BJC5D6E71", "unit": "each"}]}
    assert give("dana", "inventory.record_item", untouched, was={"codes": shown}).outcome in ("applied", "flagged")
    assert [row for row in supplies.practice.rows("code") if row["item_id"] == item["item_id"]] == []
