"""Somebody joins the staff, or what is known of them changes."""

from typing import Any

import pytest

from backend.ids import new_id
from tests.practice import Practice

ADD = "staff.add_member"


def eve(**changes: Any) -> dict[str, Any]:
    who = {"staff_id": new_id(), "name": "Eve Okafor", "username": "eve", "roles": ["front_desk"], "site_id": "main"}
    return {**who, **changes}


def test_whoever_joins_is_on_every_device_with_name_and_roles(practice: Practice) -> None:
    fields = eve(roles=["clinical", "front_desk"])
    assert practice.act("maria", ADD, fields).outcome == "applied"
    row = practice.row("staff_member", fields["staff_id"])
    assert row is not None
    assert (row["name"], row["initials"], row["roles"], row["active"]) == (
        "Eve Okafor",
        "EO",
        ["front_desk", "clinical"],
        True,
    )
    assert practice.sheets_with("staff_member", fields["staff_id"]) == {"office/main"}


def test_everybody_has_the_roles_they_were_given_and_no_others(practice: Practice) -> None:
    roles = {name: practice.row("staff_member", id)["roles"] for name, id in practice.staff.items()}  # type: ignore[index]
    assert roles["ana"] == ["front_desk"]
    assert roles["cleo"] == ["clinical"]
    assert roles["maria"] == ["owner", "manager"]


def test_how_they_sign_in_is_nobodys_to_see(practice: Practice) -> None:
    row = practice.row("staff_member", practice.staff["ana"])
    assert row is not None
    assert {"username", "hash", "password"} & set(row) == set()


def test_a_change_of_roles_holds_from_then_on(practice: Practice) -> None:
    arrival = {"visit_id": practice.visits["alma"]}
    assert practice.act("dana", "checkin.record_arrival", arrival).outcome == "held"
    fields = eve(staff_id=practice.staff["dana"], name="Dana Reyes", username="dana")
    assert practice.act("maria", ADD, fields).outcome == "applied"
    assert practice.act("dana", "checkin.record_arrival", arrival).outcome == "applied"


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"roles": ["king"]}, "no_such_role", "There is no role called king."),
        ({"username": "ana"}, "username_taken", "The user name ana is already Ana Garrido’s."),
        ({"username": "Eve O."}, "unreadable", "username"),
        ({"name": "x" * 81}, "unreadable", "name"),
    ],
)
def test_what_cannot_be_is_refused(practice: Practice, changes: dict[str, Any], code: str, words: str) -> None:
    fields = eve(**changes)
    receipt = practice.act("maria", ADD, fields)
    assert (receipt.outcome, receipt.code) == ("refused", code)
    assert words in receipt.say
    assert practice.row("staff_member", fields["staff_id"]) is None


def test_only_a_manager_adds_people(practice: Practice) -> None:
    receipt = practice.act("ana", ADD, eve(roles=["owner"]))
    assert (receipt.outcome, receipt.code) == ("refused", "not_allowed")


def test_handed_in_twice_it_is_one_person(practice: Practice) -> None:
    phone = practice.tablet("Maria’s phone", "maria", "manager_phone")
    entry = phone.command(ADD, eve())
    phone.send([entry])
    phone.sync([entry])
    assert phone.receipt(entry)["outcome"] == "applied"
    assert phone.row("staff_member", entry["fields"]["staff_id"]) is not None
    assert len(practice.entries(ADD)) == 1 + len(practice.staff)
