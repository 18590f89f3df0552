"""A month after it was decided a request leaves the devices: approvals.file_away."""

import pytest

from backend.app import run_jobs
from backend.approvals.models import Approval
from tests.approvals.cast import approve, asked, open_trial
from tests.practice import Practice

FILE = "approvals.file_away"


@pytest.fixture(autouse=True)
def trial(practice: Practice) -> None:
    open_trial(practice)


def test_a_decided_request_leaves_the_phone_after_a_month_and_stays_on_the_record(practice: Practice) -> None:
    request, waiting = asked(practice), asked(practice, name="Elma")
    phone = practice.tablet("Phone", "maria", "manager_phone")
    approve(practice, "maria", request)
    practice.clock.forward(days=29)
    run_jobs(practice.office)
    phone.sync()
    assert phone.row("approval", request) is not None
    practice.clock.forward(days=2)
    run_jobs(practice.office)
    phone.sync()
    assert phone.row("approval", request) is None
    assert not [id for rows in phone.sheets.values() for kind, id in rows if kind == "approval_step" and request in id]
    assert practice.row("asked", request) is None
    assert practice.row("approval", waiting) is not None, "what merely lapsed, only now, is shown for a month too"
    with practice.database.read() as session:
        kept = session.get_one(Approval, request)
        assert (kept.state, kept.filed_at is not None) == ("approved", True)
    assert len(practice.entries(FILE)) == 1
    run_jobs(practice.office)
    assert practice.giver().give(kind_of(practice), approval_id=request).outcome == "noop"


def test_nobody_files_a_request_away_by_hand(practice: Practice) -> None:
    request = asked(practice)
    assert practice.act("maria", FILE, {"approval_id": request}).code == "not_allowed"
    assert practice.giver().give(kind_of(practice), approval_id=request).outcome == "noop", "it still waits"
    assert practice.row("approval", request) is not None


def kind_of(practice: Practice) -> type:
    return practice.office.performer.kinds[FILE, 1]
