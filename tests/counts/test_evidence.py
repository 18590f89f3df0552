"""What reviewers see beside the lines: who found the same, what came late, and how well the book was kept."""

from datetime import timedelta
from typing import Any

from tests.counts.cast import Counting
from tests.counts.test_late import at
from tests.practice import MORNING


def review(counting: Counting, item_id: str) -> dict[str, Any]:
    """An item on the shelf, as reviewers see it."""
    row = counting.practice.row("count_review", f"{counting.id}/{counting.shelf}/{item_id}")
    assert row is not None
    return row


def page(counting: Counting) -> str:
    answer = counting.practice.browser("maria").get(f"/counts/{counting.id}/evidence")
    assert answer.status_code == 200
    return str(answer.text)


def used_late(counting: Counting) -> None:
    """Five gloves that Cleo used before Dana counted, known only after it."""
    counting.practice.clock.forward(minutes=30)
    counting.sees_all("dana", gloves=195)
    at(counting, MORNING + timedelta(minutes=20), "use_stock", quantity=5)


def test_what_came_late_stands_under_the_item_with_who_when_and_how_many(counting: Counting) -> None:
    used_late(counting)
    [late] = counting.rows("late_movement")
    assert (late["spot"], late["quantity_text"]) == (f"{counting.shelf}/{counting.gloves}", "-5")
    assert (late["movement_kind"], late["by"]) == ("used", counting.practice.staff["cleo"])
    assert late["happened_at"] == "2026-11-23T13:50:00.000Z"
    told = page(counting)
    assert f'data-row="late_movement:{late["id"]}"' in told
    assert "Came late" in told
    assert "The count had seen it, so it stands." in told


def test_what_came_late_is_for_reviewers_alone(counting: Counting) -> None:
    used_late(counting)
    [late] = counting.rows("late_movement")
    assert counting.practice.sheets_with("late_movement", late["id"]) == {"counted/main"}
    assert counting.practice.sheets_with("count_accuracy", counting.id) == {"counted/main"}


def test_what_is_taken_back_late_says_so(counting: Counting) -> None:
    counting.supplies.does("cleo", "inventory.use_stock", quantity=5)
    [used] = counting.practice.entries("inventory.use_stock")
    counting.practice.clock.forward(minutes=30)
    counting.sees_all("dana", gloves=195)
    counting.practice.act("cleo", "undo", {"command_id": used.command_id})
    [late] = counting.rows("late_movement")
    assert (late["quantity_text"], late["is_undoing"]) == ("+5", True)
    assert "Used, taken back." in page(counting)


def test_a_lot_that_nobody_counted_and_that_came_late_is_shown_too(counting: Counting) -> None:
    counting.practice.clock.forward(minutes=30)
    counting.sees_all("dana")
    at(counting, MORNING + timedelta(minutes=20), "receive_stock", item_id=counting.syringes, quantity=9, lot="S9")
    [late] = counting.rows("late_movement")
    assert (late["lot"], late["quantity_text"]) == ("S9", "+9")
    assert f'data-row="late_movement:{late["id"]}"' in page(counting)


def test_what_a_later_count_alone_had_seen_is_no_matter_of_an_older_one(counting: Counting) -> None:
    counting.sees_all("dana")
    older = counting.id
    moment = counting.practice.clock.moment + timedelta(minutes=1)
    counting.practice.clock.forward(minutes=30)
    counting.id = counting.ask(place_id=counting.shelf)
    counting.sees_all("cleo", gloves=198)
    at(counting, moment, "use_stock", quantity=2)
    assert "Came late" in page(counting)
    counting.id = older
    assert "Came late" not in page(counting)


def test_two_people_who_found_the_same_are_named_as_such_and_one_is_not(counting: Counting) -> None:
    counting.sees_all("dana", gloves=150)
    assert review(counting, counting.gloves)["alike"] == 0
    counting.sees("cleo", counting.gloves, 150)
    counting.does("cleo", "submit")
    assert review(counting, counting.gloves)["alike"] == 2
    assert review(counting, counting.syringes)["alike"] == 0
    assert "Two people found the same" in page(counting)


