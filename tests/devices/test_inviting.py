"""A manager's phone shows a code, and a new device is enrolled by it, once."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from backend.crockford import ALPHABET
from backend.devices.inviting import hash_of, new_code
from backend.staff.models import StaffMember
from tests.devices.cast import FORM, code_shown, invited, the_invitation
from tests.forms import form_to, text_of
from tests.practice import Practice

UNKNOWN = "This code is not one of ours."


def test_a_new_tablet_is_enrolled_by_the_code_in_marias_name(practice: Practice) -> None:
    code, tablet = invited(practice), practice.browser()
    shown = tablet.post("/enrol/look", {"code": code})
    assert shown.status_code == 200
    for said in ("Tablet 7", "Window", "Front desk tablet", "Maria Lindqvist"):
        assert said in text_of(shown.text)
    found = {"storage": "yes", "database": "yes", "crypto": "yes", "worker": "yes", "camera": "no", "passkey": ""}
    answer = tablet.post("/enrol", {"code": code, **found})
    assert answer.status_code == 200, answer.text
    assert "This device is enrolled" in answer.text
    assert 'href="/signin"' in answer.text
    cookie = answer.headers["set-cookie"].lower()
    for attribute in ("daysheet_device=", "httponly", "samesite=strict"):
        assert attribute in cookie
    [entry] = practice.entries("devices.enrol")
    assert entry.actor_id == practice.staff["maria"]
    assert tablet.cookies["daysheet_device"] not in entry.payload
    assert code.replace(" ", "") not in entry.payload
    row = practice.row("device", the_invitation(practice).device_id)
    assert row is not None
    assert (row["name"], row["can"], row["cannot"]) == (
        "Tablet 7", ["storage", "database", "crypto", "worker"], ["camera"],
    )  # fmt: skip
    tablet.sign_in("ana")
    unlocked = tablet._send("POST", "/devices/unlock", {"x-daysheet": "unlock"}, json={})
    assert unlocked.json()["device"]["name"] == "Tablet 7"


def test_the_phone_sees_it_wait_then_enrolled(practice: Practice) -> None:
    maria = practice.browser("maria")
    page = maria.post("/devices/invitations", FORM).text
    state = f"/devices/invitation?invitation_id={the_invitation(practice).id}"
    assert state in page
    assert "Waiting for the new device" in maria.get(state).text
    practice.browser().post("/enrol", {"code": code_shown(page), "storage": "no"})
    said = text_of(maria.get(state).text)
    assert "Tablet 7 is enrolled" in said
    assert "may clear what it keeps" in said
    assert practice.browser("ana").get(state).status_code == 403
    assert maria.get("/devices/invitation?invitation_id=1").status_code == 404


def test_the_picture_holds_the_address_with_the_code_behind_a_hash(practice: Practice) -> None:
    page = practice.browser("maria").post("/devices/invitations", FORM).text
    assert "/enrol</p>" in page
    assert re.search(r'<path fill="#000000" d="M\d', page)
    assert "style=" not in page
    assert code_shown(page).replace(" ", "") not in page.replace(code_shown(page), ""), "the code is not in a link"


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "dashes", "o-and-l"])
def test_the_code_is_read_however_it_is_typed(practice: Practice, typed: str) -> None:
    code = invited(practice)
    spelled = {
        "lower": code.lower(),
        "dashes": code.replace(" ", "-"),
        "o-and-l": code.replace("0", "o").replace("1", "l"),
    }.get(typed, typed.format(code))
    tablet = practice.browser()
    looked = tablet.post("/enrol/look", {"code": spelled})
    assert tablet.post("/enrol", form_to(looked.text, "/enrol").filled()).status_code == 200


def test_codes_are_26_digits_and_only_their_hash_is_kept(practice: Practice) -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(len(code) == 26 and set(code) <= set(ALPHABET) for code in codes)
    assert {code[0] for code in codes} <= set("01234567"), "26 digits hold two bits more than 128"
    code = invited(practice)
    assert the_invitation(practice).code_hash == hash_of(code)


def test_a_used_code_enrols_nobody_else(practice: Practice) -> None:
    code = invited(practice)
    assert practice.browser().post("/enrol", {"code": code}).status_code == 200
    for path in ("/enrol/look", "/enrol"):
        answer = practice.browser().post(path, {"code": code})
        assert answer.status_code == 422
        assert "This code was used already" in answer.text
        assert "set-cookie" not in answer.headers
    assert len(practice.entries("devices.enrol")) == 1


def test_of_two_tablets_with_the_same_code_at_once_exactly_one_comes_through(practice: Practice) -> None:
    for name in ("Tablet 7", "Tablet 8", "Tablet 9"):
        code = invited(practice, name=name)

        def come(_: int, code: str = code) -> Any:
            return practice.client.__class__(practice.client.app).post("/enrol", data={"code": code})

        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(come, range(4)))
        assert sorted(answer.status_code for answer in answers) == [200, 422, 422, 422]
        assert sum("set-cookie" in answer.headers for answer in answers) == 1
    assert len(practice.entries("devices.enrol")) == 3


def test_an_expired_code_says_so_and_so_does_the_phone(practice: Practice) -> None:
    code, maria = invited(practice), practice.browser("maria")
    practice.clock.forward(minutes=9, seconds=59)
    assert practice.browser().post("/enrol/look", {"code": code}).status_code == 200
    practice.clock.forward(seconds=1)
    for path in ("/enrol/look", "/enrol"):
        answer = practice.browser().post(path, {"code": code})
        assert answer.status_code == 422
        assert "This code has expired" in answer.text
    assert "The code has expired" in maria.get(f"/devices/invitation?invitation_id={the_invitation(practice).id}").text
    assert practice.entries("devices.enrol") == []


@pytest.mark.parametrize("code", ["", "   ", "0" * 26, "Z" * 200, "café ☕", "' or 1=1 --"])
def test_every_wrong_code_is_answered_alike(practice: Practice, code: str) -> None:
    invited(practice)
    for path in ("/enrol/look", "/enrol"):
        answer = practice.browser().post(path, {"code": code})
        assert answer.status_code == 422
        assert UNKNOWN in answer.text
        assert not code.strip() or code not in answer.text


def test_guessing_is_slowed_and_forgotten_after_a_while(practice: Practice) -> None:
    code = invited(practice)
    tries = [practice.browser().post("/enrol/look", {"code": f"{number:026}"}).status_code for number in range(11)]
    assert tries == [422] * 10 + [429]
    slowed = practice.browser().post("/enrol", {"code": code})
    assert slowed.status_code == 429
    assert "Too many wrong codes" in slowed.text
    practice.clock.forward(minutes=10)
    code = invited(practice, name="Tablet 8")
    assert practice.browser().post("/enrol/look", {"code": code}).status_code == 200


def test_only_a_manager_invites_and_the_form_comes_back_with_its_complaints(practice: Practice) -> None:
    assert practice.browser("ana").post("/devices/invitations", FORM).status_code == 403
    assert practice.browser().post("/devices/invitations", FORM).status_code == 303
    maria = practice.browser("maria")
    assert maria.post("/devices/invitations", FORM, **{"sec-fetch-site": "cross-site"}).status_code == 403
    wrong = maria.post("/devices/invitations", {**FORM, "name": ""})
    assert wrong.status_code == 422
    assert 'value="Window"' in wrong.text
    practice.tablet("Tablet 7")
    taken = maria.post("/devices/invitations", FORM)
    assert taken.status_code == 422
    assert "There is already a device called Tablet 7." in taken.text


def test_a_name_taken_meanwhile_is_refused_and_the_code_is_not_used_up(practice: Practice) -> None:
    code = invited(practice)
    practice.tablet("Tablet 7")
    answer = practice.browser().post("/enrol", {"code": code})
    assert answer.status_code == 422
    assert "There is already a device called Tablet 7." in answer.text
    assert the_invitation(practice).used_at is None


def test_what_the_manager_may_no_longer_do_their_code_cannot_either(practice: Practice) -> None:
    code = invited(practice)
    with practice.database.write() as session:
        maria = session.get(StaffMember, practice.staff["maria"])
        assert maria is not None
        maria.roles = "front_desk"
    refused = practice.browser().post("/enrol", {"code": code})
    assert refused.status_code == 422
    assert "may not do this" in refused.text
    with practice.database.write() as session:
        maria = session.get(StaffMember, practice.staff["maria"])
        assert maria is not None
        maria.active = False
    assert "This code has expired" in practice.browser().post("/enrol", {"code": code}).text
