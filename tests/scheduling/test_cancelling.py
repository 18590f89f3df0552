"""A visit is called off, and what stands when its patient is here: scheduling.cancel_visit."""

import pytest

from tests.forms import form_to, text_of
from tests.practice import Practice
from tests.scheduling.calling_off import ARRIVAL, CANCEL, DAY, GIVE, alma, call, choose, come_on, gift


def test_ana_cancels_by_form_and_the_visit_says_who_called_and_why(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    form = form_to(ana.get(f"/checkin/{visit}").text, f"{visit}/cancellation")
    wrong = ana.post(form.action, form.filled(called="patient"), partial=True)
    assert wrong.status_code == 422
    assert "Please choose Why" in text_of(wrong.text)
    assert 'value="patient" checked' in wrong.text
    answer = ana.post(form.action, form.filled(called="patient", reason="feels_better"), partial=True)
    assert answer.status_code == 200
    assert "Ana Garrido · Feels better." in text_of(answer.text)
    assert alma(practice)["status"] == "cancelled_by_patient"
    assert "Give the time to somebody else" in answer.text
    undo = form_to(answer.text, f"{visit}/undo")
    assert ana.post(undo.action, undo.fields, partial=True).status_code == 200
    row = alma(practice)
    assert (row["status"], row["cancelled_at"], row["cancel_reason"]) == ("booked", None, None)


def test_what_the_office_calls_off_is_told_apart(practice: Practice) -> None:
    receipt = practice.act("maria", CANCEL, call(practice, called="office", reason="provider_away"))
    assert (receipt.outcome, alma(practice)["status"]) == ("applied", "cancelled_by_office")


def test_handed_in_twice_and_by_two_people_it_is_cancelled_once(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    entry = tablet.command(CANCEL, call(practice))
    tablet.send([entry])
    tablet.sync([entry])
    assert tablet.receipt(entry)["outcome"] == "applied"
    again = practice.act("ben", CANCEL, call(practice, reason="weather"))
    assert (again.outcome, again.code) == ("applied", "already_cancelled")
    assert "at 8:30 am by Ana Garrido, the patient called" in again.say
    assert alma(practice)["cancel_reason"] == "feels_better"


def test_who_does_not_work_at_the_desk_is_held(practice: Practice) -> None:
    receipt = practice.act("dana", CANCEL, call(practice))
    assert (receipt.outcome, receipt.code) == ("held", "not_allowed")
    assert alma(practice)["status"] == "booked"


@pytest.mark.parametrize("fields", [{"reason": "because"}, {"called": "nobody"}, {"visit_id": 7}])
def test_what_is_not_on_the_list_is_kept_for_a_person(practice: Practice, fields: dict[str, object]) -> None:
    receipt = practice.act("ana", CANCEL, call(practice, **fields))
    assert (receipt.outcome, receipt.code) == ("held", "unreadable")


def test_here_after_all_while_the_time_is_free_the_visit_stands_and_who_cancelled_is_told(practice: Practice) -> None:
    practice.act("ana", CANCEL, call(practice))
    tablet = practice.tablet("Tablet 2", "ben")
    entry = come_on(tablet, practice)
    assert (tablet.receipt(entry)["outcome"], tablet.receipt(entry)["code"]) == ("flagged", "came_anyway")
    row = alma(practice)
    assert (row["status"], row["next_action"], bool(row["cancelled_at"])) == ("arrived", "identify", True)
    card = text_of(practice.browser("ana").get("/attention").text)
    assert "This visit was cancelled, and the patient is here. The visit is open again." in card
    assert "Cancelled at 8:30 am by Ana Garrido, the patient called" in card
    assert "Was cancelled" in text_of(practice.browser("ana").get(f"/checkin/{DAY}").text)
    # It is her own entry that it met, so that she may say what becomes of it; who has no part in it may not.
    assert choose(practice, "dana", entry, "stays").outcome == "refused"
    assert choose(practice, "ana", entry, "stays").outcome == "applied"
    assert practice.row("case", entry["command_id"]) is None
    assert alma(practice)["status"] == "arrived"


def test_called_off_after_the_patient_came_the_visit_stands_as_well(practice: Practice) -> None:
    practice.act("ben", ARRIVAL, {"visit_id": practice.visits["alma"]})
    desk = practice.tablet("Tablet 1")
    entry = desk.command(CANCEL, call(practice))
    desk.sync([entry])
    assert (desk.receipt(entry)["outcome"], desk.receipt(entry)["code"]) == ("flagged", "cancelled_but_here")
    row = alma(practice)
    assert (row["status"], row["cancel_reason"], row["next_action"]) == ("arrived", "feels_better", "identify")
    assert "Arrived at 8:30 am, seen by Ben Ito" in text_of(practice.browser("ben").get("/attention").text)
    assert choose(practice, "ana", entry, "left").outcome == "applied"
    assert alma(practice)["status"] == "left_unseen"


def test_an_arrival_by_mistake_taken_back_leaves_it_cancelled(practice: Practice) -> None:
    practice.act("ana", CANCEL, call(practice))
    arrival = practice.act("ben", ARRIVAL, {"visit_id": practice.visits["alma"]})
    assert practice.act("ben", "undo", {"command_id": arrival.command_id}).outcome == "applied"
    assert alma(practice)["status"] == "cancelled_by_patient"


def test_undoing_a_cancellation_whose_time_was_given_away_is_refused(practice: Practice) -> None:
    cancelled = practice.act("ana", CANCEL, call(practice))
    taker = gift(practice)
    practice.act("ana", GIVE, taker)
    assert alma(practice)["can_undo"] is False
    undone = practice.act("ana", "undo", {"command_id": cancelled.command_id})
    assert (undone.outcome, undone.code) == ("refused", "given_away")
    # Who was given it cancels too, so that it is free again.
    practice.act("ana", CANCEL, call(practice, visit_id=taker["visit_id"]))
    assert practice.act("ana", "undo", {"command_id": cancelled.command_id}).outcome == "applied"
    assert alma(practice)["status"] == "booked"
