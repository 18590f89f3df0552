"""Somebody takes back what a command did."""

import pytest

from backend.ids import new_id
from tests.checkin.test_checking_in import prepared
from tests.forms import form_to
from tests.practice import Practice

ARRIVAL, CHECK_IN, UNDO = "checkin.record_arrival", "checkin.check_in", "undo"


def test_the_undo_on_the_board_takes_the_arrival_back(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    ana.post(f"/checkin/2026-11-23/{visit}/arrival")
    form = form_to(ana.get("/checkin/2026-11-23").text, f"{visit}/undo")
    answer = ana.post(form.action, form.fields, partial=True)
    assert answer.status_code == 200, answer.text
    assert f'action="/checkin/2026-11-23/{visit}/arrival"' in answer.text
    row = practice.row("visit", visit)
    assert row is not None
    assert (row["status"], row["arrived_at"], row["arrived_by"], row["can_undo"]) == ("booked", None, None, False)


def test_a_double_tap_on_undo_is_one_undo(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    ana.post(f"/checkin/{visit}/arrival")
    form = form_to(ana.get(f"/checkin/{visit}").text, "/undo")
    assert [ana.post(form.action, form.fields).status_code for _ in range(2)] == [303, 303]
    assert [entry.outcome for entry in practice.entries(UNDO)] == ["applied"]


def test_undoing_twice_with_two_forms_says_it_was_already_undone(practice: Practice) -> None:
    first = practice.act("ana", ARRIVAL, {"visit_id": practice.visits["alma"]})
    practice.act("ana", UNDO, {"command_id": first.command_id})
    again = practice.act("ben", UNDO, {"command_id": first.command_id})
    assert (again.outcome, again.code) == ("noop", "already_undone")


def test_an_undone_arrival_can_be_recorded_again(practice: Practice) -> None:
    first = practice.act("ana", ARRIVAL, {"visit_id": practice.visits["alma"]})
    practice.act("ana", UNDO, {"command_id": first.command_id})
    practice.clock.forward(minutes=7)
    practice.act("ana", ARRIVAL, {"visit_id": practice.visits["alma"]})
    row = practice.row("visit", practice.visits["alma"])
    assert row is not None
    assert (row["status"], row["arrived_at"]) == ("arrived", "2026-11-23T13:37:00.000Z")


def test_what_something_was_built_on_is_not_taken_away(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    entry = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]})
    tablet.sync([entry])
    prepared(practice)
    practice.act("ana", "checkin.check_in", {"visit_id": practice.visits["alma"]})
    # Ana's own arrival still carries it; with both gone nothing would.
    both = practice.entries(ARRIVAL)
    tablet.sync([tablet.command(UNDO, {"command_id": both[1].command_id})])
    undo = tablet.command(UNDO, {"command_id": entry["command_id"]})
    tablet.sync([undo])
    receipt = tablet.receipt(undo)
    assert (receipt["outcome"], receipt["code"]) == ("refused", "built_upon")
    assert "the patient has been checked in since" in receipt["say"]
    assert tablet.row("visit", practice.visits["alma"])["status"] == "checked_in"  # type: ignore[index]
    assert tablet.row("case", undo["command_id"]) is not None


def test_a_refused_undo_at_the_desk_is_a_sentence(practice: Practice) -> None:
    first = practice.act("ana", ARRIVAL, {"visit_id": practice.visits["alma"]})
    practice.act(
        "ana", "checkin.check_identity", {"visit_id": practice.visits["alma"], "identifiers": ["name", "phone"]}
    )
    ana, path = practice.browser("ana"), f"/checkin/{practice.visits['alma']}/undo"
    partial = ana.post(path, {"command_id": first.command_id}, partial=True)
    whole = ana.post(path, {"command_id": first.command_id})
    assert (partial.status_code, whole.status_code) == (422, 422)
    for answer in (partial, whole):
        assert "It cannot be undone now: the patient has been identified since." in answer.text


def test_each_step_is_taken_back_to_the_one_before(practice: Practice) -> None:
    fields = prepared(practice)
    checked = practice.act("ana", CHECK_IN, fields)
    practice.act("ana", UNDO, {"command_id": checked.command_id})
    row = practice.row("visit", fields["visit_id"])
    assert row is not None
    assert (row["status"], row["next_action"], row["checked_in_at"]) == ("arrived", "check_in", None)
    identified = practice.entries("checkin.check_identity")[0]
    practice.act("ana", UNDO, {"command_id": identified.command_id})
    row = practice.row("visit", fields["visit_id"])
    assert row is not None
    assert (row["status"], row["next_action"], row["identity"], row["identity_at"]) == ("arrived", "identify", [], None)


@pytest.mark.parametrize("new_here", [False, True])
def test_an_undone_walk_in_leaves_the_board_and_the_person_stays_registered(practice: Practice, new_here: bool) -> None:
    ids = {"visit_id": new_id(), "patient_id": new_id() if new_here else practice.patients["bruno"]}
    who = {"family": "Abara", "given": "Uma", "birth_date": "1990-02-03", "sex": "female"} if new_here else {}
    command = "checkin.register_walk_in" if new_here else "checkin.record_walk_in"
    made = practice.act("ana", command, {**ids, **who, "type": "Office visit"})
    ana = practice.browser("ana")
    assert ids["visit_id"] in ana.get("/checkin/2026-11-23").text
    practice.act("ana", UNDO, {"command_id": made.command_id})
    assert ids["visit_id"] not in ana.get("/checkin/2026-11-23").text
    assert practice.row("patient", ids["patient_id"]) is not None
    assert practice.row("visit", ids["visit_id"])["status"] == "in_error"  # type: ignore[index]
    assert "Arrive</button>" not in ana.get(f"/checkin/{ids['visit_id']}").text


def test_what_never_reached_the_office_cannot_be_undone(practice: Practice) -> None:
    receipt = practice.act("ana", UNDO, {"command_id": new_id()})
    assert (receipt.outcome, receipt.code) == ("refused", "nothing_to_undo")


def test_what_was_never_applied_needs_no_undoing(practice: Practice) -> None:
    held = practice.act("dana", ARRIVAL, {"visit_id": practice.visits["alma"]})
    receipt = practice.act("ana", UNDO, {"command_id": held.command_id})
    assert (receipt.outcome, receipt.code) == ("noop", "was_not_applied")


def test_what_has_no_undoing_is_corrected_by_a_new_entry(practice: Practice) -> None:
    imported = practice.entries("patients.import_patient")[0]
    receipt = practice.act("maria", UNDO, {"command_id": imported.command_id})
    assert (receipt.outcome, receipt.code) == ("refused", "cannot_undo")


def test_who_may_not_do_it_may_not_undo_it(practice: Practice) -> None:
    first = practice.act("ana", ARRIVAL, {"visit_id": practice.visits["alma"]})
    receipt = practice.act("dana", UNDO, {"command_id": first.command_id})
    assert (receipt.outcome, receipt.code) == ("refused", "not_allowed")
    assert practice.row("visit", practice.visits["alma"])["status"] == "arrived"  # type: ignore[index]


def test_an_undo_handed_in_twice_is_one_undo(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    arrival = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]})
    undo = tablet.command(UNDO, {"command_id": arrival["command_id"]})
    tablet.send([arrival, undo])
    tablet.sync([arrival, undo])
    assert tablet.receipt(undo)["outcome"] == "applied"
    assert len(practice.entries(UNDO)) == 1
    assert tablet.row("visit", practice.visits["alma"])["status"] == "booked"  # type: ignore[index]
