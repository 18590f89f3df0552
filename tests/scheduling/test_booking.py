"""The schedule is filled: providers, rooms, kinds of visit, visits."""

from typing import Any

import pytest

from backend.ids import new_id
from tests.practice import Practice

PROVIDER, SPECIALTY = "scheduling.record_provider", "scheduling.record_specialty"
ROOM, TYPE, BOOK = "scheduling.record_room", "scheduling.record_visit_type", "scheduling.book_visit"


def booking(practice: Practice, **changes: Any) -> dict[str, Any]:
    known = {"visit_id": new_id(), "patient_id": practice.patients["bruno"], "starts_at": "2026-11-24T15:00:00Z"}
    return {**known, **changes}


def valid(practice: Practice) -> dict[str, dict[str, Any]]:
    """One sound command of every kind."""
    return {
        PROVIDER: {"provider_id": new_id(), "name": "Jo Park, NP", "npi": "1234567893"},
        SPECIALTY: {"provider_id": practice.cast.provider, "specialty": "Geriatrics"},
        ROOM: {"room_id": new_id(), "name": "Room 2"},
        TYPE: {"visit_type_id": new_id(), "name": "Physical", "minutes": 40},
        BOOK: booking(practice),
    }


COMMANDS = [PROVIDER, SPECIALTY, ROOM, TYPE, BOOK]


@pytest.mark.parametrize("command", COMMANDS)
def test_handed_in_twice_it_counts_once(practice: Practice, command: str) -> None:
    tablet = practice.tablet("Tablet 1", "maria", "desk")
    before = len(practice.entries(command))
    entry = tablet.command(command, valid(practice)[command])
    tablet.send([entry])
    tablet.sync([entry])
    assert tablet.receipt(entry)["outcome"] == "applied"
    assert len(practice.entries(command)) == before + 1


@pytest.mark.parametrize("command", COMMANDS)
def test_given_twice_in_a_row_it_changes_nothing_more(practice: Practice, command: str) -> None:
    fields = valid(practice)[command]
    practice.act("maria", command, fields)
    tablet = practice.tablet("Tablet 1", "ana", "desk")
    tablet.sync()
    assert practice.act("maria", command, fields).outcome in ("applied", "noop")
    again = tablet.sync()["sheets"]
    assert {name for name in again if not name.startswith(("devices", "attention"))} == set()


@pytest.mark.parametrize(
    ("command", "changes"),
    [
        (PROVIDER, {"npi": "12"}),
        (PROVIDER, {"name": ""}),
        (SPECIALTY, {"specialty": "x" * 121}),
        (ROOM, {"room_id": "2"}),
        (TYPE, {"minutes": 0}),
        (TYPE, {"minutes": 10**30}),
        (BOOK, {"minutes": 1441}),
        (BOOK, {"starts_at": "soon"}),
    ],
)
def test_what_cannot_be_read_is_stopped_and_names_the_field(
    practice: Practice, command: str, changes: dict[str, Any]
) -> None:
    receipt = practice.act("maria", command, {**valid(practice)[command], **changes})
    assert receipt.code == "unreadable"
    assert receipt.outcome == ("refused" if command == BOOK else "held")
    assert next(iter(changes)) in receipt.say


@pytest.mark.parametrize("command", COMMANDS)
def test_only_who_may_fills_the_schedule(practice: Practice, command: str) -> None:
    receipt = practice.act("dana", command, valid(practice)[command])
    assert (receipt.outcome, receipt.code) == ("refused" if command == BOOK else "held", "not_allowed")


