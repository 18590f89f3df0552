"""Rules are data: approvals.change_rule, approvals.keep_rule, approvals.furnish_rules."""

import pytest

from backend.ids import new_id
from tests.approvals.cast import CHANGE, approve, asked, newest, open_trial, rules, seen
from tests.forms import form_to, text_of
from tests.practice import Practice

RULE = "approvals.keep_rule"


@pytest.fixture(autouse=True)
def trial(practice: Practice) -> None:
    open_trial(practice)


def test_maria_asks_for_another_rule_on_the_page_and_olga_sees_before_and_after(practice: Practice) -> None:
    maria = practice.browser("maria")
    id = rules(practice)[RULE]["rule_id"]
    form = form_to(maria.get("/approvals/rules").text, f"{id}/change")
    tap = form.filled(manager_limit="$500.00", levels="2", reason="After the audit")
    assert [maria.post(form.action, tap).status_code for _ in range(2)] == [303, 303]
    assert len(practice.entries(CHANGE)) == 1
    page = text_of(practice.browser("olga").get("/approvals").text)
    for said in ("Rule for: Change of a rule", "Limit of a manager: no limit → $500.00", "How many people: 1 → 2"):
        assert said in page
    assert approve(practice, "olga", newest(practice)).outcome == "applied"
    assert (rules(practice)[RULE]["manager_limit"], rules(practice)[RULE]["levels"]) == (50_000, 2)
    row = practice.row("approval_rule", id)
    assert row is not None
    assert row["manager_limit"] == 50_000


def test_a_field_that_cannot_be_read_comes_back_with_its_complaint(practice: Practice) -> None:
    maria = practice.browser("maria")
    form = form_to(maria.get("/approvals/rules").text, "/change")
    for partial in (True, False):
        answer = maria.post(form.action, form.filled(amount_from="much"), partial=partial)
        assert answer.status_code == 422
    assert practice.entries(CHANGE) == []


def test_two_changes_at_once_do_not_overwrite_each_other(practice: Practice) -> None:
    rule = rules(practice)[RULE]
    practice.act("maria", CHANGE, {**rule, "expires_hours": 24})
    first = newest(practice)
    practice.clock.forward(minutes=1)
    practice.act("maria", CHANGE, {**rule, "expires_hours": 48})
    second = newest(practice)
    old = seen(practice, second)
    assert approve(practice, "marco", first).outcome == "applied"
    held = approve(practice, "marco", second, seen=old)
    assert (held.outcome, held.code) == ("held", "changed")
    assert "168 → 48, now 24 → 48" in held.say


def test_the_rule_itself_is_changed_by_no_way_but_an_approval(practice: Practice) -> None:
    rule = rules(practice)[RULE]
    assert practice.act("maria", RULE, rule).code == "not_allowed"
    assert practice.act("maria", CHANGE, rule).code == "no_change"
    assert practice.act("maria", CHANGE, {**rule, "rule_id": new_id()}).code == "missing"
    assert practice.act("ana", CHANGE, {**rule, "levels": 0}).code == "not_allowed"


def test_every_kind_of_request_has_a_rule_from_the_first_day(practice: Practice) -> None:
    assert RULE in rules(practice)
    assert len(practice.entries("approvals.furnish_rules")) == 1


def test_a_manager_tries_a_rule_on_last_months_requests_before_asking_for_it(practice: Practice) -> None:
    for cost in (12_000, 20_000, 30_000, 500):
        practice.clock.forward(minutes=1)
        fields = {"patient_id": practice.patients["alma"], "name": f"Alba {cost}", "cost": cost}
        assert practice.act("ana", "trial.ask_to_rename", fields).outcome == "applied"
    assert asked(practice)
    maria = practice.browser("maria")
    form = form_to(maria.get("/approvals/rules").text, f"{rules(practice)['trial.rename']['rule_id']}/change")
    address = f"/approval-rules/{form.action.split('/')[3]}/preview"
    answer = maria.post(address, form.filled(amount_from="250"))
    assert answer.status_code == 200, answer.text
    assert "Of 5 requests in the last 30 days, 1 would have needed a second person, and 4 did." in text_of(answer.text)
    assert 'value="$250.00"' in answer.text
    assert practice.browser("ana").post(address, form.filled()).status_code == 403
