"""Stock is used, and what is odd about it is looked at."""

from tests.inventory.cast import Supplies
from tests.practice import Practice


def test_what_is_used_on_a_visit_leaves_the_shelf_and_is_remembered_with_its_lot(supplies: Supplies) -> None:
    supplies.does(
        "dana", "inventory.receive_stock", item_id=supplies.syringes, quantity=40, lot="L7", expires="2027-04-30"
    )
    visit_id = supplies.practice.visits["alma"]
    used = supplies.does(
        "cleo", "inventory.use_stock", item_id=supplies.syringes, quantity=2, lot="L7", visit_id=visit_id
    )
    assert used.outcome == "applied"
    assert supplies.on_hand(supplies.syringes, lot="L7") == 38


def test_more_used_than_was_known_to_be_there_is_kept_and_looked_at(supplies: Supplies) -> None:
    supplies.does("dana", "inventory.receive_stock", quantity=5)
    used = supplies.does("cleo", "inventory.use_stock", quantity=8)
    assert (used.outcome, used.code) == ("flagged", "more_than_on_hand")
    assert supplies.on_hand() == -3


def test_a_syringe_past_its_date_is_used_and_looked_at(supplies: Supplies) -> None:
    supplies.does(
        "dana", "inventory.receive_stock", item_id=supplies.syringes, quantity=4, lot="OLD", expires="2026-10-31"
    )
    used = supplies.does("cleo", "inventory.use_stock", item_id=supplies.syringes, quantity=1, lot="OLD")
    assert (used.outcome, used.code) == ("flagged", "expired_lot")


def test_somebody_records_by_a_form_what_was_used(supplies: Supplies, practice: Practice) -> None:
    supplies.does("dana", "inventory.receive_stock", quantity=100)
    browser = practice.browser("dana")
    path = f"/supplies/items/{supplies.gloves}"
    assert "Supply room › Shelf 3" in browser.get(path).text
    answer = browser.post(
        f"{path}/used", {"place_id": supplies.shelf, "quantity": "30", "unit": "", "lot": ""}, partial=True
    )
    assert answer.status_code == 200
    assert ">70<" in answer.text
    wrong = browser.post(f"{path}/used", {"place_id": supplies.shelf, "quantity": "many"}, partial=True)
    assert wrong.status_code == 422
    assert "many" in wrong.text
    assert "How many must be a whole number." in wrong.text


def test_a_form_with_a_mistake_leaves_the_other_four_empty(supplies: Supplies, practice: Practice) -> None:
    supplies.does("dana", "inventory.receive_stock", quantity=5)
    at = f"/supplies/items/{supplies.gloves}"
    wrong = practice.browser("dana").post(f"{at}/used", {"place_id": supplies.cart, "quantity": "seven", "lot": "Z9"})
    assert wrong.status_code == 422
    assert wrong.text.count('value="seven"') == 1
    assert wrong.text.count('value="Z9"') == 1
    assert wrong.text.count("How many must be a whole number.") == 1
    assert wrong.text.count(f'value="{supplies.cart}" selected') == 1


def test_the_lot_that_expires_first_is_offered_first(supplies: Supplies, practice: Practice) -> None:
    for lot, expires in (("LATE", "2028-01-31"), ("NEVER", None), ("SOON", "2027-01-31")):
        known = {"item_id": supplies.syringes, "quantity": 5, "lot": lot, "expires": expires}
        supplies.does("dana", "inventory.receive_stock", **known)
    page = practice.browser("dana").get(f"/supplies/items/{supplies.syringes}").text
    offered = page.split('<datalist id="use-lots"')[1].split("</datalist>")[0]
    assert [part.split('"')[0] for part in offered.split('value="')[1:]] == ["SOON", "LATE", "NEVER"]
    assert "Expires Jan 31, 2027 · 5 · Supply room › Shelf 3" in offered
