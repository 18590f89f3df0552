"""What was changed of a patient is put back: undo of patients.change_contact and patients.change_identity."""

from typing import Any

import pytest

from tests.forms import form_to, text_of
from tests.patients import test_changing as contacts
from tests.patients import test_correcting as identities
from tests.practice import Practice

UNDO = "undo"
SHOWN = ("phone", "email", "line", "city", "state", "postal_code", "verified_at", "verified_by")


def taken_back(tablet: Any, entry: dict[str, Any]) -> dict[str, Any]:
    undo = tablet.command(UNDO, {"command_id": entry["command_id"]})
    tablet.sync([undo])
    receipt: dict[str, Any] = tablet.receipt(undo)
    return receipt


def test_a_wrong_address_is_undone_at_the_visit_and_nobody_has_read_it_back(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    before = contacts.contact(practice)
    ana.post(f"/checkin/{visit}/arrival")
    form = form_to(ana.get(f"/checkin/{visit}").text, f"{visit}/contact")
    page = ana.post(form.action, form.filled(phone="5550100777", **contacts.OAK), partial=True).text
    step = page[page.index("Read back ") :]
    undo = form_to(step, f"{visit}/undo")
    answer = ana.post(undo.action, undo.fields, partial=True)
    assert "Read back 8:30" not in text_of(answer.text)
    assert ana.post(undo.action, undo.fields).status_code == 303
    assert [entry.outcome for entry in practice.entries(UNDO)] == ["applied"]
    assert {name: contacts.contact(practice)[name] for name in SHOWN} == {name: before[name] for name in SHOWN}
    told = text_of(practice.browser("maria").get(f"/history/patient/{practice.patients['alma']}").text)
    assert "Ana Garrido went through the contact details with the patient" in told
    assert "Ana Garrido took back an entry" in told


def test_a_wrong_birth_date_is_undone_and_found_as_before(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    before = identities.alma(practice)
    form = form_to(ana.get(f"/checkin/{visit}").text, f"{visit}/corrections")
    page = ana.post(form.action, form.filled(family="Zed", birth_date="4/21/1957"), partial=True).text
    assert "Corrected 8:30 am" in text_of(page)
    undo = form_to(page, f"{visit}/undo")
    assert "Corrected" not in text_of(ana.post(undo.action, undo.fields, partial=True).text)
    assert {**identities.alma(practice), "version": 0} == {**before, "version": 0}


def test_what_another_changed_since_stays_and_the_undo_says_so(practice: Practice) -> None:
    one, other = practice.tablet("Tablet 1"), practice.tablet("Tablet 2", "ben")
    first = contacts.edit(practice, one, **contacts.ELM)
    one.sync([first])
    other.sync([contacts.edit(practice, other, **contacts.OAK)])
    receipt = taken_back(one, first)
    assert (receipt["outcome"], receipt["code"]) == ("refused", "changed_since")
    assert receipt["say"] == "Somebody changed the address since. Correct it with a new entry."
    assert contacts.contact(practice)["line"] == "7 Oak Road"


def test_an_undo_leaves_what_another_made_of_something_else(practice: Practice) -> None:
    one, other = practice.tablet("Tablet 1"), practice.tablet("Tablet 2", "ben")
    first = contacts.edit(practice, one, phone="5550100777")
    one.sync([first])
    practice.clock.forward(minutes=5)
    other.sync([contacts.edit(practice, other, **contacts.ELM)])
    assert taken_back(one, first)["outcome"] == "applied"
    row = contacts.contact(practice)
    assert (row["phone"], row["line"], row["verified_by"]) == ("5550100101", "12 Elm Street", practice.staff["ben"])
    again = taken_back(one, first)
    assert (again["outcome"], again["code"]) == ("noop", "already_undone")


def test_who_is_undone_after_another_does_not_bring_back_what_that_one_had_read_back(practice: Practice) -> None:
    one, other = practice.tablet("Tablet 1"), practice.tablet("Tablet 2", "ben")
    before = {name: contacts.contact(practice)[name] for name in SHOWN}
    first = contacts.edit(practice, one, phone="5550100777")
    one.sync([first])
    practice.clock.forward(minutes=5)
    second = contacts.edit(practice, other, **contacts.ELM)
    other.sync([second])
    assert contacts.contact(practice)["verified_by_before"] == practice.staff["ana"]
    assert taken_back(one, first)["outcome"] == "applied"
    assert contacts.contact(practice)["verified_by_before"] == before["verified_by"]
    assert taken_back(other, second)["outcome"] == "applied"
    assert {name: contacts.contact(practice)[name] for name in SHOWN} == before


def test_what_was_read_back_to_the_patient_since_is_not_taken_away(practice: Practice) -> None:
    one, other = practice.tablet("Tablet 1"), practice.tablet("Tablet 2", "ben")
    first = contacts.edit(practice, one, phone="5550100777")
    one.sync([first])
    now = {**contacts.BLANK, "phone": "5550100777"}
    fields = {"patient_id": practice.patients["alma"], **now}
    confirmed = other.command(contacts.CHANGE, fields, was=now)
    other.sync([confirmed])
    receipt = taken_back(one, first)
    assert (receipt["outcome"], receipt["code"]) == ("refused", "built_upon")
    # With Ben's gone nothing rests on it any more.
    assert [taken_back(other, confirmed)["outcome"], taken_back(one, first)["outcome"]] == ["applied", "applied"]
    assert contacts.contact(practice)["phone"] == "5550100101"


def test_what_was_put_back_is_in_the_history_that_a_later_conflict_shows(practice: Practice) -> None:
    one, other = practice.tablet("Tablet 1"), practice.tablet("Tablet 2", "ben")
    for phone in ("5550100777", "5550100888"):
        shown = {**contacts.BLANK, "phone": contacts.contact(practice)["phone"]}
        fields = {"patient_id": practice.patients["alma"], **shown, "phone": phone}
        entry = one.command(contacts.CHANGE, fields, was=shown)
        one.sync([entry])
    assert taken_back(one, entry)["outcome"] == "applied"
    late = contacts.edit(practice, other, phone="5550100999")
    other.sync([late])
    assert other.receipt(late)["outcome"] == "flagged"
    card = text_of(practice.browser("maria").get("/attention/office").text)
    assert "Phone: (555) 010-0777 – Ana Garrido on Tablet 1, at 8:30 am" in card


def test_a_held_correction_has_nothing_to_undo(practice: Practice) -> None:
    tablet, late = identities.held(practice)
    receipt = taken_back(tablet, late)
    assert (receipt["outcome"], receipt["code"]) == ("noop", "was_not_applied")


@pytest.mark.parametrize("who", ["cleo", "dana"])
def test_people_of_other_duties_do_not_undo_it(practice: Practice, who: str) -> None:
    fields = {"patient_id": practice.patients["alma"], **contacts.BLANK}
    made = practice.act("ana", contacts.CHANGE, fields)
    receipt = practice.act(who, UNDO, {"command_id": made.command_id})
    assert (receipt.outcome, receipt.code) == ("refused", "not_allowed")
