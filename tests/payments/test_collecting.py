"""A copay is collected, once for each time that it was: payments.collect_copay."""

from typing import Any

import pytest

from backend.ids import new_id
from tests.forms import form_to, text_of
from tests.practice import Practice

COLLECT = "payments.collect_copay"


def copay(practice: Practice, **changes: Any) -> dict[str, Any]:
    known = {"visit_id": practice.visits["alma"], "payment_id": new_id(), "cents": 2500, "method": "cash"}
    return {**known, "reference": None, "number": None, **changes}


def taken_twice(practice: Practice) -> tuple[Any, dict[str, Any], dict[str, Any]]:
    """Ana and Ben each took Alma's copay, on two tablets."""
    one, other = practice.tablet("Tablet 1"), practice.tablet("Tablet 2", "ben")
    first = one.command(COLLECT, copay(practice, number="1-1"))
    second = other.command(COLLECT, copay(practice, number="2-1", method="card", reference="0042"))
    one.sync([first])
    other.sync([second])
    return other, first, second


def day_total(practice: Practice) -> str:
    return text_of(practice.browser("maria").get("/payments/2026-11-23").text)


def test_two_tabs_with_one_form_take_one_copay(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    ana.post(f"/checkin/{visit}/arrival")
    tabs = [form_to(ana.get(f"/checkin/{visit}").text, f"{visit}/copay") for _ in range(2)]
    for form in tabs:
        answer = ana.post(form.action, form.filled(cents="25", method="cash"), partial=True)
        assert answer.status_code == 200, answer.text
    assert len(practice.entries(COLLECT)) == 1
    [row] = practice.rows("payment")
    assert (row["cents"], row["method"], row["number"], row["state"]) == (2500, "cash", "0-1", "taken")
    # The next form is about another payment.
    further = form_to(ana.get(f"/checkin/{visit}").text, f"{visit}/copay")
    assert further.fields["_new.payment"] != tabs[0].fields["_new.payment"]
    receipt = text_of(ana.get(f"/receipts/{row['id']}").text)
    assert "Receipt 0-1" in receipt
    assert "$25.00" in receipt
    assert "Alma Castellanos" in receipt


def test_an_amount_that_is_none_comes_back_with_what_was_typed(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    ana.post(f"/checkin/{visit}/arrival")
    form = form_to(ana.get(f"/checkin/{visit}").text, f"{visit}/copay")
    for cents in ("", "0", "-5", "twenty"):
        answer = ana.post(form.action, form.filled(cents=cents, method="cash"), partial=True)
        assert answer.status_code == 422, cents
    assert practice.rows("payment") == []


def test_handed_in_twice_it_is_taken_once(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    entry = tablet.command(COLLECT, copay(practice, number="1-1"))
    tablet.send([entry])
    tablet.sync([entry])
    same = tablet.command(COLLECT, entry["fields"])
    tablet.sync([same])
    assert tablet.receipt(entry)["outcome"] == "applied"
    assert (tablet.receipt(same)["outcome"], tablet.receipt(same)["code"]) == ("noop", "already_taken")
    assert tablet.row("payment", entry["fields"]["payment_id"])["number"] == "1-1"  # type: ignore[index]
    assert "Total $25.00" in day_total(practice)


def test_taken_on_two_tablets_both_are_in_the_book_and_a_manager_is_asked(practice: Practice) -> None:
    other, first, second = taken_twice(practice)
    assert other.receipt(second)["outcome"] == "flagged"
    assert "Total $50.00" in day_total(practice)
    card = text_of(practice.browser("maria").get("/attention/office").text)
    assert "A copay was taken twice for this visit. Both are in the book; the second is $25.00." in card
    assert "Receipt 1-1 – Ana Garrido on Tablet 1, at 8:30 am" in card
    own = text_of(other.get("/attention").text)
    assert "A manager’s to choose" in own
    choice = {"case_id": second["command_id"], "choice": "both"}
    receipt = practice.act("ben", "sync.choose", choice)
    assert (receipt.outcome, receipt.code) == ("refused", "not_allowed")
    assert practice.row("payment", first["fields"]["payment_id"])["state"] == "taken"  # type: ignore[index]


@pytest.mark.parametrize(
    ("choice", "state", "total"),
    [("refund", "refunded", "$25.00"), ("balance", "to_balance", "$50.00"), ("both", "taken", "$50.00")],
)
def test_the_managers_choice_is_booked_to_the_cent(practice: Practice, choice: str, state: str, total: str) -> None:
    _, _, second = taken_twice(practice)
    maria = practice.browser("maria")
    form = form_to(maria.get("/attention/office").text, f"{second['command_id']}/choice")
    assert maria.post(form.action, {**form.fields, "choice": choice, "_command_id": new_id()}).status_code == 303
    row = practice.row("payment", second["fields"]["payment_id"])
    assert row is not None
    assert row["state"] == state
    assert f"Total {total}" in day_total(practice)
    assert practice.rows("case") == []


def test_undone_it_is_followed_by_its_opposite_and_counts_nothing(practice: Practice) -> None:
    done = practice.act("ana", COLLECT, copay(practice))
    for outcome in ("applied", "noop"):
        assert practice.act("ana", "undo", {"command_id": done.command_id}).outcome == outcome
    [row] = practice.rows("payment")
    assert (row["state"], row["last_command_id"]) == ("undone", None)
    assert "Total $0.00" in day_total(practice)
    # What was given back is none that could be taken twice.
    assert practice.act("ana", COLLECT, copay(practice)).outcome == "applied"


def test_for_a_visit_that_nobody_knows_the_money_is_kept_and_flagged(practice: Practice) -> None:
    receipt = practice.act("ana", COLLECT, copay(practice, visit_id=new_id()))
    assert (receipt.outcome, receipt.code) == ("flagged", "unknown_visit")
    assert "Total $25.00" in day_total(practice)


def test_who_is_not_of_the_desk_takes_none_but_what_was_taken_is_held(practice: Practice) -> None:
    receipt = practice.act("cleo", COLLECT, copay(practice))
    assert (receipt.outcome, receipt.code) == ("held", "not_allowed")
