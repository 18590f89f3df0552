"""Questions, answers, and second thoughts: approvals.ask_back, approvals.answer, approvals.withdraw."""

import pytest

from tests.approvals.cast import APPROVE, approve, asked, name_of, open_trial, seen
from tests.forms import form_to, text_of
from tests.practice import Practice

ASK, ANSWER, WITHDRAW = "approvals.ask_back", "approvals.answer", "approvals.withdraw"


@pytest.fixture(autouse=True)
def trial(practice: Practice) -> None:
    open_trial(practice)


def test_maria_asks_back_and_ana_answers_before_it_is_approved(practice: Practice) -> None:
    request, maria, ana = asked(practice), practice.browser("maria"), practice.browser("ana")
    form = form_to(maria.get("/approvals").text, f"{request}/ask-back")
    assert maria.post(form.action, form.filled(question="Is it on her card?"), partial=True).status_code == 200
    page = ana.get("/approvals/mine").text
    assert "Is it on her card?" in text_of(page)
    form = form_to(page, f"{request}/answer")
    answer = ana.post(form.action, form.filled(answer="Yes, both cards"), partial=True)
    assert answer.status_code == 200, answer.text
    page = text_of(maria.get("/approvals").text)
    assert "Yes, both cards" in page
    assert approve(practice, "maria", request).outcome == "applied"


def test_only_who_asked_answers_or_withdraws_and_only_who_may_decide_asks_back(practice: Practice) -> None:
    request = asked(practice)
    given = {"approval_id": request}
    assert practice.act("ben", ANSWER, {**given, "answer": "Yes"}).code == "not_yours"
    assert practice.act("maria", WITHDRAW, given).code == "not_yours"
    assert practice.act("ben", ASK, {**given, "question": "Why?"}).code == "no_right"
    assert practice.act("ana", ASK, {**given, "question": "Why?"}).code == "four_eyes"


def test_what_ana_withdrew_can_no_longer_be_approved(practice: Practice) -> None:
    request, ana = asked(practice), practice.browser("ana")
    hash = seen(practice, request)
    form = form_to(ana.get("/approvals/mine").text, f"{request}/withdraw")
    for _ in range(2):
        assert ana.post(form.action, form.filled(), partial=True).status_code == 200
    assert len(practice.entries(WITHDRAW)) == 1
    late = practice.act("maria", APPROVE, {"approval_id": request}, seen=hash)
    assert (late.outcome, late.code, name_of(practice)) == ("refused", "withdrawn", "Alma")
    assert practice.act("ana", WITHDRAW, {"approval_id": request}).outcome == "noop"


def test_what_is_decided_is_neither_withdrawn_nor_asked_back(practice: Practice) -> None:
    request = asked(practice)
    approve(practice, "maria", request)
    for who, command, more in (
        ("ana", WITHDRAW, {}),
        ("ana", ANSWER, {"answer": "x"}),
        ("marco", ASK, {"question": "x"}),
    ):
        late = practice.act(who, command, {"approval_id": request, **more})
        assert (late.outcome, late.code) == ("noop", "already_decided")
    assert practice.act("maria", ASK, {"approval_id": request, "question": "x"}).say.startswith(
        "Already decided by you"
    )


def test_the_asker_sees_what_became_of_it_but_never_the_case(practice: Practice) -> None:
    request = asked(practice)
    row = practice.row("asked", request)
    assert row is not None
    assert not {"changes", "evidence", "amount", "hash"} & set(row)
    assert practice.sheets_with("approval", request) == {"approvals/main"}
    assert practice.sheets_with("asked", request) == {f"attention/{practice.staff['ana']}"}
