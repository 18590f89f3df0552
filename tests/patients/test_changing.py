"""Contact details are read back and changed: patients.change_contact."""

from typing import Any

import pytest

from backend.ids import new_id
from tests.forms import form_to, text_of
from tests.practice import Practice

CHANGE = "patients.change_contact"
BLANK = {"phone": "5550100101", "email": None, "line": None, "city": None, "state": None, "postal_code": None}
ELM = {"line": "12 Elm Street", "city": "Albany", "state": "NY", "postal_code": "12203"}
OAK = {"line": "7 Oak Road", "city": "Albany", "state": "NY", "postal_code": "12203"}


def edit(practice: Practice, tablet: Any, **changes: Any) -> dict[str, Any]:
    """What a tablet hands in of a form that showed Alma as she was this morning."""
    fields = {"patient_id": practice.patients["alma"], **BLANK, **changes}
    entry: dict[str, Any] = tablet.command(CHANGE, fields, was=BLANK)
    return entry


def contact(practice: Practice) -> dict[str, Any]:
    row = practice.row("contact", practice.patients["alma"])
    assert row is not None
    return row


def test_read_back_unchanged_at_the_visit_it_says_who_verified_it(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    ana.post(f"/checkin/{visit}/arrival")
    form = form_to(ana.get(f"/checkin/{visit}").text, f"{visit}/contact")
    answer = ana.post(form.action, form.fields, partial=True)
    assert answer.status_code == 200, answer.text
    assert "Read back 8:30 am · Ana Garrido" in text_of(answer.text)
    assert [ana.post(form.action, form.fields).status_code for _ in range(2)] == [303, 303]
    assert [entry.outcome for entry in practice.entries(CHANGE)] == ["applied"]
    assert contact(practice)["phone"] == "5550100101"


def test_a_wrong_phone_comes_back_with_what_was_typed(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    ana.post(f"/checkin/{visit}/arrival")
    form = form_to(ana.get(f"/checkin/{visit}").text, f"{visit}/contact")
    answer = ana.post(form.action, form.filled(phone="12", city="Troy"), partial=True)
    assert answer.status_code == 422
    assert 'value="12"' in answer.text
    assert 'value="Troy"' in answer.text
    assert practice.entries(CHANGE) == []


def test_two_who_changed_different_things_both_did_and_nobody_is_asked(practice: Practice) -> None:
    one, other = practice.tablet("Tablet 1"), practice.tablet("Tablet 2", "ben")
    phone, address = edit(practice, one, phone="5550100777"), edit(practice, other, **ELM)
    one.sync([phone])
    other.sync([address])
    assert [told.receipt(entry)["outcome"] for told, entry in ((one, phone), (other, address))] == ["applied"] * 2
    assert contact(practice) | {"phone": "5550100777", **ELM} == contact(practice)
    assert practice.rows("case") == []


def test_of_two_addresses_the_later_holds_whole_and_a_card_shows_both(practice: Practice) -> None:
    one, other = practice.tablet("Tablet 1"), practice.tablet("Tablet 2", "ben")
    late, first = edit(practice, other, **OAK), edit(practice, one, **ELM)
    one.sync([first])
    practice.clock.forward(minutes=9)
    other.sync([late])
    other.sync([late])
    assert other.receipt(late)["outcome"] == "flagged"
    assert {name: contact(practice)[name] for name in OAK} == OAK
    card = text_of(practice.browser("maria").get("/attention/office").text)
    assert "Two people changed the address. What was entered later stands now." in card
    assert "Address: 12 Elm Street, Albany, NY, 12203 – Ana Garrido on Tablet 1, at 8:30 am" in card
    assert "Street: 7 Oak Road" in card
    assert "From now on: address 12 Elm Street, Albany, NY, 12203." in card


def test_one_tap_puts_the_earlier_back_and_the_card_is_gone(practice: Practice) -> None:
    one, other = practice.tablet("Tablet 1"), practice.tablet("Tablet 2", "ben")
    late, first = edit(practice, other, **OAK), edit(practice, one, **ELM, phone="5550100777")
    one.sync([first])
    other.sync([late])
    chosen = other.command("sync.choose", {"case_id": late["command_id"], "choice": "other"})
    other.sync([chosen])
    assert other.receipt(chosen)["outcome"] == "applied"
    assert {name: contact(practice)[name] for name in OAK} == ELM
    # What the choice was not about stays as Ana made it.
    assert contact(practice)["phone"] == "5550100777"
    assert practice.rows("case") == []


@pytest.mark.parametrize("who", ["cleo", "dana"])
def test_people_of_other_duties_do_not_change_it(practice: Practice, who: str) -> None:
    fields = {"patient_id": practice.patients["alma"], **BLANK}
    receipt = practice.act(who, CHANGE, fields)
    assert (receipt.outcome, receipt.code) == ("refused", "not_allowed")


def test_a_patient_whom_nobody_knows_has_none(practice: Practice) -> None:
    receipt = practice.act("ana", CHANGE, {"patient_id": new_id(), **BLANK})
    assert (receipt.outcome, receipt.code) == ("refused", "unknown_patient")
