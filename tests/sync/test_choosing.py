"""A person chooses what a card offers: sync.choose."""

import pytest

from backend.ids import new_id
from tests.patients.test_correcting import held
from tests.practice import Practice

CHOOSE = "sync.choose"


def test_a_colleague_who_is_no_manager_does_not_choose(practice: Practice) -> None:
    _, late = held(practice)
    receipt = practice.act("ana", CHOOSE, {"case_id": late["command_id"], "choice": "entered"})
    assert (receipt.outcome, receipt.code) == ("refused", "not_yours")


def test_a_second_tap_and_a_second_person_change_nothing_more(practice: Practice) -> None:
    _, late = held(practice)
    tap = {"choice": "entered", "_command_id": new_id()}
    ben = practice.browser("ben")
    answers = [ben.post(f"/attention/{late['command_id']}/choice", tap).status_code for _ in range(2)]
    assert answers == [303, 303]
    again = practice.act("maria", CHOOSE, {"case_id": late["command_id"], "choice": "keep"})
    assert (again.outcome, again.code) == ("noop", "already_closed")
    row = practice.row("patient", practice.patients["alma"])
    assert row is not None
    assert row["birth_date"] == "1957-12-04"


@pytest.mark.parametrize(("choice", "code"), [("merge", "no_such_choice"), ("", "unreadable")])
def test_what_was_not_offered_is_not_done(practice: Practice, choice: str, code: str) -> None:
    _, late = held(practice)
    receipt = practice.act("maria", CHOOSE, {"case_id": late["command_id"], "choice": choice})
    assert (receipt.outcome, receipt.code) == ("refused", code)
    assert practice.row("case", late["command_id"]) is not None
