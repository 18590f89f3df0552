"""A second person says yes or no: approvals.approve and approvals.decline."""

import pytest

from backend.ids import new_id
from backend.journal import broken_link
from backend.patients.models import Patient
from tests.approvals.cast import (
    APPROVE,
    CHANGE,
    DECLINE,
    approve,
    asked,
    name_of,
    newest,
    open_trial,
    put_rule,
    rules,
    seen,
)  # fmt: skip
from tests.forms import form_to, text_of
from tests.practice import Practice


@pytest.fixture(autouse=True)
def trial(practice: Practice) -> None:
    open_trial(practice)


def test_what_was_approved_is_done_in_the_name_of_who_asked(practice: Practice) -> None:
    request = asked(practice)
    assert name_of(practice) == "Alma"
    yes = approve(practice, "maria", request)
    assert (yes.outcome, name_of(practice)) == ("applied", "Alba")
    (done,) = practice.entries("trial.rename")
    assert (done.actor_id, done.caused_by) == (practice.staff["ana"], yes.command_id)
    assert done.seq == practice.entry(yes.command_id).seq + 1
    row = practice.row("approval", request)
    assert row is not None
    assert (row["state"], row["last_by"]) == ("approved", practice.staff["maria"])
    with practice.database.read() as session:
        assert broken_link(session) is None


def test_maria_approves_on_the_page_with_the_case_before_her(practice: Practice) -> None:
    request, maria = asked(practice), practice.browser("maria")
    page = maria.get("/approvals").text
    for said in ("Another name", "$200.00", "Name: Alma → Alba", "Seen on the card", "As told", "Ana Garrido"):
        assert said in text_of(page)
    form = form_to(page, f"{request}/approve")
    answer = maria.post(form.action, form.filled(), partial=True)
    assert answer.status_code == 200, answer.text
    assert "Nothing waits for a decision" in answer.text
    assert name_of(practice) == "Alba"
    again = maria.post(form.action, form.filled(), partial=True)
    assert again.status_code == 200
    assert len(practice.entries("trial.rename")) == 1
    history = text_of(maria.get(f"/approvals/{request}").text)
    assert "Approved · Maria Lindqvist" in history


def test_handed_in_twice_by_the_phone_it_is_done_once(practice: Practice) -> None:
    phone, request = practice.tablet("Phone 1", "maria", "manager_phone"), asked(practice)
    phone.sync()
    row = phone.row("approval", request)
    assert row is not None
    entry = phone.command(APPROVE, {"approval_id": request}, seen=row["hash"])
    phone.send([entry])
    phone.sync([entry])
    assert phone.receipt(entry)["outcome"] == "applied"
    assert len(practice.entries("trial.rename")) == 1


@pytest.mark.parametrize("who", ["maria", "marco"])
def test_who_asked_or_counted_can_approve_neither_by_page_nor_by_a_forged_batch(practice: Practice, who: str) -> None:
    request = asked(practice, "maria", counted_by=practice.staff["marco"])
    browser = practice.browser(who)
    page = browser.get("/approvals").text
    assert f"{request}/approve" not in page
    answer = browser.post(f"/approvals/{request}/approve", {"_seen": seen(practice, request)}, partial=True)
    assert answer.status_code == 422
    assert "so somebody else must decide." in answer.text
    phone = practice.tablet("Phone 1", who, "manager_phone")
    forged = phone.command(APPROVE, {"approval_id": request}, seen=seen(practice, request))
    direct = phone.command("trial.rename", {"patient_id": practice.patients["alma"], "name": "Alba", "cost": 1})
    phone.sync([forged, direct])
    assert phone.receipt(forged)["code"] == "four_eyes"
    assert phone.receipt(direct)["outcome"] == "held"
    assert name_of(practice) == "Alma"
    assert approve(practice, "olga", request).outcome == "applied"


def test_a_stand_in_for_the_asker_has_no_right_by_the_askers_roles(practice: Practice) -> None:
    put_rule(practice, "trial.rename", first_roles=["owner"])
    practice.act("olga", "approvals.set_stand_in", {"staff_id": practice.staff["marco"], "until": "2026-11-30"})
    request = asked(practice, "olga")
    assert approve(practice, "marco", request).code == "no_right"


