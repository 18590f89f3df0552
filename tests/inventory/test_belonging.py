"""What belongs in a place, how much of it there should be, and what is to be ordered again."""

from typing import Any

from backend.ids import new_id
from tests.forms import form_to, text_of
from tests.inventory.cast import Supplies
from tests.practice import Practice


def level(supplies: Supplies) -> dict[str, Any] | None:
    return supplies.practice.row("level", f"{supplies.shelf}/{supplies.gloves}")


def test_a_par_level_says_what_belongs_on_a_shelf(supplies: Supplies, practice: Practice) -> None:
    fields = {"place_id": supplies.shelf, "item_id": supplies.gloves, "least": 200, "most": 800}
    for _ in range(2):
        assert practice.act("dana", "inventory.set_par", fields).outcome == "applied"
    kept = practice.row("belonging", f"{supplies.shelf}/{supplies.gloves}")
    assert kept is not None
    assert (kept["least"], kept["most"]) == (200, 800)
    reversed_levels = practice.act("dana", "inventory.set_par", {**fields, "least": 900})
    assert reversed_levels.code == "par_reversed"


def test_a_shelf_is_low_by_all_its_lots_together(supplies: Supplies, practice: Practice) -> None:
    supplies.does("dana", "inventory.set_par", least=100, most=400)
    found = level(supplies)
    assert found is not None
    assert (found["on_hand"], found["is_low"], found["short"]) == (0, True, 400)
    supplies.does("dana", "inventory.receive_stock", quantity=60, lot="A1")
    supplies.does("dana", "inventory.receive_stock", quantity=40, lot="B2")
    found = level(supplies)
    assert found is not None
    assert (found["on_hand"], found["is_low"], found["short"]) == (100, False, 300)
    supplies.does("dana", "inventory.use_stock", quantity=1, lot="A1")
    found = level(supplies)
    assert found is not None
    assert (found["on_hand"], found["is_low"]) == (99, True)
    # Who counts blindly holds the places, and must not be told what is on hand.
    assert practice.sheets_with("level", f"{supplies.shelf}/{supplies.gloves}") == {f"stock/{supplies.room}"}


def test_what_is_below_par_is_listed_to_be_ordered(supplies: Supplies, practice: Practice) -> None:
    browser = practice.browser("dana")
    assert "Nothing is below what should be there." in browser.get("/supplies").text
    supplies.does("dana", "inventory.set_par", least=100, most=400)
    for path in ("/supplies", f"/supplies/rooms/{supplies.room}"):
        assert "Exam gloves M Supply room › Shelf 3 0 on hand, at least 100 Order 400 each" in text_of(
            browser.get(path).text
        )
    supplies.does("dana", "inventory.receive_stock", quantity=1, unit="case")
    assert "Nothing is below what should be there." in browser.get("/supplies").text
    stock = text_of(browser.get(f"/supplies/rooms/{supplies.room}").text)
    assert "1000 each at least 100, up to 400" in stock


def test_an_item_out_of_the_catalogue_is_not_ordered_again(supplies: Supplies, practice: Practice) -> None:
    supplies.does("dana", "inventory.set_par", least=100)
    gloves = {"item_id": supplies.gloves, "name": "Exam gloves M", "base_unit": "each", "abc": "B", "active": False}
    practice.act("dana", "inventory.record_item", gloves)
    found = level(supplies)
    assert found is not None
    assert not found["is_low"]


def test_par_is_set_by_form_for_an_item_that_was_searched(supplies: Supplies, practice: Practice) -> None:
    browser, at = practice.browser("dana"), f"/supplies/places/{supplies.shelf}"
    found = browser.post("/find/inventory.place", {"place_id": supplies.shelf, "q": "glov"}, partial=True).text
    assert f"{at}?chosen={supplies.gloves}#par" in found
    form = form_to(browser.get(f"{at}?chosen={supplies.gloves}").text, "/par")
    wrong = browser.post(f"{at}/par", form.filled(least="many", most="400"))
    assert wrong.status_code == 422
    assert "At least must be a whole number." in wrong.text
    assert 'value="many"' in wrong.text
    assert browser.post(f"{at}/par", form.filled(least="100", most="400")).status_code == 303
    assert "at least 100, up to 400" in text_of(browser.get(at).text)
    form = form_to(browser.get(f"{at}?chosen={supplies.gloves}").text, "/par")
    refused = browser.post(f"{at}/par", form.filled(least="500"))
    assert refused.status_code == 422
    assert "cannot be above the level to fill up to" in refused.text


def test_two_who_set_the_two_levels_both_did(supplies: Supplies) -> None:
    supplies.does("dana", "inventory.set_par", least=100, most=400)
    supplies.does("maria", "inventory.set_par", least=100, most=500)
    was = {"least": 100, "most": 400}
    supplies.practice.act(
        "dana",
        "inventory.set_par",
        {"item_id": supplies.gloves, "place_id": supplies.shelf, "least": 200, "most": 400},
        was=was,
    )
    found = level(supplies)
    assert found is not None
    assert (found["least"], found["most"]) == (200, 500)


def test_an_item_is_no_longer_kept_there_once(supplies: Supplies, practice: Practice) -> None:
    supplies.does("dana", "inventory.set_par", least=100)
    for outcome in ("applied", "noop"):
        assert supplies.does("dana", "inventory.remove_from_place").outcome == outcome
    assert level(supplies) is None
    assert practice.row("belonging", f"{supplies.shelf}/{supplies.gloves}") is None


def test_what_is_removed_by_form_is_gone_from_the_page(supplies: Supplies, practice: Practice) -> None:
    supplies.does("dana", "inventory.set_par", least=100)
    browser, at = practice.browser("dana"), f"/supplies/places/{supplies.shelf}"
    form = form_to(browser.get(at).text, "/removed")
    answer = browser.post(f"{at}/removed", form.fields, partial=True)
    assert "Nothing is said to belong here yet." in answer.text


def test_a_desk_sets_par_and_removes_by_sync(supplies: Supplies, practice: Practice) -> None:
    tablet = practice.tablet("Desk 1", "maria", "desk")
    known = {"place_id": supplies.shelf, "item_id": supplies.gloves}
    for _ in range(2):
        tablet.sync([tablet.command("inventory.set_par", {**known, "least": 5})])
    assert level(supplies) is not None
    tablet.sync([tablet.command("inventory.remove_from_place", known)])
    assert level(supplies) is None


def test_nothing_is_removed_from_a_place_that_is_not_there(supplies: Supplies) -> None:
    refused = supplies.does("dana", "inventory.remove_from_place", place_id=new_id())
    assert (refused.outcome, refused.code) == ("refused", "unknown_place")
