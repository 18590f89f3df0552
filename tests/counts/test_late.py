"""What happened before a posted count and becomes known after it: the count stands, and somebody looks."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.counts.cast import Counting
from tests.practice import MORNING

NUMBERS = count(1)


def at(counting: Counting, moment: datetime, what: str, who: str = "cleo", **fields: Any) -> Any:
    """A movement of gloves on the shelf that happened at that moment and is known only now."""
    tablet = counting.practice.tablet(f"Desk {next(NUMBERS)}", who, "desk")
    known = {"item_id": counting.gloves, "place_id": counting.shelf}
    now = counting.practice.clock.moment
    counting.practice.clock.moment = moment
    said = tablet.command(f"inventory.{what}", {**known, **fields})
    counting.practice.clock.moment = now
    tablet.sync([said])
    return tablet.receipt(said)


def test_what_was_used_before_the_count_does_not_count_twice(counting: Counting) -> None:
    counting.practice.clock.forward(minutes=30)
    counting.sees_all("dana", gloves=195)
    assert counting.on_hand(counting.gloves) == 195
    late = at(counting, MORNING + timedelta(minutes=20), "use_stock", quantity=5)
    assert (late["outcome"], late["code"]) == ("flagged", "counted_since")
    assert counting.on_hand(counting.gloves) == 195


def test_what_was_used_after_the_count_is_taken_from_it(counting: Counting) -> None:
    counting.sees_all("dana")
    moment = counting.practice.clock.moment + timedelta(minutes=1)
    counting.practice.clock.forward(minutes=30)
    late = at(counting, moment, "use_stock", quantity=5)
    assert late["outcome"] == "applied"
    assert counting.on_hand(counting.gloves) == 195


def test_a_lot_that_nobody_knew_was_not_there_when_the_others_were_counted(counting: Counting) -> None:
    counting.practice.clock.forward(minutes=30)
    counting.sees_all("dana")
    moment = MORNING + timedelta(minutes=20)
    at(counting, moment, "receive_stock", item_id=counting.syringes, quantity=9, lot="S9")
    assert counting.on_hand(counting.syringes, "S9") == 0


def test_what_is_taken_back_after_a_count_that_saw_its_effect_changes_nothing(counting: Counting) -> None:
    counting.supplies.does("cleo", "inventory.use_stock", quantity=5)
    [used] = counting.practice.entries("inventory.use_stock")
    counting.practice.clock.forward(minutes=30)
    counting.sees_all("dana", gloves=195)
    undone = counting.practice.act("cleo", "undo", {"command_id": used.command_id})
    assert (undone.outcome, undone.code) == ("flagged", "counted_since")
    assert counting.on_hand(counting.gloves) == 195


moves = st.lists(
    st.tuples(st.integers(1, 59), st.integers(1, 20), st.sampled_from(["use_stock", "receive_stock"]), st.booleans()),
    max_size=5,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves, st.integers(170, 230))
def test_whatever_comes_late_the_shelf_has_what_was_counted_and_what_happened_since(
    counting: Counting, drawn: list[tuple[int, int, str, bool]], found: int
) -> None:
    """A fresh spot count in the middle of an hour; movements before and after it become known before or after it."""
    start = counting.practice.clock.moment.replace(second=0, microsecond=0) + timedelta(minutes=1)
    counting.practice.clock.moment = start + timedelta(hours=1)
    counted_at = start + timedelta(minutes=30)
    id = counting.ask(kind="spot", place_id=counting.shelf, item_id=counting.gloves)
    change = {"b_percent": 100, "a_percent": 1, "c_percent": 5, "unit_floor": 9999, "value_cents": 9_999_999}
    counting.practice.act("maria", "counts.change_tolerances", {**change, "a_days": 1, "b_days": 1, "c_days": 1})

    def move(minute: int, quantity: int, what: str) -> None:
        at(counting, start + timedelta(minutes=minute), what, quantity=quantity)

    for minute, quantity, what, early in drawn:
        if early:
            move(minute, quantity, what)
    phone, now = counting.practice.tablet(f"Phone {next(NUMBERS)}", "dana", "count"), counting.practice.clock.moment
    counting.practice.clock.moment = counted_at
    here = {"count_id": id, "place_id": counting.shelf}
    amounts = [{"unit": "each", "quantity": found}]
    seen = phone.command("counts.record_amount", {**here, "item_id": counting.gloves, "amounts": amounts})
    counting.practice.clock.moment = now
    phone.sync([seen, phone.command("counts.submit", here)])
    for minute, quantity, what, early in drawn:
        if not early:
            move(minute, quantity, what)
    since = [(quantity if what == "receive_stock" else -quantity) for minute, quantity, what, _ in drawn if minute > 30]
    assert counting.on_hand(counting.gloves) == found + sum(since)
    counting.practice.clock.forward(minutes=5)