def test_a_booked_visit_is_on_its_day_with_the_patient_beside_it(practice: Practice) -> None:
    fields = booking(practice, provider_id=practice.cast.provider, type="Physical", minutes=40, reason="Yearly")
    assert practice.act("ana", BOOK, fields).outcome == "applied"
    row = practice.row("visit", fields["visit_id"])
    assert row is not None
    assert (row["day"], row["status"], row["next_action"], row["is_walk_in"]) == (
        "2026-11-24",
        "booked",
        "arrive",
        False,
    )
    assert practice.sheets_with("visit", fields["visit_id"]) == {"visits/main/2026-11-24"}
    assert "visits/main/2026-11-24" in practice.sheets_with("contact", practice.patients["bruno"])


def test_a_visit_late_in_the_evening_is_on_the_offices_day(practice: Practice) -> None:
    fields = booking(practice, starts_at="2026-11-25T04:30:00Z")
    practice.act("ana", BOOK, fields)
    assert practice.row("visit", fields["visit_id"])["day"] == "2026-11-24"  # type: ignore[index]


@pytest.mark.parametrize(
    ("changes", "code"), [({"starts_at": "2026-11-24T15:00:00"}, "no_zone"), ({"status": "asleep"}, "no_such_status")]
)
def test_a_visit_that_cannot_be_is_refused(practice: Practice, changes: dict[str, str], code: str) -> None:
    fields = booking(practice, **changes)
    receipt = practice.act("ana", BOOK, fields)
    assert (receipt.outcome, receipt.code) == ("refused", code)
    assert practice.row("visit", fields["visit_id"]) is None


def test_a_booking_changed_elsewhere_does_not_take_back_what_was_seen(practice: Practice) -> None:
    visit = practice.visits["alma"]
    practice.act("ana", "checkin.record_arrival", {"visit_id": visit})
    known = {"visit_id": visit, "patient_id": practice.patients["alma"], "starts_at": "2026-11-23T14:30:00Z"}
    practice.act("maria", BOOK, known)
    row = practice.row("visit", visit)
    assert row is not None
    assert (row["status"], row["starts_at"]) == ("arrived", "2026-11-23T14:30:00.000Z")


def test_a_visit_further_along_elsewhere_rises(practice: Practice) -> None:
    visit = practice.visits["alma"]
    practice.act("ana", "checkin.record_arrival", {"visit_id": visit})
    known = {"visit_id": visit, "patient_id": practice.patients["alma"], "starts_at": "2026-11-23T14:00:00Z"}
    practice.act("maria", BOOK, {**known, "status": "with_provider"})
    row = practice.row("visit", visit)
    assert row is not None
    assert (row["status"], row["next_action"], row["can_undo"]) == ("with_provider", "", False)


def test_a_room_renamed_is_renamed_on_its_visits(practice: Practice) -> None:
    room = {"room_id": new_id(), "name": "Room 2"}
    practice.act("maria", ROOM, room)
    fields = booking(practice, room_id=room["room_id"])
    practice.act("ana", BOOK, fields)
    practice.act("maria", ROOM, {**room, "name": "The blue room"})
    assert practice.row("visit", fields["visit_id"])["room"] == "The blue room"  # type: ignore[index]


def test_a_provider_keeps_what_a_later_entry_leaves_out(practice: Practice) -> None:
    provider = {"provider_id": new_id(), "name": "Jo Park, NP"}
    practice.act("maria", PROVIDER, {**provider, "specialty": "Family medicine"})
    practice.act("maria", PROVIDER, {**provider, "name": "Jo Park"})
    row = practice.row("provider", provider["provider_id"])
    assert row is not None
    assert (row["name"], row["specialty"]) == ("Jo Park", "Family medicine")
    practice.act("maria", SPECIALTY, {"provider_id": provider["provider_id"], "specialty": "Geriatrics"})
    assert practice.row("provider", provider["provider_id"])["specialty"] == "Geriatrics"  # type: ignore[index]


def test_the_specialty_of_nobody_changes_nothing(practice: Practice) -> None:
    receipt = practice.act("maria", SPECIALTY, {"provider_id": new_id(), "specialty": "Geriatrics"})
    assert (receipt.outcome, receipt.code) == ("noop", "unknown_provider")
