"""What a bug of ours held is tried again by the next release."""

from dataclasses import replace

import pytest

from backend.checkin import RecordArrival
from backend.commands import Command
from backend.sync import retry_held
from backend.sync.closing import CloseCase
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


def forget(monkeypatch: pytest.MonkeyPatch, practice: Practice, kind: type[Command]) -> None:
    """Let the office be of a release in which this command was not written yet, in none of its versions."""
    kinds = practice.office.performer.kinds
    for key in [key for key, known in kinds.items() if known is kind]:
        monkeypatch.delitem(kinds, key)


def test_an_entry_newer_than_the_server_is_decided_by_the_release_that_knows_it(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    tablet, visit = practice.tablet("Tablet 1", "ben"), practice.visits["alma"]
    arrival = tablet.command(ARRIVAL, {"visit_id": visit})
    with monkeypatch.context() as before:
        forget(before, practice, RecordArrival)
        tablet.sync([arrival])
        assert tablet.receipt(arrival)["code"] == "unknown_command"
        practice.clock.forward(hours=3)
        before.setattr("backend.sync.retrying.VERSION", "2026.11.9")
        written = len(practice.entries(ARRIVAL))
        assert retry_held(practice.office.performer, practice.clock) == 0
        assert len(practice.entries(ARRIVAL)) == written, "a release that does not know it either leaves it alone"
    assert retry_held(practice.office.performer, practice.clock) == 1
    tablet.sync()
    row = tablet.row("visit", visit)
    assert (row["status"], row["arrived_at"]) == ("arrived", "2026-11-23T13:30:00.000Z")
    assert row["arrived_by"] == practice.staff["ben"]
    assert tablet.row("case", arrival["command_id"]) is None
    assert retry_held(practice.office.performer, practice.clock) == 0


def test_what_a_count_tablet_may_not_do_it_may_not_do_by_being_ahead_of_the_server(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    tablet = practice.tablet("Tablet 9", purpose="count")
    arrival = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]})
    with monkeypatch.context() as before:
        forget(before, practice, RecordArrival)
        tablet.sync([arrival])
        assert tablet.receipt(arrival)["code"] == "unknown_command"
    assert retry_held(practice.office.performer, practice.clock) == 0
    assert practice.row("visit", practice.visits["alma"])["status"] == "booked"  # type: ignore[index]
    again = practice.entries(ARRIVAL)[-1]
    assert (again.outcome, again.code, again.caused_by) == ("held", "not_for_device", arrival["command_id"])


def test_what_comes_to_another_end_has_one_card_and_is_not_tried_for_ever(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    tablet = practice.tablet("Tablet 1", "ben")
    arrival = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]})
    with monkeypatch.context() as release:
        break_arrivals(release)
        tablet.sync([arrival])
    monkeypatch.setattr(RecordArrival, "who_may", frozenset({"owner"}))
    for version in ("2027.1.0", "2027.2.0"):
        monkeypatch.setattr("backend.sync.retrying.VERSION", version)
        assert retry_held(practice.office.performer, practice.clock) == 0
    first, again = practice.entries(ARRIVAL)
    assert (again.outcome, again.code) == ("held", "not_allowed")
    tablet.sync()
    assert tablet.row("case", first.command_id) is None
    assert tablet.row("case", again.command_id)["open"]


def test_what_is_tried_again_still_builds_on_what_it_was_entered_after(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    tablet = practice.tablet("Tablet 1", "maria")
    newer = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]}, v=9)
    arrival = tablet.command(ARRIVAL, {"visit_id": practice.visits["bruno"]})
    requests = [
        tablet.command("sync.close_case", {"case_id": arrival["command_id"], "reason": "x"}, after=[one["command_id"]])
        for one in (newer, arrival)
    ]
    with monkeypatch.context() as before:
        forget(before, practice, RecordArrival)
        forget(before, practice, CloseCase)
        tablet.sync([newer, arrival, *requests])
    retry_held(practice.office.performer, practice.clock)
    again = {entry.caused_by: entry.code for entry in practice.entries("sync.close_case") if entry.caused_by}
    assert again[requests[0]["command_id"]] == "after_held"
    assert again[requests[1]["command_id"]] != "after_held", "what that one builds on was applied by the same release"
