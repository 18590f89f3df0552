"""Somebody walks in without an appointment."""

from typing import Any

import pytest

from backend.ids import new_id
from tests.forms import form_to, text_of
from tests.practice import Practice

DAY = "2026-11-23"
RECORD, REGISTER = "checkin.record_walk_in", "checkin.register_walk_in"
NORA = {"family": "O’Hara", "given": "Nora", "birth_date": "9/30/1988", "sex": "female", "type": "Office visit"}


def fields_of(practice: Practice, **changes: Any) -> dict[str, Any]:
    """A registration as a device sends it."""
    ids = {"visit_id": new_id(), "patient_id": new_id()}
    return {**ids, **NORA, "birth_date": "1990-02-03", **changes}


def test_a_known_patient_is_found_by_three_letters_and_walks_in(practice: Practice) -> None:
    ana = practice.browser("ana")
    found = ana.post("/find/checkin.walk_in", {"day": DAY, "q": "cas"})
    assert "Alma Castellanos" in found.text
    form = form_to(found.text, "/walk-ins")
    assert form.buttons == [("patient_id", practice.patients["alma"])]
    answer = ana.post(form.action, form.filled(patient_id=practice.patients["alma"]))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/checkin/{DAY}")
    entry = practice.entries(RECORD)[0]
    [visit] = [id for kind, id in shown(practice) if kind == "visit" and id not in practice.visits.values()]
    row = practice.row("visit", visit)
    assert row is not None
    assert (entry.outcome, row["is_walk_in"], row["status"], row["flags"]) == ("applied", True, "arrived", ["walk_in"])
    assert (row["patient_id"], row["starts_at"]) == (practice.patients["alma"], "2026-11-23T13:30:00.000Z")


def shown(practice: Practice) -> set[tuple[str, str]]:
    tablet = practice.tablet(f"Tablet {new_id()[-6:]}")
    tablet.sync()
    return set(tablet.sheets[f"visits/main/{DAY}"])


def test_a_new_patient_is_registered_with_a_number_and_arrives(practice: Practice) -> None:
    ana = practice.browser("ana")
    form = form_to(ana.get(f"/checkin/{DAY}/walk-in").text, "/registrations")
    answer = ana.post(form.action, form.filled(**NORA, phone="(555) 010-0177"))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/checkin/{DAY}")
    patient = practice.row("patient", form.fields["_new.patient"][0])
    assert patient is not None
    assert (patient["given"], patient["birth_date"], patient["phone"]) == ("Nora", "1988-09-30", "5550100177")
    assert patient["mrn"].isdigit()
    assert "Nora O’Hara" in text_of(ana.get(f"/checkin/{DAY}").text)


def test_sending_the_form_twice_registers_one_person(practice: Practice) -> None:
    ana = practice.browser("ana")
    form = form_to(ana.get(f"/checkin/{DAY}/walk-in").text, "/registrations")
    filled = form.filled(**{**NORA, "birth_date": "1990-02-03"})
    assert [ana.post(form.action, filled).status_code for _ in range(2)] == [303, 303]
    assert [entry.outcome for entry in practice.entries(REGISTER)] == ["applied"]


def test_a_form_with_mistakes_comes_back_with_what_was_typed(practice: Practice) -> None:
    ana = practice.browser("ana")
    wrong = {**NORA, "birth_date": "31/31/1988", "phone": "12", "sex": "", "family": ""}
    for partial in (True, False):
        answer = ana.post(f"/checkin/{DAY}/registrations", wrong, partial=partial)
        assert answer.status_code == 422
        form = form_to(answer.text, "/registrations")
        assert (form.fields["birth_date"], form.fields["given"]) == (["31/31/1988"], ["Nora"])
        assert form.fields["phone"] == ["12"]
        for name in ("family", "birth_date", "phone", "sex"):
            assert f'id="field-{name}-complaint"' in answer.text, name
    assert practice.entries(REGISTER) == []


