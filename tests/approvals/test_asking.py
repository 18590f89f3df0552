"""The front door: what is done at once, what waits, and what a small office does alone."""

import pytest

from backend.approvals.models import Approval
from tests.approvals.cast import name_of, newest, open_trial
from tests.practice import Practice


@pytest.fixture(autouse=True)
def trial(practice: Practice) -> None:
    open_trial(practice)


def ask(practice: Practice, who: str, **fields: object) -> object:
    given = {"patient_id": practice.patients["alma"], "name": "Alba", "cost": 9_999, **fields}
    return practice.act(who, "trial.ask_to_rename", given)


def test_below_the_amount_it_is_done_at_once_and_nobody_is_bothered(practice: Practice) -> None:
    receipt = ask(practice, "ana")
    assert (receipt.outcome, receipt.code, name_of(practice)) == ("applied", "applied", "Alba")
    (done,) = practice.entries("trial.rename")
    assert done.caused_by == receipt.command_id
    assert practice.row("approval", newest(practice)) is None
    with practice.database.read() as session:
        assert session.get_one(Approval, newest(practice)).state == "not_needed"


def test_what_cannot_be_done_at_once_is_refused_and_leaves_nothing(practice: Practice) -> None:
    receipt = ask(practice, "ana", name="Nobody")
    assert (receipt.outcome, receipt.code) == ("refused", "no_name")
    assert practice.entries("trial.rename") == []
    with practice.database.read() as session:
        assert session.query(Approval).count() == 0


def test_the_same_request_sent_twice_waits_once(practice: Practice) -> None:
    tablet = practice.tablet("Desk 1", "ana", "desk")
    fields = {"patient_id": practice.patients["alma"], "name": "Alba", "cost": 20_000}
    entry = tablet.command("trial.ask_to_rename", fields)
    receipts = [practice.act("ana", "trial.ask_to_rename", fields, command_id=entry["command_id"]) for _ in range(2)]
    assert [receipt.code for receipt in receipts] == ["waits", "waits"]
    with practice.database.read() as session:
        assert session.query(Approval).count() == 1


def test_an_owner_who_is_alone_goes_on_and_it_is_flagged(practice: Practice) -> None:
    for who in ("marco", "olga"):
        assert practice.act("maria", "staff.end_membership", {"staff_id": practice.staff[who]}).outcome == "applied"
    receipt = ask(practice, "maria", cost=20_000)
    assert (receipt.outcome, receipt.code, name_of(practice)) == ("flagged", "alone", "Alba")
    alone = ask(practice, "maria", cost=20_000, name="Alma", counted_by=practice.staff["maria"])
    assert alone.code == "waits", "who counted is not only alone"
