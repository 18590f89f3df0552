"""A request goes to somebody named, and the others may still decide it: approvals.pass_on."""

import pytest

from tests.approvals.cast import approve, asked, name_of, open_trial, put_rule
from tests.forms import form_to, text_of
from tests.practice import Practice

PASS = "approvals.pass_on"


@pytest.fixture(autouse=True)
def trial(practice: Practice) -> None:
    open_trial(practice)


def pass_on(practice: Practice, who: str, request: str, to: str, **sent: object) -> object:
    return practice.act(who, PASS, {"approval_id": request, "staff_id": practice.staff[to]}, **sent)


def test_what_marco_passes_to_olga_she_is_shown_first_and_the_others_see_whose_it_is(practice: Practice) -> None:
    older, request = asked(practice, name="Alba"), ""
    practice.clock.forward(minutes=5)
    request = asked(practice, name="Elma")
    marco = practice.browser("marco")
    form = form_to(marco.get("/approvals").text, f"{request}/pass-on")
    answer = marco.post(form.action, form.filled(staff_id=practice.staff["olga"]), partial=True)
    assert answer.status_code == 200, answer.text
    page = practice.browser("olga").get("/approvals").text
    assert page.index(request) < page.index(older)
    assert "Passed to you" in text_of(page)
    page = practice.browser("maria").get("/approvals").text
    assert page.index(older) < page.index(request)
    assert "Passed to Olga Brandt" in text_of(page)
    steps = text_of(practice.browser("maria").get(f"/approvals/{request}").text)
    assert "Passed on · Marco Silva" in steps
    assert approve(practice, "maria", request).outcome == "applied", "the others may still decide"
    assert name_of(practice) == "Elma"


def test_it_is_passed_from_a_phone_also_if_it_is_sent_twice(practice: Practice) -> None:
    request = asked(practice)
    phone = practice.tablet("Phone", "maria", "manager_phone")
    sent = phone.command(PASS, {"approval_id": request, "staff_id": practice.staff["olga"]})
    phone.sync([sent])
    phone.sync([sent])
    assert phone.receipt(sent)["outcome"] == "applied"
    assert phone.row("approval", request)["passed_to"] == practice.staff["olga"]
    assert len(practice.entries(PASS)) == 1
    again = pass_on(practice, "maria", request, "olga")
    assert (again.outcome, again.say) == ("noop", "It was passed to Olga Brandt already.")


@pytest.mark.parametrize(
    ("who", "to", "say"),
    [
        ("maria", "ana", "Ana Garrido asked for it, so somebody else must decide. Choose another."),
        ("maria", "marco", "Marco Silva counted it, so somebody else must decide. Choose another."),
        ("maria", "dana", "Dana Reyes may not decide about this. Choose somebody who may."),
        ("maria", "maria", "You have it already. Decide it, or choose somebody else."),
        ("marco", "olga", "You counted it, so somebody else must say who decides."),
    ],
)
def test_it_goes_to_nobody_who_may_not_decide_it_and_from_nobody_who_took_part(
    practice: Practice, who: str, to: str, say: str
) -> None:
    request = asked(practice, counted_by=practice.staff["marco"])
    receipt = pass_on(practice, who, request, to)
    assert (receipt.outcome, receipt.say) == ("refused", say)
    assert practice.row("approval", request)["passed_to"] is None


def test_a_form_that_names_who_may_not_decide_comes_back_with_the_sentence(practice: Practice) -> None:
    request, maria = asked(practice), practice.browser("maria")
    form = form_to(maria.get("/approvals").text, f"{request}/pass-on")
    answer = maria.post(form.action, form.filled(staff_id=practice.staff["ana"]), partial=True)
    assert answer.status_code == 422
    assert "Ana Garrido asked for it" in text_of(answer.text)


def test_a_manager_whose_limit_is_too_low_passes_it_to_the_owner(practice: Practice) -> None:
    put_rule(practice, "trial.rename", manager_limit=5_000)
    request = asked(practice)
    assert approve(practice, "marco", request).code == "no_right"
    assert pass_on(practice, "olga", request, "marco").code == "no_right"
    assert pass_on(practice, "marco", request, "olga").outcome == "applied"


def test_after_the_first_yes_it_is_everybodys_again_and_goes_to_nobody_who_said_it(practice: Practice) -> None:
    put_rule(practice, "trial.rename", levels=2)
    request = asked(practice)
    pass_on(practice, "marco", request, "olga")
    assert approve(practice, "olga", request).code == "first_level"
    row = practice.row("approval", request)
    assert (row["passed_to"], row["said_yes"]) == (None, [practice.staff["olga"]])
    assert pass_on(practice, "marco", request, "olga").code == "second_person"


def test_a_question_to_the_asker_stays_open_when_the_request_is_passed_on(practice: Practice) -> None:
    request = asked(practice)
    practice.act("maria", "approvals.ask_back", {"approval_id": request, "question": "Why?"})
    pass_on(practice, "maria", request, "olga")
    assert form_to(practice.browser("ana").get("/approvals/mine").text, f"{request}/answer")


def test_what_is_decided_is_passed_to_nobody(practice: Practice) -> None:
    request = asked(practice)
    approve(practice, "maria", request)
    assert pass_on(practice, "marco", request, "olga").code == "already_decided"
