"""Who a patient is, is corrected: patients.change_identity."""

from typing import Any

from backend.ids import new_id
from tests.forms import form_to, text_of
from tests.practice import Practice

CORRECT = "patients.change_identity"
ALMA = {"family": "Castellanos", "given": "Alma", "birth_date": "1957-04-12", "sex": "unknown"}


def edit(practice: Practice, tablet: Any, **changes: Any) -> dict[str, Any]:
    fields = {"patient_id": practice.patients["alma"], **ALMA, **changes}
    entry: dict[str, Any] = tablet.command(CORRECT, fields, was=ALMA)
    return entry


def alma(practice: Practice) -> dict[str, Any]:
    row = practice.row("patient", practice.patients["alma"])
    assert row is not None
    return row


def held(practice: Practice) -> tuple[Any, dict[str, Any]]:
    """Ana and Ben corrected Alma's birth date on two tablets, each otherwise; Ben her first name too."""
    one, other = practice.tablet("Tablet 1"), practice.tablet("Tablet 2", "ben")
    first = edit(practice, one, birth_date="1957-04-21")
    late = edit(practice, other, birth_date="1957-12-04", given="Alma Rosa")
    one.sync([first])
    other.sync([late])
    other.sync([late])
    return other, late


def test_a_correction_at_the_visit_is_saved_once_and_found_at_once(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    form = form_to(ana.get(f"/checkin/{visit}").text, f"{visit}/corrections")
    sent = form.filled(family="Castellano", birth_date="4/21/1957")
    assert ana.post(form.action, sent, partial=True).status_code == 200
    assert ana.post(form.action, sent).status_code == 303
    assert [entry.outcome for entry in practice.entries(CORRECT)] == ["applied"]
    assert (alma(practice)["family"], alma(practice)["birth_date"]) == ("Castellano", "1957-04-21")
    assert "castellano " in alma(practice)["search"]


def test_of_two_birth_dates_the_first_stays_and_the_other_fields_apply(practice: Practice) -> None:
    tablet, late = held(practice)
    assert tablet.receipt(late)["outcome"] == "held"
    assert (alma(practice)["birth_date"], alma(practice)["given"]) == ("1957-04-21", "Alma Rosa")
    page = text_of(practice.browser("maria").get("/attention/office").text)
    assert "Two people changed the birth date. The first stays until somebody chooses." in page
    assert "Birth date: 04/21/1957 – Ana Garrido on Tablet 1, at 8:30 am" in page
    assert "Birth date: 12/04/1957" in page
    assert "From now on: birth date 12/04/1957." in page


def test_one_tap_takes_what_was_entered(practice: Practice) -> None:
    _, late = held(practice)
    maria = practice.browser("maria")
    form = form_to(maria.get("/attention/office").text, f"{late['command_id']}/choice")
    assert maria.post(form.action, form.filled(choice="entered"), partial=True).status_code == 200
    assert alma(practice)["birth_date"] == "1957-12-04"
    assert practice.row("case", late["command_id"]) is None


def test_one_tap_keeps_what_the_office_has(practice: Practice) -> None:
    tablet, late = held(practice)
    choice = tablet.command("sync.choose", {"case_id": late["command_id"], "choice": "keep"})
    tablet.sync([choice])
    assert tablet.receipt(choice)["outcome"] == "applied"
    assert alma(practice)["birth_date"] == "1957-04-21"
    assert tablet.row("case", late["command_id"]) is None


def test_a_choice_over_what_somebody_changed_since_is_refused_and_the_card_stays(practice: Practice) -> None:
    _, late = held(practice)
    practice.act("ana", CORRECT, {"patient_id": practice.patients["alma"], **ALMA, "birth_date": "1957-04-13"})
    choice = {"case_id": late["command_id"], "choice": "entered"}
    receipt = practice.act("maria", "sync.choose", choice)
    assert (receipt.outcome, receipt.code) == ("refused", "changed_since")
    assert alma(practice)["birth_date"] == "1957-04-13"
    assert practice.row("case", late["command_id"]) is not None


def test_a_patient_whom_nobody_knows_is_not_corrected(practice: Practice) -> None:
    receipt = practice.act("ana", CORRECT, {"patient_id": new_id(), **ALMA})
    assert (receipt.outcome, receipt.code) == ("refused", "unknown_patient")
