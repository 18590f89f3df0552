"""A device is enrolled by a manager, and unlocked by whoever works with it."""

from typing import Any

import pytest

from backend.devices.enrolling import give_token
from backend.ids import new_id
from tests.practice import Practice

ENROL = "devices.enrol"
FORM = {"name": "Tablet 7", "place": "Window", "purpose": "front_desk"}


def fields(**changes: Any) -> dict[str, Any]:
    return {"device_id": new_id(), "name": "Tablet 7", "purpose": "front_desk", "place": None, **changes}


def test_a_manager_enrols_the_browser_in_her_hands(practice: Practice) -> None:
    maria = practice.browser("maria")
    answer = maria.post("/devices/enrol", FORM)
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"].lower()
    for attribute in ("daysheet_device=", "httponly", "samesite=strict"):
        assert attribute in cookie
    listed = maria.get("/devices").text
    assert "Tablet 7" in listed
    assert "Window" in listed
    assert maria.cookies["daysheet_device"] not in listed
    [entry] = practice.entries(ENROL)
    assert maria.cookies["daysheet_device"] not in entry.payload, "secrets do not belong into the journal"


def test_two_devices_of_one_name_cannot_be_told_apart(practice: Practice) -> None:
    maria = practice.browser("maria")
    maria.post("/devices/enrol", FORM)
    again = maria.post("/devices/enrol", FORM)
    assert again.status_code == 422
    assert "There is already a device called Tablet 7." in again.text
    assert 'value="Tablet 7"' in again.text


@pytest.mark.parametrize("wrong", [{"name": ""}, {"purpose": "toaster"}, {"place": "x" * 81}, {"name": "x" * 61}])
def test_a_form_with_mistakes_comes_back(practice: Practice, wrong: dict[str, str]) -> None:
    answer = practice.browser("maria").post("/devices/enrol", {**FORM, **wrong})
    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers
    assert practice.entries(ENROL) == []


def test_only_managers_see_to_the_devices(practice: Practice) -> None:
    ana = practice.browser("ana")
    answers = [ana.get("/devices"), ana.get("/devices/enrol"), ana.post("/devices/enrol", FORM)]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert practice.act("ana", ENROL, fields()).code == "not_allowed"
    assert practice.browser().get("/devices").status_code == 303
    assert practice.browser("maria").post("/devices/enrol", FORM, **{"sec-fetch-site": "cross-site"}).status_code == 403


def test_handed_in_twice_it_is_one_device_with_one_code(practice: Practice) -> None:
    phone = practice.tablet("Maria’s phone", "maria", "manager_phone")
    entry = phone.command(ENROL, fields())
    phone.send([entry])
    phone.sync([entry])
    assert phone.receipt(entry)["outcome"] == "applied"
    assert phone.row("device", entry["fields"]["device_id"])["code"] == 2  # type: ignore[index]
    same = practice.act("maria", ENROL, entry["fields"])
    assert (same.outcome, same.code) == ("noop", "already_enrolled")
    assert practice.act("maria", ENROL, fields(purpose="toaster")).code == "unreadable"


def test_a_new_token_puts_the_old_one_out(practice: Practice) -> None:
    first = practice.tablet("Tablet 1")
    old = first.cookies["daysheet_device"]
    with practice.database.write() as session:
        give_token(session, first.device_id)
    assert first.cookies["daysheet_device"] == old
    assert first.send().json() == {"error": "unknown_device"}


def test_unlocking_releases_the_same_share_each_time_and_says_who_and_where(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    told, again = tablet.unlock(), tablet.unlock()
    assert told["share"] == again["share"]
    assert len(told["share"]) == 43
    assert told["actor"] == {"id": practice.staff["ana"], "name": "Ana Garrido", "roles": ["front_desk"]}
    assert (told["device"]["name"], told["site"]["id"], told["language"]) == ("Tablet 1", "main", "en")
    other = practice.tablet("Tablet 2")
    assert other.unlock()["share"] != told["share"]


def test_unlocking_needs_a_person_a_device_and_our_own_script(practice: Practice) -> None:
    tablet, browser = practice.tablet("Tablet 1"), practice.browser("ana")
    header = {"x-daysheet": "unlock"}
    not_a_device = browser._send("POST", "/devices/unlock", header, json={"replica_id": new_id()})
    assert (not_a_device.status_code, not_a_device.json()) == (404, {"error": "not_enrolled"})
    no_script = tablet._send("POST", "/devices/unlock", {}, json={"replica_id": tablet.replica_id})
    assert no_script.status_code == 403
    tablet.cookies.pop("daysheet_session")
    nobody = tablet._send("POST", "/devices/unlock", header, json={"replica_id": tablet.replica_id})
    assert (nobody.status_code, nobody.json()) == (401, {"error": "signed_out"})


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"{", b"7", b'{"replica_id": 7}'])
def test_an_absurd_unlock_is_turned_away(practice: Practice, body: bytes) -> None:
    tablet = practice.tablet("Tablet 1")
    answer = tablet._send(
        "POST", "/devices/unlock", {"x-daysheet": "unlock", "content-type": "application/json"}, content=body
    )
    assert answer.status_code in (400, 404), answer.text
