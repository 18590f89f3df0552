"""Who came without an appointment in an outage: checkin.type_in_walk_in and checkin.type_in_registration."""

from typing import Any

import pytest

from backend.ids import new_id
from tests.forms import form_to, text_of
from tests.practice import Practice

WALK_IN, REGISTER, DAY = "checkin.type_in_walk_in", "checkin.type_in_registration", "2026-11-23"
FRIDAY = "2026-11-20"
NORA = {"family": "O’Hara", "given": "Nora", "birth_date": "1988-09-30", "sex": "unknown", "phone": None}


def line(practice: Practice, **changes: Any) -> dict[str, Any]:
    """Chiara walked in on Friday at ten past eight, as Cleo wrote down."""
    ids = {"visit_id": new_id(), "patient_id": practice.patients["chiara"], "type": "Walk-in"}
    return {**ids, "day": FRIDAY, "time": "08:10", "written_by": "Cleo", "reason": "Sore throat", **changes}


def sheet(practice: Practice, **changes: Any) -> dict[str, Any]:
    """Nora, who is new, filled in a form."""
    return line(practice, **{**NORA, "patient_id": new_id(), **changes})


def visit_of(practice: Practice, entry: dict[str, Any]) -> dict[str, Any]:
    row = practice.row("visit", entry["visit_id"])
    assert row is not None
    return row


def test_somebody_known_is_found_and_stands_on_the_board_at_the_time_that_was_written(practice: Practice) -> None:
    ana = practice.browser("ana")
    found = ana.post("/find/checkin.paper", {"day": FRIDAY, "sheet": "log", "q": "chia"})
    form = form_to(found.text, "/log/walk-ins")
    assert form.buttons == [("patient_id", practice.patients["chiara"])]
    filled = form.filled(patient_id=practice.patients["chiara"], time="2:10", written_by="CB", reason="Cough")
    assert ana.post(form.action, filled).headers["location"] == f"/checkin/{FRIDAY}/paper/log"
    row = practice.row("visit", form.fields["_new.visit"][0])
    assert row is not None
    # On the day of its paper, though it was typed in the next morning; from 1 to 5 is the afternoon.
    assert (row["day"], row["starts_at"], row["arrived_at"]) == (FRIDAY, *["2026-11-20T19:10:00.000Z"] * 2)
    assert (row["paper_by"], row["reason"], row["flags"], row["status"]) == ("CB", "Cough", ["walk_in"], "arrived")
    board = text_of(ana.get(f"/checkin/{FRIDAY}").text)
    assert "Chiara Sørensen" in board
    assert "From paper" in board
    history = text_of(ana.get(f"/history/visit/{form.fields['_new.visit'][0]}").text)
    assert "Ana Garrido typed in from paper that the patient had come without an appointment" in history
    assert "Time: 2:10 pm" in history


def test_a_registration_form_makes_a_patient_and_the_next_sheet_is_empty(practice: Practice) -> None:
    ana, path = practice.browser("ana"), f"/checkin/{DAY}/paper/registrations"
    wrong = ana.post(path, {**NORA, "phone": "12", "type": "Walk-in", "time": "810", "written_by": "CB"}, partial=True)
    assert wrong.status_code == 422
    form = form_to(wrong.text, "/registrations")
    assert (form.fields["given"], form.fields["phone"], form.fields["time"]) == (["Nora"], ["12"], ["810"])
    answer = ana.post(path, form.filled(phone="(555) 010-0177"), partial=True)
    assert answer.status_code == 200, answer.text
    assert "Nora O’Hara" in text_of(answer.text)
    following = form_to(answer.text, "/registrations").fields
    assert (following["family"], following["time"], following["written_by"]) == ([""], [""], ["CB"])
    patient = practice.row("patient", form.fields["_new.patient"][0])
    visit = practice.row("visit", form.fields["_new.visit"][0])
    assert patient is not None
    assert visit is not None
    assert (patient["phone"], patient["sex"]) == ("5550100177", "unknown")
    assert (visit["patient_id"], visit["arrived_at"]) == (form.fields["_new.patient"][0], "2026-11-23T13:10:00.000Z")


@pytest.mark.parametrize(("command", "made"), [(WALK_IN, line), (REGISTER, sheet)])
def test_handed_in_twice_it_is_one_visit_that_is_taken_back(practice: Practice, command: str, made: Any) -> None:
    tablet, fields = practice.tablet("Tablet 1"), made(practice)
    entry = tablet.command(command, fields)
    tablet.send([entry])
    tablet.sync([entry])
    assert tablet.receipt(entry)["outcome"] == "applied"
    assert visit_of(practice, fields)["can_undo"] is True
    assert practice.act("ana", "undo", {"command_id": entry["command_id"]}).outcome == "applied"
    assert visit_of(practice, fields)["status"] == "in_error"
    assert practice.act("dana", command, made(practice)).code == "not_allowed"
    assert practice.act("ana", command, made(practice, time="8:10")).code == "unreadable"


def test_a_line_that_two_people_typed_in_is_looked_at(practice: Practice) -> None:
    practice.act("ana", WALK_IN, line(practice))
    again = practice.act("ben", WALK_IN, line(practice))
    assert (again.outcome, again.code) == ("flagged", "visit_of_the_day")
    assert practice.act("ana", REGISTER, sheet(practice)).outcome == "applied"
    twice = practice.act("ben", REGISTER, sheet(practice))
    assert (twice.outcome, twice.code) == ("flagged", "possible_duplicate")
