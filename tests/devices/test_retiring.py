"""A device is taken out of use: devices.retire."""

from backend.devices.models import DeviceRecord
from backend.ids import new_id
from tests.devices.cast import enrolled
from tests.forms import form_to
from tests.practice import Practice

RETIRE = "devices.retire"


def test_a_manager_retires_a_tablet_from_its_record(practice: Practice) -> None:
    device, maria = enrolled(practice), practice.browser("maria")
    form = form_to(maria.get(f"/devices/{device}").text, f"{device}/retire")
    assert "Retire Tablet 3" in maria.get(f"/devices/{device}").text
    answer = maria.post(form.action, form.filled())
    assert (answer.status_code, answer.headers["location"]) == (303, "/devices")
    assert "Retired, not wiped yet" in " ".join(maria.get("/devices").text.split())
    row = practice.row("device", device)
    assert row is not None
    assert (row["state"], row["state_by"]) == ("retired", practice.staff["maria"])


def test_a_retired_tablet_hands_in_what_waits_and_all_of_it_is_held(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 3")
    tablet.sync()
    practice.act("maria", RETIRE, {"device_id": tablet.device_id})
    arrival = tablet.command("checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    answer = tablet.send([arrival])
    assert (answer.status_code, answer.json()) == (401, {"error": "revoked", "mode": "retire", "acked_n": 1})
    entry = practice.entry(arrival["command_id"])
    assert (entry.outcome, entry.code) == ("held", "device_retired")
    assert practice.row("visit", practice.visits["alma"])["status"] == "booked"  # type: ignore[index]


def test_from_a_phone_that_was_offline_and_sent_it_twice(practice: Practice) -> None:
    device, phone = enrolled(practice), practice.tablet("Maria’s phone", "maria", "manager_phone")
    entry = phone.command(RETIRE, {"device_id": device})
    phone.send([entry])
    phone.sync([entry])
    assert phone.receipt(entry)["outcome"] == "applied"
    assert phone.row("device", device)["state"] == "retired"  # type: ignore[index]
    assert len(practice.entries(RETIRE)) == 1
    again = practice.act("maria", RETIRE, {"device_id": device})
    assert (again.outcome, again.code) == ("noop", "already_retired")


def test_nobody_but_a_manager_and_nothing_but_a_device_in_use(practice: Practice) -> None:
    device = enrolled(practice)
    for who in ("ana", "cleo", "dana", "petra"):
        assert practice.act(who, RETIRE, {"device_id": device}).code == "not_allowed"
    assert practice.browser("ana").post(f"/devices/{device}/retire").status_code == 403
    assert practice.act("maria", RETIRE, {"device_id": new_id()}).say == "There is no such device."
    practice.act("maria", "devices.mark_lost", {"device_id": device})
    refused = practice.act("maria", RETIRE, {"device_id": device})
    assert (refused.outcome, refused.code) == ("refused", "device_lost")
    assert "Tablet 3 is marked as lost" in refused.say


def test_a_device_of_another_site_does_not_exist_here(practice: Practice) -> None:
    device = enrolled(practice)
    with practice.database.write() as session:
        record = session.get(DeviceRecord, device)
        assert record is not None
        record.site_id = "harbour"
    assert practice.act("maria", RETIRE, {"device_id": device}).code == "missing"
