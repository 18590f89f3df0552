"""What becomes of a payment too many: payments.refund, payments.apply_to_balance."""

import pytest

from backend.ids import new_id
from tests.payments.test_collecting import COLLECT, copay
from tests.practice import Practice

REFUND, BALANCE = "payments.refund", "payments.apply_to_balance"


def test_a_refund_is_booked_once(practice: Practice) -> None:
    fields = copay(practice)
    practice.act("ana", COLLECT, fields)
    outcomes = [practice.act("maria", REFUND, {"payment_id": fields["payment_id"]}).outcome for _ in range(2)]
    assert outcomes == ["applied", "noop"]
    late = practice.act("maria", BALANCE, {"payment_id": fields["payment_id"]})
    assert (late.outcome, late.code) == ("refused", "given_back")


def test_what_went_to_the_balance_is_not_undone_by_the_desk(practice: Practice) -> None:
    fields = copay(practice)
    done = practice.act("ana", COLLECT, fields)
    outcomes = [practice.act("maria", BALANCE, {"payment_id": fields["payment_id"]}).outcome for _ in range(2)]
    assert outcomes == ["applied", "noop"]
    undo = practice.act("ana", "undo", {"command_id": done.command_id})
    assert (undo.outcome, undo.code) == ("refused", "built_upon")


@pytest.mark.parametrize("command", [REFUND, BALANCE])
def test_only_a_manager_settles_and_only_what_there_is(practice: Practice, command: str) -> None:
    fields = copay(practice)
    practice.act("ana", COLLECT, fields)
    for who, payment_id, code in (("ana", fields["payment_id"], "not_allowed"), ("maria", new_id(), "unknown_payment")):
        receipt = practice.act(who, command, {"payment_id": payment_id})
        assert (receipt.outcome, receipt.code) == ("refused", code)
