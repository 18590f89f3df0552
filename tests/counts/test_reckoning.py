"""The lines of a count beside the book: lots, lots that nobody read off, dates, and what is posted of them."""

from typing import Any

import pytest

from backend.counts.models import CountSettings
from backend.counts.weighing import BEGINNING, is_within
from backend.inventory import Item
from tests.counts.cast import Counting

ANY = {"a_percent": 1, "b_percent": 100, "c_percent": 100, "unit_floor": 9999, "value_cents": 9_999_999}


def tolerate(counting: Counting) -> None:
    """Whatever is found is posted."""
    change = {**ANY, "a_days": 1, "b_days": 1, "c_days": 1}
    assert counting.practice.act("maria", "counts.change_tolerances", change).outcome == "applied"


def lines(counting: Counting, item_id: str) -> list[tuple[str, int, int]]:
    """(lot, found, expected) of the last hand-in."""
    found = counting.findings(item_id)
    return [(one["lot"], one["found"], one["expected"]) for one in found if one["number"] == found[-1]["number"]]


def stock(counting: Counting, item_id: str, lot: str = "") -> dict[str, Any]:
    row = counting.practice.row("stock", f"{item_id}/{counting.shelf}/{lot}")
    assert row is not None
    return row


def test_a_lot_that_nobody_mentioned_is_missing(counting: Counting) -> None:
    counting.sees("dana", counting.syringes, 50, lot="S1")
    counting.does("dana", "submit")
    assert lines(counting, counting.syringes) == [("S1", 50, 50), ("S2", 0, 20)]
    assert counting.task(counting.syringes) == "recount"


def test_a_lot_that_the_book_does_not_know_is_found(counting: Counting) -> None:
    tolerate(counting)
    counting.sees("dana", counting.syringes, 50, lot="S1")
    counting.sees("dana", counting.syringes, 20, lot="S2")
    counting.sees("dana", counting.syringes, 5, lot="S7")
    counting.does("dana", "submit")
    assert lines(counting, counting.syringes) == [("S1", 50, 50), ("S2", 20, 20), ("S7", 5, 0)]
    assert counting.on_hand(counting.syringes, "S7") == 5


def test_a_lot_that_nobody_read_off_is_the_one_that_is_there(counting: Counting) -> None:
    counting.supplies.does("cleo", "inventory.use_stock", item_id=counting.syringes, quantity=20, lot="S2")
    counting.sees("dana", counting.syringes, 50)
    counting.does("dana", "submit")
    assert lines(counting, counting.syringes) == [("S1", 50, 50)]


def test_where_two_lots_are_there_one_that_nobody_read_off_is_neither(counting: Counting) -> None:
    counting.sees("dana", counting.syringes, 70)
    counting.does("dana", "submit")
    assert lines(counting, counting.syringes) == [("", 70, 0), ("S1", 0, 50), ("S2", 0, 20)]


def test_stock_that_came_without_its_lot_is_not_taken_for_the_lot_beside_it(counting: Counting) -> None:
    counting.supplies.does("cleo", "inventory.use_stock", item_id=counting.syringes, quantity=20, lot="S2")
    counting.supplies.does("cleo", "inventory.receive_stock", item_id=counting.syringes, quantity=10)
    counting.sees("dana", counting.syringes, 10)
    counting.does("dana", "submit")
    assert lines(counting, counting.syringes) == [("", 10, 10), ("S1", 0, 50)]


def test_each_lot_stands_beside_the_book_of_its_own_moment(counting: Counting) -> None:
    counting.sees("dana", counting.syringes, 50, lot="S1")
    counting.practice.clock.forward(minutes=1)
    for lot, quantity in (("S1", 9), ("S2", 4)):
        counting.supplies.does("cleo", "inventory.use_stock", item_id=counting.syringes, quantity=quantity, lot=lot)
    counting.sees("dana", counting.syringes, 16, lot="S2")
    counting.does("dana", "submit")
    assert lines(counting, counting.syringes) == [("S1", 50, 50), ("S2", 16, 16)]
    assert (counting.on_hand(counting.syringes, "S1"), counting.on_hand(counting.syringes, "S2")) == (41, 16)


def test_not_here_stands_beside_the_book_of_when_it_was_said(counting: Counting) -> None:
    """What was counted at first was used up before somebody looked again."""
    counting.sees("dana", counting.lidocaine, 10, "vial")
    counting.practice.clock.forward(minutes=1)
    counting.supplies.does("cleo", "inventory.use_stock", item_id=counting.lidocaine, quantity=10)
    counting.does("dana", "record_none", item_id=counting.lidocaine)
    counting.does("dana", "submit")
    assert lines(counting, counting.lidocaine) == [("", 0, 0)]


def test_a_scan_that_was_taken_back_does_not_move_the_moment_of_the_count(counting: Counting) -> None:
    counting.sees("dana", counting.syringes, 50, lot="S1")
    counting.practice.clock.forward(minutes=1)
    counting.supplies.does("cleo", "inventory.receive_stock", item_id=counting.syringes, quantity=9, lot="S9")
    counting.sees("dana", counting.syringes, 1, lot="S1")
    [*_, wrong] = counting.practice.entries("counts.record_amount")
    counting.practice.act("dana", "undo", {"command_id": wrong.command_id})
    counting.does("dana", "submit")
    assert ("S9", 0, 9) not in lines(counting, counting.syringes)


