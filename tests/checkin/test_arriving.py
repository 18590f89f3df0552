"""Somebody arrives."""

from tests.practice import Practice


def test_a_tap_on_the_board_records_the_arrival(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    answer = ana.post(f"/checkin/2026-11-23/{visit}/arrival", partial=True)
    assert answer.status_code == 200, answer.text
    assert "Arrived" in answer.text and "Alma Castellanos" in answer.text
    row = practice.row("visit", visit)
    assert row is not None
    assert (row["status"], row["arrived_by"]) == ("arrived", practice.staff["ana"])


def test_two_tablets_that_saw_the_same_arrival_agree_on_the_earlier_time(practice: Practice) -> None:
    first, second = practice.tablet("Tablet 1", "ana"), practice.tablet("Tablet 2", "ben")
    visit = practice.visits["alma"]
    early = first.command("checkin.record_arrival", {"visit_id": visit})
    practice.clock.forward(minutes=4)
    late = second.command("checkin.record_arrival", {"visit_id": visit})
    practice.clock.forward(minutes=30)
    second.sync([late])
    first.sync([early])
    second.sync()
    assert first.receipt(early)["outcome"] == "applied"
    assert "by Ben Ito on Tablet 2" in first.receipt(early)["say"]
    row = second.row("visit", visit)
    assert row is not None
    assert row["arrived_at"] == "2026-11-23T13:30:00.000Z"
    assert row["notes"] == ["Also recorded at 8:30 am by Ana Garrido on Tablet 1."]
