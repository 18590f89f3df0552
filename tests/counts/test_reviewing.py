"""What two people could not settle: decided by somebody who counted neither, on what they were shown."""

from typing import Any

from backend.ids import new_id
from tests.counts.cast import Counting
from tests.tablets import Tablet

POST = "counts.post_variance"


def in_review(counting: Counting, first: str = "dana", second: str = "cleo") -> dict[str, Any]:
    """Gloves that two people found to be 150; what waits for a yes."""
    counting.sees(first, counting.gloves, 150)
    counting.does(first, "submit")
    counting.sees(second, counting.gloves, 150)
    counting.does(second, "submit")
    [request] = counting.requests()
    return request


def joined(counting: Counting, name: str, role: str = "manager") -> None:
    """Another one who may decide."""
    who = {"staff_id": new_id(), "name": name.title(), "username": name, "roles": [role], "site_id": "main"}
    counting.practice.staff[name] = who["staff_id"]
    assert counting.practice.act("maria", "staff.add_member", who).outcome == "applied"


def said_yes(phone: Tablet, request: dict[str, Any]) -> dict[str, Any]:
    fields = {"approval_id": request["id"], "reason": "miscount", "root_cause": "Two boxes"}
    return phone.command("approvals.approve", fields, seen=request["hash"])


def test_who_counted_cannot_approve_neither_by_page_nor_by_a_forged_batch(counting: Counting) -> None:
    joined(counting, "olga")
    request = in_review(counting, "maria", "dana")
    assert counting.practice.staff["maria"] in request["excluded"]
    form = {"_seen": request["hash"], "reason": "miscount", "root_cause": "Two boxes"}
    page = counting.practice.browser("maria").post(f"/approvals/{request['id']}/approve", form)
    assert page.status_code == 422
    assert "You counted it, so somebody else must decide." in page.text
    phone = counting.practice.tablet("Phone 1", "maria", "manager_phone")
    forged = said_yes(phone, request)
    phone.sync([forged])
    assert phone.receipt(forged)["code"] == "four_eyes"
    sent = phone.command(POST, {
        "count_id": counting.id, "place_id": counting.shelf, "item_id": counting.gloves,
        "by": counting.practice.staff["dana"],
    })  # fmt: skip
    phone.sync([sent])
    assert phone.receipt(sent)["outcome"] in ("held", "refused")
    assert counting.on_hand(counting.gloves) == 200
    assert counting.approve("olga", request).outcome == "applied"


def test_who_received_the_goods_does_not_decide_about_them(counting: Counting) -> None:
    joined(counting, "olga")
    counting.supplies.does("maria", "inventory.receive_stock", quantity=10)
    request = in_review(counting)
    assert counting.approve("maria", request).say == "You received it, so somebody else must decide."
    assert counting.approve("olga", request).outcome == "applied"
    assert counting.on_hand(counting.gloves) == 150


def test_the_counter_cannot_withdraw_what_they_counted(counting: Counting) -> None:
    request = in_review(counting)
    gone = counting.practice.act("cleo", "approvals.withdraw", {"approval_id": request["id"]})
    assert (gone.outcome, gone.code) == ("refused", "counts_stay")
    assert counting.task(counting.gloves) == "review"


def test_a_movement_that_came_late_changes_the_case_and_the_yes_is_given_anew(counting: Counting) -> None:
    request = in_review(counting)
    phone = counting.practice.tablet("Maria’s phone", "maria", "manager_phone")
    phone.sync()
    # Ben used ten while his tablet had no network, before anybody counted.
    counting.practice.clock.forward(minutes=-3)
    tablet = counting.practice.tablet("Desk 2", "ben", "desk")
    used = {"item_id": counting.gloves, "place_id": counting.shelf, "quantity": 10}
    late = tablet.command("inventory.use_stock", used)
    late["made"]["wall"] = "2026-11-23T13:31:00.000Z"
    late["made"]["mono"] = late["made"]["mono"] - 600_000
    counting.practice.clock.forward(minutes=3)
    tablet.sync([late])
    yes = said_yes(phone, request)
    phone.sync([yes])
    assert (phone.receipt(yes)["outcome"], phone.receipt(yes)["code"]) == ("held", "changed")
    assert "On hand: 200 → 150 each, now 190 → 150 each" in phone.receipt(yes)["say"]
    [fresh] = counting.requests()
    assert fresh["changes"] == ["On hand: 190 → 150 each"]
    again = said_yes(phone, fresh)
    phone.sync([again])
    assert phone.receipt(again)["outcome"] == "applied"
    assert counting.on_hand(counting.gloves) == 150


def test_a_second_manager_is_told_who_decided_already(counting: Counting) -> None:
    joined(counting, "olga")
    request = in_review(counting)
    counting.approve("maria", request)
    late = counting.approve("olga", request)
    assert late.outcome == "noop"
    assert "Already decided by Maria Lindqvist" in (late.say or "")


def test_a_request_that_nobody_answers_leaves_the_book_as_it_is(counting: Counting) -> None:
    request = in_review(counting)
    counting.practice.later(hours=80)
    assert counting.practice.row("approval", request["id"])["state"] == "expired"  # type: ignore[index]
    assert counting.task(counting.gloves) == "rejected"
    assert counting.on_hand(counting.gloves) == 200


def test_nobody_posts_a_variance_by_themselves(counting: Counting) -> None:
    fields = {"count_id": counting.id, "place_id": counting.shelf, "item_id": counting.gloves}
    done = counting.practice.act("maria", POST, {**fields, "by": counting.practice.staff["dana"]})
    assert done.outcome in ("held", "refused")


def test_counted_again_later_the_older_count_is_not_posted(counting: Counting) -> None:
    request = in_review(counting)
    newer = counting.ask(kind="spot", place_id=counting.shelf, item_id=counting.gloves)
    amounts = [{"unit": "each", "quantity": 199}]
    counting.does("ben", "record_amount", count_id=newer, item_id=counting.gloves, amounts=amounts)
    counting.does("ben", "submit", count_id=newer)
    assert counting.on_hand(counting.gloves) == 199
    late = counting.approve("maria", request)
    assert late.outcome == "held"
    assert "that count stands" in (late.say or "")
    assert counting.on_hand(counting.gloves) == 199
