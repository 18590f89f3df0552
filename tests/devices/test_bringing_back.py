"""A device was found again, or is needed after all: devices.bring_back."""

from backend.ids import new_id
from tests.devices.cast import Signer, enrolled
from tests.forms import form_to
from tests.practice import Practice

BACK = "devices.bring_back"


def test_a_tablet_that_was_found_is_in_use_again_and_its_work_is_applied(practice: Practice) -> None:
    tablet, maria = practice.tablet("Tablet 3"), practice.browser("maria")
    practice.act("maria", "devices.mark_lost", {"device_id": tablet.device_id})
    form = form_to(maria.get(f"/devices/{tablet.device_id}").text, "/back")
    assert maria.post(form.action, form.filled()).status_code == 303
    assert "In use" in maria.get("/devices").text
    arrival = tablet.command("checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    tablet.sync([arrival])
    assert tablet.receipt(arrival)["outcome"] == "applied"


def test_retired_by_mistake_it_comes_back_too_and_twice_is_once(practice: Practice) -> None:
    device, phone = enrolled(practice), practice.tablet("Maria’s phone", "maria", "manager_phone")
    practice.act("maria", "devices.retire", {"device_id": device})
    entry = phone.command(BACK, {"device_id": device})
    phone.send([entry])
    phone.sync([entry])
    assert phone.receipt(entry)["outcome"] == "applied"
    assert phone.row("device", device)["state"] == "enrolled"  # type: ignore[index]
    again = practice.act("maria", BACK, {"device_id": device})
    assert (again.outcome, again.code) == ("noop", "in_use")


def test_what_wiped_itself_must_be_enrolled_anew(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 3")
    practice.act("maria", "devices.mark_lost", {"device_id": tablet.device_id})
    signer = Signer(practice, tablet)
    assert signer.send(signer.receipt()).status_code == 200
    answer = practice.browser("maria").post(f"/devices/{tablet.device_id}/back")
    assert answer.status_code == 422
    assert "Tablet 3 has wiped itself. Enrol it again as a new device." in answer.text
    assert practice.row("device", tablet.device_id)["state"] == "lost"  # type: ignore[index]


def test_nobody_but_a_manager(practice: Practice) -> None:
    device = enrolled(practice)
    practice.act("maria", "devices.mark_lost", {"device_id": device})
    for who in ("ana", "petra"):
        assert practice.act(who, BACK, {"device_id": device}).code == "not_allowed"
    assert practice.act("maria", BACK, {"device_id": new_id()}).code == "missing"
