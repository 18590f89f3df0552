"""Stock is given up: a little at once, much when somebody else says yes."""

from typing import Any

import pytest

from tests.approvals.cast import open_trial
from tests.inventory.cast import Supplies
from tests.practice import Practice

ASK = "inventory.ask_to_write_off"


@pytest.fixture
def stocked(supplies: Supplies, practice: Practice) -> Supplies:
    """Two cases of gloves at nine cents a piece, and two more managers."""
    open_trial(practice)
    supplies.does("dana", "inventory.receive_stock", quantity=2, unit="case")
    return supplies


def the_request(practice: Practice) -> dict[str, Any]:
    """The one that waits."""
    page = practice.browser("marco").get("/approvals").text
    id = page.split('data-row="approval:')[1].split('"')[0]
    row = practice.row("approval", id)
    assert row is not None
    return {"id": id, **row}


def test_a_few_gloves_are_written_off_at_once(stocked: Supplies) -> None:
    assert stocked.does("dana", ASK, quantity=10, reason="Torn").outcome == "applied"
    assert stocked.on_hand() == 1990


def test_a_case_and_a_half_waits_for_somebody_else(stocked: Supplies, practice: Practice) -> None:
    asked = stocked.does("dana", ASK, quantity=15, unit="box", reason="Recalled by the maker")
    assert (asked.outcome, asked.code) == ("applied", "waits")
    assert stocked.on_hand() == 2000
    request = the_request(practice)
    assert request["amount"] == 13_500
    approve = "approvals.approve", {"approval_id": request["id"]}
    assert practice.act("dana", *approve, seen=request["hash"]).outcome in ("held", "refused")
    assert stocked.on_hand() == 2000
    assert practice.act("marco", *approve, seen=request["hash"]).outcome == "applied"
    assert stocked.on_hand() == 500
    assert practice.act("olga", *approve, seen=request["hash"]).outcome == "noop"
    assert stocked.on_hand() == 500


def test_what_was_used_meanwhile_cannot_be_written_off_too(stocked: Supplies, practice: Practice) -> None:
    stocked.does("dana", ASK, quantity=2, unit="case", reason="Recalled by the maker")
    request = the_request(practice)
    stocked.does("cleo", "inventory.use_stock", quantity=30)
    approved = practice.act("marco", "approvals.approve", {"approval_id": request["id"]}, seen=request["hash"])
    assert approved.outcome == "held"
    assert stocked.on_hand() == 1970


def test_nobody_writes_off_what_is_not_there(stocked: Supplies) -> None:
    refused = stocked.does("dana", ASK, quantity=3, unit="case", reason="Recalled")
    assert (refused.outcome, refused.code) == ("refused", "not_there")
    assert stocked.does("dana", ASK, quantity=1, unit="pallet", reason="Recalled").code == "unknown_unit"


def test_no_device_writes_off_by_itself(stocked: Supplies) -> None:
    assert stocked.does("maria", "inventory.write_off", quantity=1, reason="Mine").outcome in ("held", "refused")
    assert stocked.on_hand() == 2000