def test_three_people_are_three_and_who_said_otherwise_later_is_heard(counting: Counting) -> None:
    counting.sees_all("dana", gloves=150)
    for who in ("cleo", "ana"):
        counting.sees(who, counting.gloves, 150)
        counting.does(who, "submit")
    assert review(counting, counting.gloves)["alike"] == 3
    assert "3 people found the same" in page(counting)
    counting.sees("ana", counting.gloves, 151)
    counting.does("ana", "submit")
    assert review(counting, counting.gloves)["alike"] == 2


def test_a_lot_of_nothing_does_not_keep_two_people_from_agreeing(counting: Counting) -> None:
    """Dana handed in before the office knew of a third lot; Cleo after it, and there is none of it."""
    counting.sees("dana", counting.syringes, 10, lot="S1")
    counting.does("dana", "submit")
    counting.supplies.does("ben", "inventory.receive_stock", item_id=counting.syringes, quantity=40, lot="S3")
    counting.sees("cleo", counting.syringes, 10, lot="S1")
    counting.does("cleo", "submit")
    assert [one["lot"] for one in counting.findings(counting.syringes) if one["number"] == 2] == ["S1", "S2", "S3"]
    assert review(counting, counting.syringes)["alike"] == 2
    [request] = counting.requests()
    assert "Two people found the same" in request["evidence"]


def test_the_case_names_only_who_agrees_with_what_is_decided(counting: Counting) -> None:
    counting.sees("ana", counting.gloves, 140)
    counting.sees_all("dana", gloves=140)
    counting.does("ana", "submit")
    [request] = counting.requests()
    assert request["changes"] == ["On hand: 200 → 140 each"]
    assert "Two people found the same" in request["evidence"]


def accuracy(counting: Counting) -> tuple[int, int, str]:
    row = counting.practice.row("count_accuracy", counting.id)
    assert row is not None
    return row["within"], row["lines"], row["percent_text"]


def test_how_well_the_book_was_kept_is_lines_within_the_tolerance_of_all_that_were_counted(counting: Counting) -> None:
    assert counting.practice.row("count_accuracy", counting.id) is None
    counting.sees_all("dana", gloves=150)
    assert accuracy(counting) == (3, 4, "75.0 %")
    told = page(counting)
    assert "75.0 %" in told
    assert "3 / 4 lines within the tolerance" in told


def test_a_recount_that_is_within_stands_for_the_line_that_was_not(counting: Counting) -> None:
    counting.sees_all("dana", gloves=150)
    counting.sees("cleo", counting.gloves, 199)
    counting.does("cleo", "submit")
    assert accuracy(counting) == (4, 4, "100.0 %")


def test_accuracy_is_cut_off_so_that_only_a_book_without_a_fault_is_all_of_it(counting: Counting) -> None:
    counting.sees_all("dana", s1=20, s2=50)
    assert accuracy(counting) == (2, 4, "50.0 %")
    counting.sees("dana", counting.lidocaine, 4, "vial")
    counting.does("dana", "submit")
    # What was posted stands for the item, whatever somebody says after it.
    assert accuracy(counting) == (2, 4, "50.0 %")


def test_counters_see_neither_in_the_row_of_the_count_nor_in_any_that_is_theirs(counting: Counting) -> None:
    phone = counting.practice.tablet("Phone 1", "dana", "count")
    used_late(counting)
    phone.sync()
    kinds = {kind for rows in phone.sheets.values() for kind, _ in rows}
    assert not kinds & {"late_movement", "count_accuracy", "count_review", "count_finding", "stock", "approval"}
    row = phone.row("count", counting.id)
    assert row is not None
    assert not {"accuracy", "within", "percent_text", "alike"} & set(row)
