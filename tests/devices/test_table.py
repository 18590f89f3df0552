"""The table of who may do what where says what the program does, not what somebody wrote about it."""

import pytest

from backend.devices.table import permits
from backend.identity import FOR_ALL, PURPOSES, ROLES, SUPPLY_SHEETS, Purpose
from tests.forms import text_of
from tests.practice import Practice


def test_managers_and_the_privacy_officer_see_it_and_nobody_else(practice: Practice) -> None:
    for who in ("maria", "petra"):
        page = text_of(practice.browser(who).get("/devices/table").text)
        for purpose in PURPOSES.values():
            assert purpose.name in page
        assert "Privacy officer" in page
    for who in ("ana", "cleo", "dana"):
        assert practice.browser(who).get("/devices/table").status_code == 403
    assert practice.browser().get("/devices/table").status_code == 303


@pytest.mark.parametrize("purpose", PURPOSES)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_the_purpose_does_not_open_for_has_there_what_everybody_has(
    practice: Practice, purpose: str, role: str
) -> None:
    found = permits(purpose, role, practice.office)
    opens = role in PURPOSES[purpose].roles
    assert bool(set(found["sheets"]) - {*FOR_ALL, *SUPPLY_SHEETS, "counts/{site}"}) == opens
    assert opens or not {"Arrived", "Retired a device", "Added to the staff"} & set(found["commands"])
    assert ("Retired a device" in found["commands"]) <= (role in ("owner", "manager"))
    assert "Recorded that a device was wiped" not in found["commands"]


def test_the_list_of_devices_is_for_managers_on_their_phone_or_at_a_desk(practice: Practice) -> None:
    def pages(purpose: str, role: str) -> list[str]:
        return permits(purpose, role, practice.office)["pages"]

    assert "Devices" in pages("manager_phone", "manager")
    assert "Devices" in pages("desk", "owner")
    assert "Devices" not in pages("front_desk", "manager")
    assert "Devices" not in pages("desk", "front_desk")
    assert "Check-in" in pages("front_desk", "front_desk")
    assert "Check-in" not in pages("manager_phone", "manager")


def test_a_pattern_covers_a_room_or_one_command() -> None:
    def covers(pattern: str, command: str) -> bool:
        return Purpose("It", (), frozenset(), (pattern,), 60).may_hand_in(command)

    assert covers("checkin.*", "checkin.check_in")
    assert not covers("checkin.*", "devices.enrol")
    assert covers("undo", "undo")
    assert not covers("undo", "undone")
