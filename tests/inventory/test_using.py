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