def test_of_an_item_without_lots_all_is_one_line_seen_when_the_last_of_it_was(counting: Counting) -> None:
    """A box whose label carries a lot, and single ones that have none."""
    counting.sees("dana", counting.gloves, 90)
    counting.practice.clock.forward(minutes=1)
    counting.supplies.does("cleo", "inventory.use_stock", quantity=10)
    counting.sees("dana", counting.gloves, 1, "box", lot="K4")
    counting.does("dana", "submit")
    assert lines(counting, counting.gloves) == [("", 190, 190)]
    assert counting.on_hand(counting.gloves) == 190


def test_a_loss_of_an_item_without_lots_is_taken_from_what_expires_first(counting: Counting) -> None:
    tolerate(counting)
    for lot, day in (("K1", "2027-01-31"), ("K2", "2026-12-31")):
        counting.supplies.does("cleo", "inventory.receive_stock", quantity=10, lot=lot, expires=day)
    counting.sees("dana", counting.gloves, 205)
    counting.does("dana", "submit")
    left = [counting.on_hand(counting.gloves, lot) for lot in ("K2", "K1", "")]
    assert left == [0, 5, 200]
    counting.practice.clock.forward(minutes=1)
    counting.id = counting.ask(place_id=counting.shelf)
    counting.sees("dana", counting.gloves, 104)
    counting.does("dana", "submit")
    assert [counting.on_hand(counting.gloves, lot) for lot in ("K2", "K1", "")] == [0, 0, 104]


def test_a_date_that_was_read_off_is_not_written_onto_other_lots(counting: Counting) -> None:
    tolerate(counting)
    counting.supplies.does("cleo", "inventory.receive_stock", quantity=10, lot="K1", expires="2027-01-31")
    amounts = [{"unit": "each", "quantity": 190}]
    counting.does("dana", "record_amount", item_id=counting.gloves, amounts=amounts, expires="2028-05-31")
    counting.does("dana", "submit")
    assert stock(counting, counting.gloves, "K1")["expires"] == "2027-01-31"


def test_more_is_gone_than_the_book_still_has_because_the_rest_was_used_since(counting: Counting) -> None:
    counting.sees("dana", counting.gloves, 198)
    counting.practice.clock.forward(minutes=1)
    counting.supplies.does("cleo", "inventory.use_stock", quantity=199)
    done = counting.does("dana", "submit")
    assert done.outcome == "applied"
    assert counting.task(counting.gloves) == "posted"
    assert counting.on_hand(counting.gloves) == -1


def test_a_date_that_somebody_read_off_is_kept_though_the_number_was_right(counting: Counting) -> None:
    counting.supplies.does("cleo", "inventory.receive_stock", item_id=counting.syringes, quantity=8, lot="S5")
    counting.practice.clock.forward(minutes=1)
    for lot, quantity in (("S1", 50), ("S2", 20)):
        counting.sees("dana", counting.syringes, quantity, lot=lot)
    amounts, dated = [{"unit": "each", "quantity": 8}], {"lot": "S5", "expires": "2027-08-31"}
    counting.does("dana", "record_amount", item_id=counting.syringes, amounts=amounts, **dated)
    counting.does("dana", "submit")
    assert counting.task(counting.syringes) == "posted"
    assert stock(counting, counting.syringes, "S5")["expires"] == "2027-08-31"
    # A date that the office has is not replaced by what somebody read while counting the right number.
    assert stock(counting, counting.syringes, "S1")["expires"] == "2027-03-31"


def test_a_found_lot_goes_into_the_book_with_its_date(counting: Counting) -> None:
    tolerate(counting)
    for lot, quantity in (("S1", 50), ("S2", 20)):
        counting.sees("dana", counting.syringes, quantity, lot=lot)
    amounts, dated = [{"unit": "each", "quantity": 3}], {"lot": "S8", "expires": "2028-01-31"}
    counting.does("dana", "record_amount", item_id=counting.syringes, amounts=amounts, **dated)
    counting.does("dana", "submit")
    row = stock(counting, counting.syringes, "S8")
    assert (row["on_hand"], row["expires"]) == (3, "2028-01-31")


def item(abc: str, cost_cents: int | None = 10, controlled: bool = False) -> Item:
    return Item(abc=abc, cost_cents=cost_cents, controlled=controlled)


@pytest.mark.parametrize(
    ("of", "expected", "found", "within"),
    [
        (item("A"), 1000, 990, True), (item("A"), 1000, 989, False), (item("B"), 1000, 1030, True),
        (item("B"), 1000, 1031, False), (item("C"), 1000, 950, True), (item("C"), 1000, 949, False),
        (item("A"), 10, 9, True), (item("A"), 10, 8, False), (item("A"), 0, 1, True), (item("A"), 0, 2, False),
        (item("C", cost_cents=500), 1000, 995, True), (item("C", cost_cents=501), 1000, 995, False),
        (item("C", cost_cents=2_501), 10, 9, False), (item("C", cost_cents=None), 1000, 950, True),
        (item("C", controlled=True), 1000, 999, False), (item("C", controlled=True), 1000, 1000, True),
        (item("A"), -3, -2, True), (item("A"), -3, 0, False),
    ],
)  # fmt: skip
def test_the_larger_of_percent_and_floor_is_tolerated_and_never_more_than_it_may_be_worth(
    of: Item, expected: int, found: int, within: bool
) -> None:
    settings = CountSettings(site_id="main", **BEGINNING)
    assert is_within(of, expected, found, settings) is within
