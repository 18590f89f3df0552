"""Somebody arrives."""

import pytest

from backend.ids import new_id
from tests.practice import Practice

DAY = "2026-11-23"
ARRIVAL = "checkin.record_arrival"


def cancel(practice: Practice, who: str = "alma", status: str = "cancelled_by_patient") -> None:
    known = {"visit_id": practice.visits[who], "patient_id": practice.patients[who]}
    practice.act("maria", "scheduling.book_visit", {**known, "starts_at": "2026-11-23T14:00:00Z", "status": status})


def test_a_tap_on_the_board_records_the_arrival(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    answer = ana.post(f"/checkin/{DAY}/{visit}/arrival", partial=True)
    assert answer.status_code == 200, answer.text
    assert "Arrived" in answer.text
    assert "Alma Castellanos" in answer.text
    assert '<hx-partial hx-target="#counts"' in answer.text
    row = practice.row("visit", visit)
    assert row is not None
    assert (row["status"], row["arrived_by"]) == ("arrived", practice.staff["ana"])
    assert (row["arrived_at"], row["arrived_about"]) == ("2026-11-23T13:30:00.000Z", False)


def test_a_plain_form_leads_back_to_the_day(practice: Practice) -> None:
    answer = practice.browser("ana").post(f"/checkin/{DAY}/{practice.visits['alma']}/arrival")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/checkin/{DAY}")


def test_the_visits_own_page_shows_the_next_step(practice: Practice) -> None:
    answer = practice.browser("ana").post(f"/checkin/{practice.visits['alma']}/arrival", partial=True)
    assert answer.status_code == 200
    assert "Identity confirmed" in answer.text


def test_a_double_tap_is_one_arrival(practice: Practice) -> None:
    ana, path = practice.browser("ana"), f"/checkin/{DAY}/{practice.visits['alma']}/arrival"
    tap = {"_command_id": new_id()}
    first, second = ana.post(path, tap, partial=True), ana.post(path, tap, partial=True)
    assert (first.status_code, second.status_code) == (200, 200)
    assert len(practice.entries(ARRIVAL)) == 1
    assert practice.row("visit", practice.visits["alma"])["notes"] == []  # type: ignore[index]


def test_the_same_entry_sent_twice_by_a_bad_network_is_one_arrival(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    entry = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]})
    lost = tablet.send([entry])
    assert lost.status_code == 200
    told = tablet.sync([entry])
    assert told["acked_n"] == 1
    assert tablet.receipt(entry)["outcome"] == "applied"
    assert len(practice.entries(ARRIVAL)) == 1


def test_two_tablets_that_saw_the_same_arrival_agree_on_the_earlier_time(practice: Practice) -> None:
    first, second = practice.tablet("Tablet 1", "ana"), practice.tablet("Tablet 2", "ben")
    visit = practice.visits["alma"]
    early = first.command(ARRIVAL, {"visit_id": visit})
    practice.clock.forward(minutes=4)
    late = second.command(ARRIVAL, {"visit_id": visit})
    practice.clock.forward(minutes=30)
    second.sync([late])
    first.sync([early])
    second.sync()
    assert first.receipt(early)["outcome"] == "applied"
    assert "by Ben Ito on Tablet 2" in first.receipt(early)["say"]
    row = second.row("visit", visit)
    assert row is not None
    assert row["arrived_at"] == "2026-11-23T13:30:00.000Z"
    assert row["arrived_by"] == practice.staff["ana"]
    assert row["notes"] == ["Also recorded at 8:30 am by Ana Garrido on Tablet 1."]


@pytest.mark.parametrize(("status", "word"), [("cancelled_by_patient", "cancelled"), ("no_show", "a no-show")])
def test_who_comes_although_the_visit_was_given_up_is_here_and_a_person_looks(
    practice: Practice, status: str, word: str
) -> None:
    cancel(practice, status=status)
    tablet = practice.tablet("Tablet 1")
    entry = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]})
    tablet.sync([entry])
    receipt = tablet.receipt(entry)
    assert (receipt["outcome"], receipt["code"]) == ("flagged", "came_anyway")
    assert f"This visit was {word}, and the patient is here." in receipt["say"]
    assert tablet.row("visit", practice.visits["alma"])["status"] == "arrived"  # type: ignore[index]
    case = tablet.row("case", entry["command_id"])
    assert case is not None
    assert (case["patient_id"], case["who"], case["device"]) == (
        practice.patients["alma"],
        practice.staff["ana"],
        "Tablet 1",
    )


def test_an_arrival_of_a_visit_that_nobody_knows_is_kept_and_a_person_looks(practice: Practice) -> None:
    tablet, visit = practice.tablet("Tablet 1"), new_id()
    entry = tablet.command(ARRIVAL, {"visit_id": visit})
    tablet.sync([entry])
    assert (tablet.receipt(entry)["outcome"], tablet.receipt(entry)["code"]) == ("flagged", "unknown_visit")
    row = tablet.row("visit", visit)
    assert row is not None
    assert (row["status"], row["patient_id"], row["day"]) == ("arrived", None, DAY)
    assert "Unknown patient" in practice.browser("ana").get(f"/checkin/{DAY}").text


def test_a_role_that_may_not_is_told_who_to_ask_and_the_entry_is_kept(practice: Practice) -> None:
    receipt = practice.act("dana", ARRIVAL, {"visit_id": practice.visits["alma"]})
    assert (receipt.outcome, receipt.code) == ("held", "not_allowed")
    assert "Ask the office manager" in receipt.say
    assert practice.row("visit", practice.visits["alma"])["status"] == "booked"  # type: ignore[index]
    assert practice.row("case", receipt.command_id) is not None


