"""What nobody answers presses, and then lapses: approvals.escalate and approvals.expire."""

import pytest

from backend.app import run_jobs
from tests.approvals.cast import APPROVE, asked, name_of, open_trial, seen
from tests.forms import text_of
from tests.practice import Practice

ESCALATE, EXPIRE = "approvals.escalate", "approvals.expire"


@pytest.fixture(autouse=True)
def trial(practice: Practice) -> None:
    open_trial(practice)


def state(practice: Practice, request: str) -> tuple[str, bool]:
    row = practice.row("approval", request)
    assert row is not None
    return row["state"], row["pressing"]


def test_after_half_of_its_time_a_request_presses_and_after_all_of_it_it_lapses(practice: Practice) -> None:
    request = asked(practice)
    practice.clock.forward(hours=35)
    run_jobs(practice.office)
    assert state(practice, request) == ("asked", False)
    practice.clock.forward(hours=2)
    run_jobs(practice.office)
    assert state(practice, request) == ("asked", True)
    assert "Pressing" in text_of(practice.browser("maria").get("/approvals").text)
    practice.clock.forward(hours=36)
    run_jobs(practice.office)
    run_jobs(practice.office)
    assert state(practice, request) == ("expired", True)
    assert [len(practice.entries(command)) for command in (ESCALATE, EXPIRE)] == [1, 1]
    late = practice.act("maria", APPROVE, {"approval_id": request}, seen=seen(practice, request))
    assert (late.outcome, late.code, name_of(practice)) == ("refused", "expired", "Alma")


def test_nobody_can_push_or_end_a_request_by_hand(practice: Practice) -> None:
    request = asked(practice)
    for command in (ESCALATE, EXPIRE):
        assert practice.act("maria", command, {"approval_id": request}).code == "not_allowed"
    assert state(practice, request) == ("asked", False)


def test_a_job_that_comes_late_changes_nothing(practice: Practice) -> None:
    request = asked(practice)
    practice.act("ana", "approvals.withdraw", {"approval_id": request})
    kinds = {kind.__name__: kind for kind in practice.office.performer.kinds.values()}
    for name in ("Escalate", "Expire"):
        assert practice.giver().give(kinds[name], approval_id=request).outcome == "noop"
