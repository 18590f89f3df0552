"""Stock comes in."""

from backend.ids import new_id
from tests.inventory.cast import Supplies


def test_three_boxes_that_came_in_are_three_hundred_gloves(supplies: Supplies) -> None:
    assert supplies.does("dana", "inventory.receive_stock", quantity=3, unit="box").outcome == "applied"
    assert supplies.on_hand() == 300


def test_a_receipt_made_twice_by_a_bad_network_came_in_once(supplies: Supplies) -> None:
    command_id, fields = new_id(), {"item_id": supplies.gloves, "place_id": supplies.shelf, "quantity": 50}
    for _ in range(2):
        receipt = supplies.practice.act("dana", "inventory.receive_stock", fields, command_id=command_id)
        assert receipt.outcome == "applied"
    assert supplies.on_hand() == 50


def test_stock_of_an_item_nobody_knows_is_not_lost(supplies: Supplies) -> None:
    item_id = new_id()
    received = supplies.does("dana", "inventory.receive_stock", item_id=item_id, quantity=4)
    assert (received.outcome, received.code) == ("flagged", "unknown_item")
    assert supplies.on_hand(item_id) == 4
