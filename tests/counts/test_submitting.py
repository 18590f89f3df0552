"""What becomes of a count that is handed in: posted, counted again by somebody else, or decided by a manager."""

import re

from tests.counts.cast import Counting

SUBMIT = "counts.submit"


def test_what_matches_is_settled_and_kept_as_evidence(counting: Counting) -> None:
    done = counting.sees_all("dana")
    assert (done.outcome, done.say) == ("applied", "3 items handed in.")
    assert [counting.task(one) for one in (counting.gloves, counting.syringes, counting.lidocaine)] == ["posted"] * 3
    assert [one["outcome"] for one in counting.findings(counting.syringes)] == ["matches", "matches"]
    assert counting.on_hand(counting.gloves) == 200
    assert counting.practice.row("count", counting.id)["state"] == "done"  # type: ignore[index]


def test_a_small_difference_is_posted_as_a_movement_by_itself(counting: Counting) -> None:
    counting.sees_all("dana", gloves=197)
    assert counting.task(counting.gloves) == "posted"
    assert counting.on_hand(counting.gloves) == 197
    [found] = counting.findings(counting.gloves)
    assert (found["expected"], found["found"], found["variance_text"], found["outcome"]) == (200, 197, "-3", "within")


def test_a_large_difference_is_counted_again_by_somebody_who_is_not_told_the_number(counting: Counting) -> None:
    done = counting.sees_all("dana", gloves=150)
    assert done.say == "3 items handed in. 1 is counted again by somebody else."
    assert counting.task(counting.gloves) == "recount"
    assert counting.on_hand(counting.gloves) == 200
    counting.sees("cleo", counting.gloves, 199)
    counting.does("cleo", "submit")
    assert counting.task(counting.gloves) == "posted"
    assert counting.on_hand(counting.gloves) == 199
    assert [one["by_name"] for one in counting.findings(counting.gloves)] == ["Dana Reyes", "Cleo Marsh"]


def test_who_was_off_cannot_be_their_own_second_counter(counting: Counting) -> None:
    counting.sees_all("dana", gloves=150)
    counting.sees("dana", counting.gloves, 200)
    done = counting.does("dana", "submit")
    assert counting.task(counting.gloves) == "recount"
    assert done.say == "1 item handed in. 1 is counted again by somebody else."
    assert counting.on_hand(counting.gloves) == 200


def test_still_off_after_two_people_waits_for_a_manager_with_reason_and_root_cause(counting: Counting) -> None:
    counting.sees_all("dana", gloves=150)
    counting.sees("cleo", counting.gloves, 150)
    done = counting.does("cleo", "submit")
    assert done.say == "1 item handed in. 1 was sent to review."
    [request] = counting.requests()
    assert request["title"] == "Exam gloves M, Supply room › Shelf 3: the count differs"
    assert request["changes"] == ["On hand: 200 → 150 each"]
    assert request["amount"] == 450
    assert "Two people found the same" in request["evidence"]
    assert counting.approve("maria", request, reason="").code == "no_reason"
    assert counting.approve("maria", request, "unrecorded_use", "Two boxes went to room 2").outcome == "applied"
    assert counting.on_hand(counting.gloves) == 150
    assert counting.task(counting.gloves) == "posted"


def test_a_controlled_item_that_is_off_by_one_is_always_decided(counting: Counting) -> None:
    counting.sees_all("dana", lidocaine=9)
    assert counting.task(counting.lidocaine) == "recount"
    counting.sees("ana", counting.lidocaine, 9, "vial")
    counting.does("ana", "submit")
    [request] = counting.requests()
    assert "Controlled" in request["evidence"]
    assert request["amount"] is None


def test_variances_are_never_set_against_each_other(counting: Counting) -> None:
    counting.sees_all("dana", s1=20, s2=50)
    assert counting.task(counting.syringes) == "recount"
    assert [one["variance_text"] for one in counting.findings(counting.syringes)] == ["-30", "+30"]


