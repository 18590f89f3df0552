"""What was written on paper in an outage is typed in: checkin.type_in_arrival."""

from typing import Any

from tests.forms import form_to, text_of
from tests.practice import Practice

TYPE_IN, DAY = "checkin.type_in_arrival", "2026-11-23"


def line(practice: Practice, **changes: Any) -> dict[str, Any]:
    """Alma came at ten past eight, as Cleo wrote down."""
    about = {"visit_id": practice.visits["alma"], "day": DAY, "hour": 8, "minute": 10, "written_by": "Cleo"}
    return {**about, "about": False, **changes}


def alma(practice: Practice) -> dict[str, Any]:
    row = practice.row("visit", practice.visits["alma"])
    assert row is not None
    return row


def test_ana_types_a_line_in_and_nothing_is_lost_when_she_mistypes(practice: Practice) -> None:
    ana, path = practice.browser("ana"), f"/checkin/{DAY}/paper"
    form = form_to(ana.get(path).text, "/paper")
    wrong = ana.post(
        path, form.filled(visit_id=practice.visits["alma"], hour="8", minute="75", written_by="Cleo"), True
    )
    assert wrong.status_code == 422
    assert "Minute must be 59 or less." in text_of(wrong.text)
    assert 'value="75"' in wrong.text
    assert 'value="Cleo"' in wrong.text
    answer = ana.post(
        path, form.filled(visit_id=practice.visits["alma"], hour="8", minute="10", written_by="Cleo"), True
    )
    assert answer.status_code == 200, answer.text
    assert "Alma Castellanos" in text_of(answer.text)
    assert "8:10 am Written by : Cleo" in text_of(answer.text).replace("by:", "by :")
    row = alma(practice)
    assert (row["status"], row["arrived_at"]) == ("arrived", "2026-11-23T13:10:00.000Z")
    assert "From paper" in text_of(ana.get(f"/checkin/{practice.visits['alma']}").text)


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
    receipt = practice.act("ana", TYPE_IN, line(practice, hour=17))
    assert (receipt.outcome, receipt.code) == ("flagged", "written_later")
    assert alma(practice)["arrived_at"] == "2026-11-23T13:30:00.000Z"


def test_undone_the_visit_is_booked_again_and_who_may_not_is_held(practice: Practice) -> None:
    done = practice.act("ana", TYPE_IN, line(practice))
    assert practice.act("ana", "undo", {"command_id": done.command_id}).outcome == "applied"
    assert (alma(practice)["status"], alma(practice)["paper_by"]) == ("booked", None)
    assert practice.act("dana", TYPE_IN, line(practice)).code == "not_allowed"
