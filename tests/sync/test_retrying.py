"""What a bug of ours held is tried again by the next release."""

from dataclasses import replace

import pytest

from backend.checkin import RecordArrival
from backend.sync import retry_held
from tests.practice import Practice

ARRIVAL = "checkin.record_arrival"


def break_arrivals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plant a bug in one handler; everything around it is the real thing."""

    def broken(arrival: RecordArrival, _work: object) -> None:
        raise KeyError(f"no such thing as {arrival.visit_id}")

    monkeypatch.setattr(RecordArrival, "handler", staticmethod(broken))


def test_a_bug_holds_its_own_entry_and_the_batch_goes_on(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    tablet = practice.tablet("Tablet 1")
    arrival = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]})
    check_in = tablet.command("checkin.check_in", {"visit_id": practice.visits["bruno"]})
    break_arrivals(monkeypatch)
    tablet.sync([arrival, check_in])
    receipt = tablet.receipt(arrival)
    assert (receipt["outcome"], receipt["code"]) == ("held", "our_fault")
    assert practice.visits["alma"] not in receipt["say"]
    assert tablet.receipt(check_in)["outcome"] == "flagged"
    assert tablet.row("case", arrival["command_id"])["open"]


def test_after_the_repair_the_entry_is_applied_at_its_own_time_in_its_authors_name(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    tablet, visit = practice.tablet("Tablet 1", "ben"), practice.visits["alma"]
    arrival = tablet.command(ARRIVAL, {"visit_id": visit})
    with monkeypatch.context() as release:
        break_arrivals(release)
        tablet.sync([arrival])
        practice.clock.forward(hours=3)
        assert retry_held(practice.office.performer, practice.clock) == 0
    assert retry_held(practice.office.performer, practice.clock) == 0, "once per version"
    monkeypatch.setattr("backend.sync.retrying.VERSION", "2027.1.0")
    assert retry_held(practice.office.performer, practice.clock) == 1
    tablet.sync()
    row = tablet.row("visit", visit)
    assert (row["status"], row["arrived_at"]) == ("arrived", "2026-11-23T13:30:00.000Z")
    assert row["arrived_by"] == practice.staff["ben"]
    assert tablet.row("case", arrival["command_id"]) is None
    assert retry_held(practice.office.performer, practice.clock) == 0
    assert practice.entry(arrival["command_id"]).outcome == "held", "the journal keeps what was"


def test_a_bug_in_what_is_shown_of_a_thing_holds_the_entry_too(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    tablet, visit = practice.tablet("Tablet 1"), practice.visits["alma"]
    arrival = tablet.command(ARRIVAL, {"visit_id": visit})
    rows = practice.office.performer.sheets.rows

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as release:
        release.setitem(rows, "visit", replace(rows["visit"], build=broken))
        tablet.sync([arrival])
    assert tablet.receipt(arrival)["code"] == "our_fault"
    assert practice.row("visit", visit)["status"] == "booked"
    monkeypatch.setattr("backend.sync.retrying.VERSION", "2027.1.0")
    assert retry_held(practice.office.performer, practice.clock) == 1
    assert practice.row("visit", visit)["status"] == "arrived"