def test_a_count_declined_leaves_the_book_as_it_is_and_may_be_counted_once_more(counting: Counting) -> None:
    counting.sees_all("dana", gloves=150)
    counting.sees("cleo", counting.gloves, 150)
    counting.does("cleo", "submit")
    [request] = counting.requests()
    fields = {"approval_id": request["id"], "reason": "Look behind the boxes"}
    assert counting.practice.act("maria", "approvals.decline", fields, seen=request["hash"]).outcome == "applied"
    assert counting.task(counting.gloves) == "rejected"
    assert counting.on_hand(counting.gloves) == 200


def test_handing_in_twice_is_one_hand_in(counting: Counting) -> None:
    counting.sees_all("dana")
    again = counting.does("dana", "submit")
    assert (again.outcome, again.code) == ("noop", "nothing_new")
    assert len(counting.findings(counting.gloves)) == 1


def test_stock_that_moved_after_a_line_was_seen_does_not_make_it_wrong(counting: Counting) -> None:
    counting.sees("dana", counting.gloves, 200)
    counting.practice.clock.forward(minutes=1)
    counting.supplies.does("cleo", "inventory.use_stock", quantity=60)
    counting.does("dana", "submit")
    assert counting.findings(counting.gloves)[0]["outcome"] == "matches"
    assert counting.on_hand(counting.gloves) == 140


def test_two_people_who_counted_the_same_thing_differently_are_looked_at_by_a_third(counting: Counting) -> None:
    counting.sees("cleo", counting.gloves, 100)
    counting.sees_all("dana")
    assert counting.task(counting.gloves) == "posted"
    counting.does("cleo", "submit")
    assert counting.task(counting.gloves) == "recount"
    counting.sees("ben", counting.gloves, 200)
    counting.does("ben", "submit")
    assert counting.task(counting.gloves) == "posted"
    assert len(counting.findings(counting.gloves)) == 3


def test_by_form_and_by_sync_the_counter_is_never_told_what_was_expected(counting: Counting) -> None:
    phone = counting.practice.tablet("Phone 1", "dana", "count")
    here = {"count_id": counting.id, "place_id": counting.shelf}
    amounts = [{"unit": "each", "quantity": 150}]
    phone.sync([phone.command("counts.record_amount", {**here, "item_id": counting.gloves, "amounts": amounts})])
    answer = phone.post(f"/counts/{counting.id}/submit", {"place_id": counting.shelf}, partial=True)
    assert answer.status_code == 200
    assert "Handed in" in answer.text
    # By itself: an id may have it among its digits.
    assert not re.search(r"\b200\b", answer.text)
    said = phone.command(SUBMIT, here)
    phone.sync([said])
    phone.sync([said])
    assert phone.receipt(said)["outcome"] == "noop"
    assert counting.task(counting.gloves) == "recount"


def test_where_nobody_else_may_count_a_manager_decides_at_once(counting: Counting) -> None:
    for name in ("ana", "ben", "maria", "cleo"):
        left = {"staff_id": counting.practice.staff[name]}
        if name != "maria":
            assert counting.practice.act("maria", "staff.end_membership", left).outcome == "applied"
    counting.sees("dana", counting.gloves, 150)
    counting.does("dana", "submit")
    counting.sees("maria", counting.gloves, 150)
    done = counting.does("maria", "submit")
    assert (done.outcome, done.code) == ("flagged", "alone")
    assert counting.on_hand(counting.gloves) == 150
    assert counting.task(counting.gloves) == "posted"


def test_a_time_that_is_not_sure_is_not_enough_when_stock_moved_meanwhile(counting: Counting) -> None:
    counting.supplies.does("cleo", "inventory.use_stock", quantity=5)
    fields = {"count_id": counting.id, "place_id": counting.shelf, "item_id": counting.gloves}
    phone = counting.practice.tablet("Phone 1", "dana", "count")
    seen = phone.command("counts.record_amount", {**fields, "amounts": [{"unit": "each", "quantity": 195}]})
    # Switched off and on again: nobody knows how long that took.
    seen["made"] = {**seen["made"], "boot": "another", "wall": "2026-11-20T10:00:00.000Z"}
    phone.sync([seen, phone.command(SUBMIT, {"count_id": counting.id, "place_id": counting.shelf})])
    assert counting.task(counting.gloves) == "recount"