def test_a_birth_date_in_the_future_is_no_birth_date(practice: Practice) -> None:
    answer = practice.browser("ana").post(f"/checkin/{DAY}/registrations", {**NORA, "birth_date": "2026-11-24"})
    assert answer.status_code == 422
    assert 'id="field-birth_date-complaint"' in answer.text


def test_who_looks_like_a_known_patient_is_kept_apart_and_a_person_looks(practice: Practice) -> None:
    first, second = practice.tablet("Tablet 1", "ana"), practice.tablet("Tablet 2", "ben")
    one = first.command(REGISTER, fields_of(practice))
    two = second.command(REGISTER, fields_of(practice))
    first.sync([one])
    second.sync([two])
    assert first.receipt(one)["outcome"] == "applied"
    assert (second.receipt(two)["outcome"], second.receipt(two)["code"]) == ("flagged", "possible_duplicate")
    assert "Is this the same person as Nora O’Hara" in second.receipt(two)["say"]
    for entry in (one, two):
        assert second.row("patient", entry["fields"]["patient_id"]) is not None
        assert second.row("visit", entry["fields"]["visit_id"]) is not None


def test_the_same_new_visit_from_two_devices_is_one_visit_with_two_witnesses(practice: Practice) -> None:
    fields = fields_of(practice)
    practice.act("ana", REGISTER, fields)
    receipt = practice.act("ben", REGISTER, fields)
    assert receipt.outcome == "flagged"
    assert "registered_twice" in receipt.code
    assert "The same walk-in was entered twice" in receipt.say


def test_a_walk_in_of_somebody_nobody_knows_is_kept_and_a_person_looks(practice: Practice) -> None:
    tablet, stranger = practice.tablet("Tablet 1"), new_id()
    entry = tablet.command(RECORD, {"visit_id": new_id(), "patient_id": stranger, "type": "Office visit"})
    tablet.sync([entry])
    assert (tablet.receipt(entry)["outcome"], tablet.receipt(entry)["code"]) == ("flagged", "unknown_patient")
    assert tablet.row("patient", stranger)["family"] == "Unknown"  # type: ignore[index]
    assert tablet.row("case", entry["command_id"])["patient_id"] == stranger  # type: ignore[index]


def test_a_late_registration_fills_in_the_stub(practice: Practice) -> None:
    fields = fields_of(practice)
    practice.act("ana", RECORD, {"visit_id": new_id(), "patient_id": fields["patient_id"], "type": "Office visit"})
    receipt = practice.act("ana", REGISTER, fields)
    assert receipt.outcome == "applied"
    assert practice.row("patient", fields["patient_id"])["given"] == "Nora"  # type: ignore[index]


@pytest.mark.parametrize("command", [RECORD, REGISTER])
def test_a_walk_in_that_cannot_be_read_or_is_not_theirs_is_held(practice: Practice, command: str) -> None:
    fields = fields_of(practice, type="x" * 81)
    if command == RECORD:
        fields = {name: fields[name] for name in ("visit_id", "patient_id", "type")}
    unreadable = practice.act("ana", command, fields)
    not_theirs = practice.act("dana", command, {**fields, "type": "Office visit"})
    assert (unreadable.outcome, unreadable.code) == ("held", "unreadable")
    assert "type" in unreadable.say
    assert (not_theirs.outcome, not_theirs.code) == ("held", "not_allowed")
    assert practice.row("visit", fields["visit_id"]) is None


def test_the_same_entry_sent_twice_is_one_walk_in(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    known = {"visit_id": new_id(), "patient_id": practice.patients["bruno"], "type": "Office visit"}
    entries = [tablet.command(RECORD, known), tablet.command(REGISTER, fields_of(practice))]
    tablet.send(entries)
    tablet.sync(entries)
    assert [tablet.receipt(entry)["outcome"] for entry in entries] == ["applied", "applied"]
    assert len(practice.entries(RECORD)) == len(practice.entries(REGISTER)) == 1
