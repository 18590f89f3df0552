"""Movements are taken back by their opposites, and the balance is what they make."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from backend.deciding import Asked, Sent
from backend.ids import new_id
from backend.inventory import stock_that_differs
from backend.inventory.models import Stock
from backend.performing import perform
from backend.work import Device
from tests.inventory.cast import Supplies
from tests.practice import SITE, Practice, find_staff


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


def test_what_eight_people_put_down_first_in_the_same_moment_is_all_there(
    supplies: Supplies, practice: Practice
) -> None:
    together = Barrier(8)

    dana, performer = find_staff(practice, "dana"), practice.office.performer

    def receive(_: int) -> list[str]:
        # Each at a browser of their own: what comes by one way is decided one after the other.
        asked = Asked(new_id(), "session", Device(None, "a browser"), SITE, dana, practice.clock.now())
        outcomes = []
        for lot in "ABCD":
            fields = {"item_id": supplies.gloves, "place_id": supplies.shelf, "quantity": 10, "lot": lot}
            together.wait()
            sent = Sent(command_id=new_id(), command="inventory.receive_stock", fields=fields)
            outcomes.append(perform(sent, asked, performer).outcome)
        return outcomes

    with ThreadPoolExecutor(8) as people:
        assert {outcome for each in people.map(receive, range(8)) for outcome in each} == {"applied"}
    assert [supplies.on_hand(lot=lot) for lot in "ABCD"] == [80] * 4
