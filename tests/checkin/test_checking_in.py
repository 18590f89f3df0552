"""A visit is checked in."""

from backend.ids import new_id
from tests.practice import Practice

CHECK_IN = "checkin.check_in"
IDENTITY = {"identifiers": ["name", "birth_date"]}


def prepared(practice: Practice, who: str = "alma") -> dict[str, str]:
    """A patient who has arrived and was identified; the fields of a check-in."""
    fields = {"visit_id": practice.visits[who]}
    practice.act("ana", "checkin.record_arrival", fields)
    practice.act("ana", "checkin.check_identity", {**fields, **IDENTITY})
    return fields


def test_a_tap_on_the_board_checks_in(practice: Practice) -> None:
    prepared(practice)
    practice.clock.forward(minutes=5)
    ben, visit = practice.browser("ben"), practice.visits["alma"]
    answer = ben.post(f"/checkin/2026-11-23/{visit}/check-in", partial=True)
    assert answer.status_code == 200, answer.text
    assert "Checked in" in answer.text
    row = practice.row("visit", visit)
    assert row is not None
    assert (row["status"], row["checked_in_by"], row["next_action"]) == ("checked_in", practice.staff["ben"], "")
    assert (row["checked_in_at"], row["status_since"]) == ("2026-11-23T13:35:00.000Z",) * 2
    assert row["alert_minutes"] == 20


def test_the_visits_own_page_shows_all_steps_done(practice: Practice) -> None:
    prepared(practice)
    answer = practice.browser("ana").post(f"/checkin/{practice.visits['alma']}/check-in", partial=True)
    assert answer.status_code == 200
    assert answer.text.count('data-step="done"') == 3


def test_a_double_tap_is_one_check_in(practice: Practice) -> None:
    prepared(practice)
    ana, tap = practice.browser("ana"), {"_command_id": new_id()}
    path = f"/checkin/{practice.visits['alma']}/check-in"
    assert [ana.post(path, tap).status_code for _ in range(2)] == [303, 303]
    assert len(practice.entries(CHECK_IN)) == 1
    assert practice.entries(CHECK_IN)[0].outcome == "applied"


def test_without_identifiers_it_is_kept_and_a_person_looks(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    arrival = tablet.command("checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    entry = tablet.command(CHECK_IN, {"visit_id": practice.visits["alma"]})
    tablet.sync([arrival, entry])
    assert (tablet.receipt(entry)["outcome"], tablet.receipt(entry)["code"]) == ("flagged", "not_identified")
    assert tablet.row("visit", practice.visits["alma"])["status"] == "checked_in"  # type: ignore[index]


def test_without_an_arrival_the_check_in_is_the_arrival(practice: Practice) -> None:
    practice.act("ana", CHECK_IN, {"visit_id": practice.visits["bruno"]})
    row = practice.row("visit", practice.visits["bruno"])
    assert row is not None
    assert (row["arrived_at"], row["arrived_by"]) == (row["checked_in_at"], practice.staff["ana"])


def test_two_tablets_that_check_in_the_same_patient_keep_the_earlier_time(practice: Practice) -> None:
    first, second = practice.tablet("Tablet 1", "ana"), practice.tablet("Tablet 2", "ben")
    fields = prepared(practice)
    early = first.command(CHECK_IN, fields)
    practice.clock.forward(minutes=2)
    late = second.command(CHECK_IN, fields)
    second.sync([late])
    first.sync([early])
    first.sync([early])
    assert first.receipt(early)["say"] == "Already checked in at 8:32 am by Ben Ito on Tablet 2."
    row = first.row("visit", fields["visit_id"])
    assert row is not None
    assert (row["checked_in_at"], row["checked_in_by"]) == ("2026-11-23T13:30:00.000Z", practice.staff["ana"])
    assert row["notes"] == ["Also recorded at 8:30 am by Ana Garrido on Tablet 1."]


def test_an_arrival_that_comes_late_does_not_take_the_check_in_back(practice: Practice) -> None:
    first, second = practice.tablet("Tablet 1", "ana"), practice.tablet("Tablet 2", "ben")
    arrival = first.command("checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    practice.clock.forward(minutes=9)
    second.sync([second.command(CHECK_IN, {"visit_id": practice.visits["alma"]})])
    first.sync([arrival])
    row = first.row("visit", practice.visits["alma"])
    assert row is not None
    assert (row["status"], row["next_action"]) == ("checked_in", "")
    assert (row["arrived_at"], row["checked_in_at"]) == ("2026-11-23T13:30:00.000Z", "2026-11-23T13:39:00.000Z")


def test_a_check_in_of_nobody_is_kept_and_a_person_looks(practice: Practice) -> None:
    receipt = practice.act("ana", CHECK_IN, {"visit_id": new_id()})
    assert receipt.outcome == "flagged"
    assert receipt.say.startswith("This entry names a visit the office does not know.")


def test_a_check_in_that_cannot_be_read_or_is_not_theirs_is_held(practice: Practice) -> None:
    unreadable = practice.act("ana", CHECK_IN, {"visit_id": practice.visits["alma"], "speed": 3})
    not_theirs = practice.act("dana", CHECK_IN, {"visit_id": practice.visits["alma"]})
    assert (unreadable.outcome, unreadable.code) == ("held", "unreadable")
    assert (not_theirs.outcome, not_theirs.code) == ("held", "not_allowed")
    assert practice.row("visit", practice.visits["alma"])["status"] == "booked"  # type: ignore[index]
