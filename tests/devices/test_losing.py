"""A device is reported lost: devices.mark_lost."""

from backend.callers import DEVICE_COOKIE
from backend.ids import new_id
from tests.devices.cast import Signer, enrolled
from tests.forms import form_to
from tests.practice import Practice

LOST = "devices.mark_lost"


def test_a_manager_marks_a_tablet_as_lost_from_its_record(practice: Practice) -> None:
    device, maria = enrolled(practice), practice.browser("maria")
    form = form_to(maria.get(f"/devices/{device}").text, f"{device}/lost")
    assert maria.post(form.action, form.filled()).status_code == 303
    assert "Lost, not wiped yet" in " ".join(maria.get("/devices").text.split())
    record = maria.get(f"/devices/{device}").text
    assert "Bring back Tablet 3" in record
    assert "Retire Tablet 3" not in record


def test_what_a_lost_tablet_hands_in_is_kept_apart_and_it_is_told_to_wipe(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 3")
    tablet.sync()
    practice.act("maria", LOST, {"device_id": tablet.device_id})
    arrival = tablet.command("checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    answer = tablet.send([arrival])
    assert (answer.status_code, answer.json()) == (401, {"error": "revoked", "mode": "lost", "acked_n": 1})
    entry = practice.entry(arrival["command_id"])
    assert (entry.outcome, entry.code) == ("held", "device_lost")
    assert practice.row("visit", practice.visits["alma"])["status"] == "booked"  # type: ignore[index]
    refused = tablet._send("POST", "/devices/unlock", {"x-daysheet": "unlock"}, json={"replica_id": tablet.replica_id})
    assert refused.status_code == 401, "no share of a key is released to a lost device"


def test_a_lost_tablet_is_shown_nothing_by_the_office_also_without_its_token(practice: Practice) -> None:
    tablet, elsewhere = practice.tablet("Tablet 3"), practice.browser("ana")
    assert tablet.get("/checkin").status_code == 200
    practice.act("maria", LOST, {"device_id": tablet.device_id})
    assert tablet.get("/checkin").status_code == 303
    tablet.sign_in("ana")
    assert tablet.get("/checkin").status_code == 303, "as long as it says who it is, nobody is let in on it"
    with_token = practice.tablet("Tablet 4")
    with_token.get("/checkin")
    practice.act("maria", LOST, {"device_id": with_token.device_id})
    del with_token.cookies[DEVICE_COOKIE]
    assert with_token.get("/checkin").status_code == 303, "its session ended with it"
    assert elsewhere.get("/checkin").status_code == 200


def test_from_a_phone_that_was_offline_and_sent_it_twice(practice: Practice) -> None:
    device, phone = enrolled(practice), practice.tablet("Maria’s phone", "maria", "manager_phone")
    entry = phone.command(LOST, {"device_id": device})
    phone.send([entry])
    phone.sync([entry])
    assert phone.receipt(entry)["outcome"] == "applied"
    assert phone.row("device", device)["state"] == "lost"  # type: ignore[index]
    again = practice.act("maria", LOST, {"device_id": device})
    assert (again.outcome, again.code) == ("noop", "already_lost")


def test_a_retired_tablet_that_never_called_in_may_be_lost_too(practice: Practice) -> None:
    device = enrolled(practice)
    practice.act("maria", "devices.retire", {"device_id": device})
    assert practice.act("maria", LOST, {"device_id": device}).outcome == "applied"


def test_nobody_but_a_manager_and_nothing_that_wiped_itself(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 3")
    assert practice.act("ana", LOST, {"device_id": tablet.device_id}).code == "not_allowed"
    assert practice.act("maria", LOST, {"device_id": new_id()}).code == "missing"
    practice.act("maria", "devices.retire", {"device_id": tablet.device_id})
    signer = Signer(practice, tablet)
    assert signer.send(signer.receipt()).status_code == 200
    refused = practice.act("maria", LOST, {"device_id": tablet.device_id})
    assert (refused.outcome, refused.code) == ("refused", "wiped")
