"""How long somebody waits, for a manager who is not at the desk: nothing says who it is."""

from tests.practice import MORNING, PATIENTS, Practice

SHEET = f"waits/main/{MORNING.date()}"


def test_whoever_arrived_waits_on_the_managers_phone_without_a_name(practice: Practice) -> None:
    phone = practice.tablet("Phone", "maria", "manager_phone")
    phone.sync()
    assert phone.sheets[SHEET] == {}
    visit = practice.visits["alma"]
    arrived = practice.act("ana", "checkin.record_arrival", {"visit_id": visit})
    phone.sync()
    row = phone.row("wait", visit)
    assert row["status"] == "arrived"
    assert (row["since"], row["alert_at"]) == ("2026-11-23T13:30:00.000Z", "2026-11-23T13:45:00.000Z")
    assert set(row) == {"site_id", "day", "provider_id", "status", "since", "alert_at"}
    said = str(phone.sheets[SHEET])
    assert not [word for person in PATIENTS.values() for word in person if word and word in said]
    assert practice.patients["alma"] not in said
    practice.act("ana", "undo", {"command_id": arrived.command_id})
    phone.sync()
    assert phone.row("wait", visit) is None


def test_the_wait_begins_anew_with_the_check_in_and_ends_with_the_room(practice: Practice) -> None:
    visit = practice.visits["alma"]
    practice.act("ana", "checkin.record_arrival", {"visit_id": visit})
    practice.clock.forward(minutes=10)
    practice.act("ana", "checkin.check_in", {"visit_id": visit})
    row = practice.row("wait", visit)
    assert (row["status"], row["alert_at"]) == ("checked_in", "2026-11-23T14:00:00.000Z")
    fields = {"visit_id": visit, "patient_id": practice.patients["alma"], "starts_at": "2026-11-23T14:00:00Z"}
    practice.act("ana", "scheduling.book_visit", {**fields, "status": "roomed"})
    assert practice.row("wait", visit) is None
