"""What was written on paper in an outage is typed in: checkin.type_in_arrival."""

from typing import Any

from tests.forms import form_to, text_of
from tests.practice import Practice

TYPE_IN, DAY = "checkin.type_in_arrival", "2026-11-23"
LOG = f"/checkin/{DAY}/paper/log"


def line(practice: Practice, **changes: Any) -> dict[str, Any]:
    """Alma came at ten past eight, as Cleo wrote down."""
    about = {"visit_id": practice.visits["alma"], "day": DAY, "time": "08:10", "written_by": "Cleo"}
    return {**about, "about": False, **changes}


def alma(practice: Practice) -> dict[str, Any]:
    row = practice.row("visit", practice.visits["alma"])
    assert row is not None
    return row


def test_ana_finds_who_came_types_the_time_as_it_is_written_and_takes_it_back(practice: Practice) -> None:
    ana = practice.browser("ana")
    assert "Nothing yet." in ana.get(f"/checkin/{DAY}/paper").text
    found = ana.post("/find/checkin.paper", {"day": DAY, "sheet": "log", "q": "alma"})
    form = form_to(found.text, "/log/walk-ins")
    # She is expected, so that nothing else is offered about her.
    assert form.buttons == [("visit_id", practice.visits["alma"])]
    filled = form.filled(visit_id=practice.visits["alma"], time="810", written_by="Cleo")
    answer = ana.post(f"{LOG}/arrivals", filled, partial=True)
    assert answer.status_code == 200, answer.text
    assert "Alma Castellanos" in text_of(answer.text)
    assert "8:10 am Written by : Cleo" in text_of(answer.text).replace("by:", "by :")
    # The next line begins with who wrote the last one, and with nothing else.
    following = form_to(answer.text, "/log/walk-ins")
    assert (following.fields["time"], following.fields["written_by"], following.buttons) == ([""], ["Cleo"], [])
    assert (alma(practice)["status"], alma(practice)["arrived_at"]) == ("arrived", "2026-11-23T13:10:00.000Z")
    for path in (f"/checkin/{DAY}", f"/checkin/{practice.visits['alma']}"):
        assert "From paper" in text_of(ana.get(path).text), path
    undo = form_to(answer.text, "/log/undo")
    assert "Nothing yet." in ana.post(undo.action, undo.fields, partial=True).text
    assert (alma(practice)["status"], alma(practice)["paper_by"]) == ("booked", None)


def test_who_mistypes_the_time_is_told_and_the_patient_is_still_chosen(practice: Practice) -> None:
    ana = practice.browser("ana")
    for partial in (True, False):
        wrong = {"visit_id": practice.visits["alma"], "time": "8:75", "written_by": "Cleo"}
        answer = ana.post(f"{LOG}/arrivals", wrong, partial=partial)
        assert answer.status_code == 422
        assert "Time must be a time such as 8:05 or 2:10 pm." in text_of(answer.text)
        form = form_to(answer.text, "/log/walk-ins")
        assert (form.fields["time"], form.fields["written_by"]) == (["8:75"], ["Cleo"])
        assert form.buttons == [("visit_id", practice.visits["alma"])]
    assert "Please choose Visit." in text_of(ana.post(f"{LOG}/arrivals", {"time": "8:10", "written_by": "C"}).text)
    assert practice.entries(TYPE_IN) == []


def test_handed_in_twice_it_is_one_arrival_and_the_earlier_of_two_times_stands(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    practice.act("ben", "checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    entry = tablet.command(TYPE_IN, line(practice, about=True))
    tablet.send([entry])
    tablet.sync([entry])
    row = alma(practice)
    assert tablet.receipt(entry)["outcome"] == "applied"
    assert (row["arrived_at"], row["arrived_about"], row["paper_by"]) == ("2026-11-23T13:10:00.000Z", True, "Cleo")


def test_a_time_that_is_not_here_yet_is_kept_and_a_person_looks(practice: Practice) -> None:
    receipt = practice.act("ana", TYPE_IN, line(practice, time="17:10"))
    assert (receipt.outcome, receipt.code) == ("flagged", "written_later")
    assert alma(practice)["arrived_at"] == "2026-11-23T13:30:00.000Z"
    assert "Time: 5:10 pm" in text_of(practice.browser("ana").get("/attention").text)


def test_undone_the_visit_is_booked_again_and_who_may_not_is_held(practice: Practice) -> None:
    done = practice.act("ana", TYPE_IN, line(practice))
    assert practice.act("ana", "undo", {"command_id": done.command_id}).outcome == "applied"
    assert (alma(practice)["status"], alma(practice)["paper_by"]) == ("booked", None)
    assert practice.act("dana", TYPE_IN, line(practice)).code == "not_allowed"
