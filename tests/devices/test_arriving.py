"""The new device's own pages: what it is told, what it tells of itself, and in which language."""

from backend.office.models import SiteRecord
from tests.devices.cast import FORM, invited, the_invitation
from tests.practice import Practice


def test_a_browser_that_is_a_device_already_is_not_made_another(practice: Practice) -> None:
    tablet, code = practice.tablet("Tablet 1"), invited(practice)
    answers = [tablet.get("/enrol"), tablet.post("/enrol/look", {"code": code}), tablet.post("/enrol", {"code": code})]
    assert [answer.status_code for answer in answers] == [200, 422, 422]
    assert all("enrolled already, as Tablet 1" in answer.text for answer in answers)
    practice.act("maria", "devices.retire", {"device_id": tablet.device_id})
    assert tablet.post("/enrol", {"code": code}).status_code == 200


def test_a_device_whose_storage_does_not_last_says_so(practice: Practice) -> None:
    code, maria = invited(practice), practice.browser("maria")
    answer = practice.browser().post("/enrol", {"code": code, "storage": "no"})
    assert "The storage of this browser is not durable" in answer.text
    assert "The browser may clear it" in maria.get("/devices").text
    same = maria.post("/devices/enrol", {**FORM, "name": "Tablet 8", "storage": "no"})
    assert "The storage of this browser is not durable" in same.text
    fine = practice.browser("maria").post("/devices/enrol", {**FORM, "name": "Tablet 9", "storage": "yes"})
    assert "not durable" not in fine.text


def test_what_a_browser_makes_up_about_itself_is_left_out(practice: Practice) -> None:
    code = invited(practice)
    practice.browser().post("/enrol", {"code": code, "storage": "<script>", "worker": "yes", "device_id": "x"})
    row = practice.row("device", the_invitation(practice).device_id)
    assert row is not None
    assert (row["can"], row["cannot"], row["durable"]) == (["worker"], [], None)


def test_only_the_pages_of_enrolment_may_ask_for_the_camera(practice: Practice) -> None:
    code, maria = invited(practice), practice.browser("maria")
    policy = "permissions-policy"
    with_camera = [practice.browser().get("/enrol"), practice.browser().post("/enrol/look", {"code": code})]
    with_camera.append(maria.get("/devices/enrol"))
    assert all("camera=(self)" in answer.headers[policy] for answer in with_camera)
    others = [maria.get("/devices"), practice.browser().get("/signin"), maria.get("/checkin")]
    assert all("camera=()" in answer.headers[policy] for answer in others)


def test_in_a_spanish_office_the_new_device_speaks_spanish(practice: Practice) -> None:
    code = invited(practice)
    with practice.database.write() as session:
        site = session.get(SiteRecord, "main")
        assert site is not None
        site.language = "es"
    assert "Registrar este dispositivo" in practice.browser().get("/enrol").text
    shown = practice.browser().post("/enrol/look", {"code": code}).text
    assert '<html lang="es">' in shown
    assert "Tableta de recepción" in shown
