"""A person has dealt with what needed attention: sync.close_case."""

import pytest

from backend.ids import new_id
from tests.forms import form_to, text_of
from tests.practice import Practice

CLOSE = "sync.close_case"


def flagged(practice: Practice, who: str = "ana") -> str:
    """An entry that a person must look at."""
    return practice.act(who, "checkin.check_in", {"visit_id": practice.visits["alma"]}).command_id


def test_its_author_sees_the_case_and_closes_it_with_a_reason(practice: Practice) -> None:
    case, ana = flagged(practice), practice.browser("ana")
    page = ana.get("/attention").text
    assert "Checked in without two identifiers on record." in text_of(page)
    form = form_to(page, f"{case}/close")
    answer = ana.post(form.action, form.filled(reason="Asked her on the way out"), partial=True)
    assert answer.status_code == 200, answer.text
    assert "Nothing needs attention" in answer.text
    assert practice.sheets_with("case", case) == set()
    assert practice.entry(case).outcome == "flagged", "the journal keeps what it was"


def test_without_a_reason_it_stays_open(practice: Practice) -> None:
    case, ana = flagged(practice), practice.browser("ana")
    for partial in (True, False):
        answer = ana.post(f"/attention/{case}/close", {"reason": "  "}, partial=partial)
        assert answer.status_code == 422
        assert "What was done about it" in answer.text
    assert practice.row("case", case) is not None


def test_a_manager_sees_everybodys_cases_and_may_close_them(practice: Practice) -> None:
    case, maria = flagged(practice), practice.browser("maria")
    page = maria.get("/attention/office").text
    form = form_to(page, f"{case}/close")
    assert maria.post(form.action, form.filled(reason="Done")).status_code == 303
    assert practice.row("case", case) is None


def test_a_colleague_can_neither_see_nor_close_it(practice: Practice) -> None:
    case, ben = flagged(practice), practice.browser("ben")
    assert case not in ben.get("/attention").text
    assert ben.get("/attention/office").status_code == 403
    answer = ben.post(f"/attention/{case}/close", {"reason": "Done"}, partial=True)
    assert answer.status_code == 422
    assert "Only who entered it or a manager may close this." in answer.text
    assert practice.row("case", case) is not None


def test_a_double_tap_closes_it_once_and_a_second_person_is_told(practice: Practice) -> None:
    case, ana = flagged(practice), practice.browser("ana")
    tap = {"reason": "Done", "_command_id": new_id()}
    assert [ana.post(f"/attention/{case}/close", tap).status_code for _ in range(2)] == [303, 303]
    assert len(practice.entries(CLOSE)) == 1
    again = practice.act("maria", CLOSE, {"case_id": case, "reason": "Done"})
    assert (again.outcome, again.code) == ("noop", "already_closed")


def test_handed_in_twice_by_a_tablet_it_is_closed_once_everywhere(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    odd = tablet.command("checkin.check_in", {"visit_id": practice.visits["alma"]})
    tablet.sync([odd])
    assert tablet.row("case", odd["command_id"]) is not None
    entry = tablet.command(CLOSE, {"case_id": odd["command_id"], "reason": "Done"})
    tablet.send([entry])
    tablet.sync([entry])
    assert tablet.receipt(entry)["outcome"] == "applied"
    assert tablet.row("case", odd["command_id"]) is None


@pytest.mark.parametrize(
    ("fields", "outcome", "code"),
    [
        ({"case_id": new_id(), "reason": "Done"}, "refused", "missing"),
        ({"case_id": new_id(), "reason": ""}, "refused", "unreadable"),
        ({"reason": "Done"}, "refused", "unreadable"),
    ],
)
def test_what_is_not_open_or_not_said_cannot_be_closed(
    practice: Practice, fields: dict[str, str], outcome: str, code: str
) -> None:
    receipt = practice.act("ana", CLOSE, fields)
    assert (receipt.outcome, receipt.code) == (outcome, code)
