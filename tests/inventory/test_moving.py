"""Movements are taken back by their opposites, and the balance is what they make."""

import pytest

from backend.inventory import stock_that_differs
from backend.inventory.models import Stock
from tests.inventory.cast import Supplies
from tests.practice import Practice


@pytest.mark.parametrize(
    ("what", "more"),
    [
        ("inventory.receive_stock", {}),
        ("inventory.use_stock", {}),
        ("inventory.waste_stock", {"why": "expired"}),
        ("inventory.transfer_stock", {"to": True}),
    ],
)
def test_a_movement_is_taken_back_by_its_opposite_once(supplies: Supplies, what: str, more: dict[str, object]) -> None:
    supplies.does("dana", "inventory.receive_stock", quantity=100)
    if more.pop("to", False):
        more["to_place_id"] = supplies.cart
    done = supplies.does("dana", what, quantity=10, **more)
    assert supplies.on_hand() != 100
    for outcome in ("applied", "noop"):
        undone = supplies.practice.act("dana", "undo", {"command_id": done.command_id})
        assert undone.outcome == outcome
    assert supplies.on_hand() == 100
    assert supplies.on_hand(place_id=supplies.cart) in (None, 0)


def test_a_balance_that_was_set_by_hand_is_found(supplies: Supplies, practice: Practice) -> None:
    supplies.does("dana", "inventory.receive_stock", quantity=100)
    with practice.database.read() as session:
        assert list(stock_that_differs(session)) == []
    with practice.database.write() as session:
        session.get_one(Stock, (supplies.gloves, supplies.shelf, "")).on_hand = 90
    with practice.database.read() as session:
        assert [line.split(" is ")[1] for line in stock_that_differs(session)] == [
            "kept as 90, and its movements make 100"
        ]


def test_a_room_shows_what_is_on_hand_and_finds_it_by_a_part_of_its_name(
    supplies: Supplies, practice: Practice
) -> None:
    supplies.does("dana", "inventory.receive_stock", quantity=100)
    supplies.does("dana", "inventory.receive_stock", item_id=supplies.lidocaine, quantity=7)
    browser = practice.browser("dana")
    page = browser.get(f"/supplies/rooms/{supplies.room}").text
    assert "Exam gloves M" in page
    assert "Lidocaine" in page
    found = browser.post("/find/inventory.room", {"room_id": supplies.room, "q": "glov"}).text
    assert "Exam gloves M" in found
    assert "Lidocaine" not in found
