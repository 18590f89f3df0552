"""Somebody is identified by two things."""

import pytest

from backend.ids import new_id
from tests.practice import Practice

IDENTITY = "checkin.check_identity"
TWO = ["name", "birth_date"]


def test_two_identifiers_lead_on_to_the_check_in(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    ana.post(f"/checkin/{visit}/arrival")
    answer = ana.post(f"/checkin/{visit}/identity", {"identifiers": TWO}, partial=True)
    assert answer.status_code == 200, answer.text
    assert f'action="/checkin/{visit}/check-in"' in answer.text
    row = practice.row("visit", visit)
    assert row is not None
    assert (row["identity"], row["identity_by"], row["next_action"]) == (TWO, practice.staff["ana"], "check_in")
    assert row["status"] == "arrived", "identifying is no state of its own"


def test_one_identifier_is_not_enough_and_the_form_says_so(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    ana.post(f"/checkin/{visit}/arrival")
    partial = ana.post(f"/checkin/{visit}/identity", {"identifiers": ["name"]}, partial=True)
    whole = ana.post(f"/checkin/{visit}/identity", {"identifiers": ["name"]})
    assert (partial.status_code, whole.status_code) == (422, 422)
    assert "at least 2" in partial.text or "two" in partial.text.lower()
    assert "complaint" in whole.text
    assert practice.entries(IDENTITY) == []


def test_an_identifier_that_nobody_knows_is_no_identifier(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    answer = ana.post(f"/checkin/{visit}/identity", {"identifiers": ["name", "shoe_size"]}, partial=True)
    assert answer.status_code == 422
    assert practice.entries(IDENTITY) == []


def test_a_double_tap_is_one_check(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    tap = {"identifiers": TWO, "_command_id": new_id()}
    assert [ana.post(f"/checkin/{visit}/identity", tap).status_code for _ in range(2)] == [303, 303]
    assert len(practice.entries(IDENTITY)) == 1


def test_a_second_witness_is_told_who_was_first(practice: Practice) -> None:
    first, second = practice.tablet("Tablet 1", "ana"), practice.tablet("Tablet 2", "ben")
    fields = {"visit_id": practice.visits["alma"]}
    early = first.command(IDENTITY, {**fields, "identifiers": TWO})
    first.sync([early])
    practice.clock.forward(minutes=6)
    late = second.command(IDENTITY, {**fields, "identifiers": ["phone", "address"]})
    second.sync([late])
    second.sync([late])
    assert second.receipt(late)["outcome"] == "applied"
    assert second.receipt(late)["say"] == "Already identified at 8:30 am by Ana Garrido on Tablet 1."
    row = second.row("visit", practice.visits["alma"])
    assert row is not None
    assert (row["identity"], row["identity_by"]) == (TWO, practice.staff["ana"])
    assert row["notes"] == ["Also recorded at 8:36 am by Ben Ito on Tablet 2."]


@pytest.mark.parametrize("identifiers", [["name"], [], "name", ["name", "shoe_size"], None])
def test_a_check_that_cannot_be_read_is_kept_for_a_person(practice: Practice, identifiers: object) -> None:
    fields = {"visit_id": practice.visits["alma"], "identifiers": identifiers}
    receipt = practice.act("ana", IDENTITY, fields)
    assert (receipt.outcome, receipt.code) == ("held", "unreadable")
    assert "identifiers" in receipt.say
    assert practice.row("visit", practice.visits["alma"])["identity"] == []  # type: ignore[index]


def test_a_check_on_a_visit_that_nobody_knows_is_kept_and_a_person_looks(practice: Practice) -> None:
    receipt = practice.act("ana", IDENTITY, {"visit_id": new_id(), "identifiers": TWO})
    assert (receipt.outcome, receipt.code) == ("flagged", "unknown_visit")