@pytest.mark.parametrize("fields", [{}, {"visit_id": 7}, {"visit_id": "no id"}, {"visit_id": None}])
def test_an_entry_that_cannot_be_read_is_kept_for_a_person(practice: Practice, fields: dict[str, object]) -> None:
    tablet = practice.tablet("Tablet 1")
    entry = tablet.command(ARRIVAL, fields)
    good = tablet.command(ARRIVAL, {"visit_id": practice.visits["bruno"]})
    tablet.sync([entry, good])
    assert (tablet.receipt(entry)["outcome"], tablet.receipt(entry)["code"]) == ("held", "unreadable")
    assert tablet.receipt(good)["outcome"] == "applied"


def test_a_tablet_whose_clock_is_wrong_by_hours_still_tells_the_time(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    made = {"wall": "2026-11-23T05:30:00.000Z", "mono": 1000.0, "boot": "b1"}
    entry = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]}, made=made)
    practice.clock.forward(minutes=10)
    tablet.sync([entry], clock={"wall": "2026-11-23T05:40:00.000Z", "mono": 601_000.0, "boot": "b1"})
    row = tablet.row("visit", practice.visits["alma"])
    assert row is not None
    assert (row["arrived_at"], row["arrived_about"]) == ("2026-11-23T13:30:00.000Z", False)


def test_after_a_restart_of_the_tablet_the_time_is_only_about_right(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    made = {"wall": "2026-11-23T20:30:00.000Z", "mono": 9_000_000.0, "boot": "b1"}
    entry = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]}, made=made)
    practice.clock.forward(minutes=10)
    tablet.sync([entry], clock={"wall": "2026-11-23T20:40:00.000Z", "mono": 5.0, "boot": "b2"})
    row = tablet.row("visit", practice.visits["alma"])
    assert row is not None
    assert (row["arrived_at"], row["arrived_about"]) == ("2026-11-23T13:30:00.000Z", True)
    assert "about" in practice.browser("ana").get(f"/checkin/{practice.visits['alma']}").text


@pytest.mark.parametrize("wall", ["yesterday", "1999-01-01T00:00:00.000Z", "2099-01-01T00:00:00.000Z", ""])
def test_where_no_time_can_be_told_the_receipts_time_stands_in(practice: Practice, wall: str) -> None:
    tablet = practice.tablet("Tablet 1")
    made = {"wall": wall, "mono": 1.0, "boot": "b1"}
    entry = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]}, made=made)
    tablet.sync([entry], clock={"wall": "2026-11-23T13:30:00.000Z", "mono": 0.0, "boot": "b2"})
    row = tablet.row("visit", practice.visits["alma"])
    assert row is not None
    assert (row["arrived_at"], row["arrived_about"]) == ("2026-11-23T13:30:00.000Z", True)


def test_of_a_time_that_nobody_knows_it_is_said_that_it_was_before(practice: Practice) -> None:
    tablet, visit = practice.tablet("Tablet 1"), practice.visits["alma"]
    entry = tablet.command(
        ARRIVAL, {"visit_id": visit}, made={"wall": "1999-01-01T00:00:00Z", "mono": 1.0, "boot": "x"}
    )
    tablet.sync([entry])
    row = tablet.row("visit", visit)
    assert row is not None
    assert (row["about_steps"], row["unknown_steps"]) == (["arrived"], ["arrived"])
    page = practice.browser("ben").get(f"/checkin/{visit}").text
    assert "not known, before 8:30" in page
    practice.clock.forward(minutes=5)
    assert practice.act("ben", ARRIVAL, {"visit_id": visit}).say.startswith("Already arrived before 8:30 am by Ana")


def test_a_tablet_that_slept_has_a_clock_that_stood_still_and_tells_the_time_about_right(practice: Practice) -> None:
    tablet, visit = practice.tablet("Tablet 1"), practice.visits["alma"]
    made = {"wall": "2026-11-23T13:30:00.000Z", "mono": 1_000.0, "boot": "b1"}
    entry = tablet.command(ARRIVAL, {"visit_id": visit}, made=made)
    practice.clock.forward(hours=2)
    tablet.sync([entry], clock={"wall": "2026-11-23T15:30:00.000Z", "mono": 61_000.0, "boot": "b1"})
    row = tablet.row("visit", visit)
    assert row is not None
    assert (row["arrived_at"], row["about_steps"]) == ("2026-11-23T13:30:00.000Z", ["arrived"])


def test_a_wall_clock_that_was_put_back_meanwhile_changes_nothing(practice: Practice) -> None:
    tablet, visit = practice.tablet("Tablet 1"), practice.visits["alma"]
    made = {"wall": "2026-11-23T16:30:00.000Z", "mono": 1_000.0, "boot": "b1"}
    entry = tablet.command(ARRIVAL, {"visit_id": visit}, made=made)
    practice.clock.forward(minutes=10)
    tablet.sync([entry], clock={"wall": "2026-11-23T13:40:00.000Z", "mono": 601_000.0, "boot": "b1"})
    row = tablet.row("visit", visit)
    assert row is not None
    assert (row["arrived_at"], row["about_steps"]) == ("2026-11-23T13:30:00.000Z", [])
