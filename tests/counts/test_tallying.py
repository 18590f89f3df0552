"""What one person saw of one item in one place, added up in the order in which the office received it."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from backend.counts.models import Observation
from backend.counts.tallying import tally

NINE = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
NUMBERS = count(1)


def saw(minute: int, what: str, quantity: int = 0, **known: Any) -> Observation:
    """One observation, so many minutes after nine; one box holds a hundred."""
    unit, id = known.get("unit", "each"), f"{next(NUMBERS):04d}"
    rest = {
        "unit": unit, "lot": "", "expires": None, "base": quantity * (100 if unit == "box" else 1), "struck": False,
        "seen_about": False, "submitted_at": None, "id": id, "command_id": id, "item_id": "gloves",
    }  # fmt: skip
    return Observation(what=what, quantity=quantity, seen_at=NINE + timedelta(minutes=minute), **{**rest, **known})


def test_scans_add_up_and_an_amount_says_how_many_there_are_in_all() -> None:
    made = tally([saw(1, "scan", 1), saw(2, "scan", 1), saw(3, "amount", 7), saw(4, "scan", 1)])
    assert made.lots() == {"": 8}
    assert made.lines["each", ""].before == 7


def test_the_order_is_that_of_receipt_whatever_a_clock_said() -> None:
    assert tally([saw(3, "amount", 5), saw(1, "amount", 7)]).lots() == {"": 7}


def test_units_stand_side_by_side_and_the_largest_is_said_first() -> None:
    made = tally([saw(1, "amount", 7), saw(2, "amount", 2, unit="box")])
    assert made.lots() == {"": 207}
    assert made.entered() == "2 box + 7 each"


def test_what_is_none_is_not_said_and_nothing_at_all_is_a_nought() -> None:
    assert tally([saw(1, "amount", 0, unit="box"), saw(2, "amount", 7)]).entered() == "7 each"
    assert tally([saw(1, "amount", 0)]).entered() == "0"


def test_what_was_struck_counts_for_nothing_but_leaves_its_line() -> None:
    made = tally([saw(1, "amount", 7), saw(2, "scan", 1, unit="box", struck=True)])
    assert made.lots() == {"": 7}
    assert ("box", "") in made.lines


def test_not_here_empties_every_line_and_what_is_found_after_it_begins_anew() -> None:
    seen = [saw(1, "amount", 7, lot="S1"), saw(2, "amount", 2, unit="box", lot="S2"), saw(3, "none")]
    made = tally(seen)
    assert (made.none, made.lots()) == (True, {"S1": 0, "S2": 0})
    assert made.lines["each", "S1"].before == 7
    found = tally([*seen, saw(4, "scan", 1, lot="S1")])
    assert (found.none, found.lots()) == (False, {"S1": 1, "S2": 0})


def test_not_here_is_also_the_last_look_at_every_lot_that_was_entered_before() -> None:
    made = tally([saw(1, "amount", 7, lot="S1"), saw(9, "none")])
    assert made.seen("S1") == NINE + timedelta(minutes=9)


def test_a_look_that_was_taken_back_is_no_look() -> None:
    made = tally([saw(1, "amount", 7, lot="S1"), saw(30, "scan", 1, lot="S1", struck=True)])
    assert made.seen("S1") == NINE + timedelta(minutes=1)
    # A lot that nobody mentioned was missed when the item was last looked at.
    assert made.seen("S2") == NINE + timedelta(minutes=1)
    assert made.touched_at == NINE + timedelta(minutes=30)


def test_a_lot_is_seen_when_the_last_of_its_units_was() -> None:
    made = tally(
        [saw(1, "amount", 2, unit="box", lot="S1"), saw(5, "amount", 7, lot="S1"), saw(9, "scan", 1, lot="S2")]
    )
    assert made.seen("S1") == NINE + timedelta(minutes=5)


def test_a_date_once_read_off_a_lot_stays_until_another_one_is() -> None:
    first, second = date(2027, 3, 31), date(2027, 4, 30)
    seen = [saw(1, "scan", 1, lot="S1", expires=first), saw(2, "scan", 1, lot="S1")]
    assert tally(seen).expires("S1") == first
    assert tally([*seen, saw(3, "scan", 1, lot="S1", expires=second)]).expires("S1") == second
    assert tally(seen).expires("S2") is None


def test_one_doubtful_time_makes_the_whole_doubtful_unless_it_was_taken_back() -> None:
    assert tally([saw(1, "amount", 7), saw(2, "scan", 1, seen_about=True)]).about
    assert not tally([saw(1, "amount", 7), saw(2, "scan", 1, seen_about=True, struck=True)]).about


def test_it_is_open_as_long_as_something_of_it_was_not_handed_in() -> None:
    handed_in = saw(1, "amount", 7, submitted_at=NINE)
    assert not tally([handed_in]).is_open
    assert tally([handed_in, saw(2, "scan", 1)]).is_open
    assert not tally([handed_in, saw(2, "scan", 1, struck=True)]).is_open
    assert tally([handed_in, saw(2, "scan", 1)]).lots() == {"": 8}
