"""The managers' pages of the staff."""

from typing import Any

import pytest

from tests.forms import text_of
from tests.practice import Practice
from tests.staff.hands import add_passkey, set_up_app

EVE = {"name": "Eve Okafor", "username": "eve", "roles": ["front_desk", "supplies"], "password": "lantern ribbon moss"}


def test_whoever_is_added_chooses_a_password_of_their_own_before_anything_else_opens(practice: Practice) -> None:
    assert practice.browser("maria").post("/staff", EVE).status_code == 303
    eve = practice.browser()
    assert eve.sign_in("eve", "lantern ribbon moss").status_code == 303
    board = eve.get("/checkin")
    assert (board.status_code, board.headers["location"]) == (303, "/signin")
    assert eve.get("/signin").headers["location"] == "/account"
    page = text_of(eve.get("/account").text)
    assert "Choose one of your own" in page
    assert "Passkeys" not in page
    new = {"new": "seven grey herons", "again": "seven grey herons"}
    assert eve.post("/account/password", new).status_code == 303
    assert eve.get("/checkin").status_code == 200
    assert practice.browser().sign_in("eve", "lantern ribbon moss").status_code == 422


def test_the_first_password_unlocks_no_device(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    practice.browser("maria").post("/staff", EVE)
    tablet.sign_in("eve", "lantern ribbon moss")
    answer = tablet._send("POST", "/devices/unlock", {"x-daysheet": "unlock"}, json={"replica_id": tablet.replica_id})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("changes", "say"),
    [
        ({"name": " "}, "Please fill in the name."),
        ({"username": "Eve O."}, "Use 2 to 60 small letters"),
        ({"roles": []}, "Choose at least one role."),
        ({"password": "short"}, "Use at least 10 characters."),
        ({"password": "eve okafor 1"}, "That would soon be guessed"),
        ({"username": "ana"}, "The user name ana is already Ana Garrido’s."),
    ],
)
def test_a_form_with_mistakes_comes_back_with_what_was_typed(
    practice: Practice, changes: dict[str, Any], say: str
) -> None:
    before = len(practice.entries("staff.add_member"))
    answer = practice.browser("maria").post("/staff", {**EVE, **changes})
    assert answer.status_code == 422
    assert say in text_of(answer.text)
    assert EVE["password"] not in answer.text
    assert practice.browser().sign_in("eve", "lantern ribbon moss").status_code == 422
    assert len(practice.entries("staff.add_member")) <= before + 1


def test_the_list_says_who_has_a_second_step_and_who_is_signed_in(practice: Practice) -> None:
    ana, ben, maria = practice.browser("ana"), practice.browser("ben"), practice.browser("maria")
    add_passkey(ana)
    set_up_app(practice, ben)
    page = text_of(maria.get("/staff").text)
    assert "ana · Front desk Passkey 1 session" in page
    assert "ben · Front desk Second step 1 session" in page
    assert "cleo · Clinical Password only Not signed in" in page


def test_a_manager_ends_a_colleagues_sessions_but_not_their_own(practice: Practice) -> None:
    ana, maria = practice.browser("ana"), practice.browser("maria")
    assert maria.post(f"/staff/{practice.staff['ana']}/sessions").status_code == 303
    assert ana.get("/checkin").status_code == 303
    assert maria.post(f"/staff/{practice.staff['maria']}/sessions").status_code == 303
    assert maria.get("/staff").status_code == 200


def test_name_and_roles_are_changed_on_the_persons_page(practice: Practice) -> None:
    maria, path = practice.browser("maria"), f"/staff/{practice.staff['dana']}"
    form = {"name": "Dana Reyes-Holt", "username": "dana", "roles": ["supplies", "front_desk"]}
    assert maria.post(path, form).status_code == 303
    row = practice.row("staff_member", practice.staff["dana"])
    assert row is not None
    assert (row["name"], row["roles"]) == ("Dana Reyes-Holt", ["front_desk", "supplies"])
    refused = maria.post(path, {**form, "username": "ana"})
    assert refused.status_code == 422
    assert "already Ana Garrido’s" in text_of(refused.text)


@pytest.mark.parametrize("path", ["/staff/nobody", "/staff/nobody/end", "/staff/00000000-0000-7000-8000-000000000009"])
def test_who_is_not_there_does_not_exist(practice: Practice, path: str) -> None:
    maria = practice.browser("maria")
    assert maria.post(path, {"name": "X", "username": "xx", "roles": ["owner"]}).status_code == 404
    assert maria.post(f"/staff/{practice.staff['ana']}/promote").status_code == 404