def test_what_changed_meanwhile_is_held_with_the_difference_and_approved_anew(practice: Practice) -> None:
    request = asked(practice)
    old = seen(practice, request)
    with practice.database.write() as session:
        session.get_one(Patient, practice.patients["alma"]).given = "Almudena"
    yes = approve(practice, "maria", request, seen=old)
    assert (yes.outcome, yes.code) == ("held", "changed")
    assert "Name: Alma → Alba, now Almudena → Alba" in yes.say
    row = practice.row("approval", request)
    assert row is not None
    assert (row["state"], row["last_decision"], row["hash"] != old) == ("asked", "changed", True)
    late = approve(practice, "marco", request, seen=old)
    assert (late.outcome, late.code, "now Almudena" in late.say) == ("held", "changed", True)
    assert approve(practice, "maria", request, seen=None).outcome == "held"
    assert approve(practice, "maria", request).outcome == "applied"
    assert name_of(practice) == "Alba"


def test_what_cannot_be_done_any_more_comes_back(practice: Practice) -> None:
    request = asked(practice, name="Nobody")
    yes = approve(practice, "maria", request)
    assert (yes.outcome, yes.code) == ("held", "changed")
    assert "Nobody is called that." in yes.say
    row = practice.row("approval", request)
    assert row is not None
    assert (row["state"], row["last_note"]) == ("asked", "Nobody is called that.")
    assert approve(practice, "maria", request).code == "changed", "her first yes is no reason to refuse the second"
    assert practice.entries("trial.rename") == []


def test_the_second_manager_is_told_who_decided(practice: Practice) -> None:
    request = asked(practice)
    hash = seen(practice, request)
    practice.clock.forward(minutes=32)
    approve(practice, "maria", request)
    for command, more in ((APPROVE, {}), (DECLINE, {"reason": "No"})):
        late = practice.act("marco", command, {"approval_id": request, **more}, seen=hash)
        assert (late.outcome, late.say) == ("noop", "Already decided by Maria Lindqvist at 9:02 am.")


def test_two_levels_need_two_different_people(practice: Practice) -> None:
    put_rule(practice, "trial.rename", levels=2, second_roles=["owner"])
    request = asked(practice)
    assert approve(practice, "marco", request).code == "first_level"
    assert name_of(practice) == "Alma"
    assert approve(practice, "marco", request).code == "no_right", "the second level is an owner's"
    maria = approve(practice, "maria", request)
    assert (maria.outcome, name_of(practice)) == ("applied", "Alba")


def test_nobody_is_both_levels(practice: Practice) -> None:
    request = asked(practice)
    put_rule(practice, "trial.rename", levels=2)
    assert approve(practice, "maria", request).code == "first_level", "the rules of now hold"
    again = approve(practice, "maria", request)
    assert (again.outcome, again.code, name_of(practice)) == ("refused", "second_person", "Alma")
    assert "You have approved it." in text_of(practice.browser("maria").get("/approvals").text)
    assert approve(practice, "olga", request).outcome == "applied"


def test_a_manager_says_yes_only_up_to_the_limit_and_by_the_roles_of_now(practice: Practice) -> None:
    put_rule(practice, "trial.rename", manager_limit=15_000)
    request = asked(practice, cost=15_001)
    held = approve(practice, "marco", request)
    assert (held.outcome, held.code) == ("held", "no_right")
    assert practice.row("case", held.command_id) is not None
    assert approve(practice, "ana", asked(practice, "ben")).code == "no_right"
    assert approve(practice, "olga", request).outcome == "applied"


def test_a_request_is_declined_with_a_reason_and_stays_declined(practice: Practice) -> None:
    request, maria = asked(practice), practice.browser("maria")
    form = form_to(maria.get("/approvals").text, f"{request}/decline")
    assert maria.post(form.action, form.filled(reason=" "), partial=True).status_code == 422
    answer = maria.post(form.action, form.filled(reason="Ask her first"), partial=True)
    assert answer.status_code == 200, answer.text
    row = practice.row("approval", request)
    assert row is not None
    assert (row["state"], row["last_note"]) == ("declined", "Ask her first")
    assert practice.act("marco", APPROVE, {"approval_id": request}, seen=row["hash"]).outcome == "noop"
    assert name_of(practice) == "Alma"
    assert "Ask her first" in text_of(practice.browser("ana").get("/approvals/mine").text)


def test_a_change_of_a_rule_waits_for_the_second_manager(practice: Practice) -> None:
    rule = rules(practice)["approvals.keep_rule"]
    receipt = practice.act("maria", CHANGE, {**rule, "expires_hours": 24})
    assert (receipt.outcome, receipt.code) == ("applied", "waits")
    assert rules(practice)["approvals.keep_rule"]["expires_hours"] == 168
    assert approve(practice, "marco", newest(practice)).outcome == "applied"
    assert rules(practice)["approvals.keep_rule"]["expires_hours"] == 24


def test_what_is_not_there_is_missing(practice: Practice) -> None:
    assert practice.act("maria", APPROVE, {"approval_id": new_id()}).code == "missing"
