"""Somebody decides with another's rights until a day: approvals.set_stand_in."""

import pytest

from tests.approvals.cast import approve, asked, open_trial, put_rule
from tests.forms import form_to, text_of
from tests.practice import Practice

SET = "approvals.set_stand_in"


@pytest.fixture(autouse=True)
def trial(practice: Practice) -> None:
    open_trial(practice)


def test_marco_decides_for_olga_until_the_day_and_including_it(practice: Practice) -> None:
    put_rule(practice, "trial.rename", first_roles=["owner"], expires_hours=200)
    request = asked(practice)
    assert approve(practice, "marco", request).code == "no_right"
    olga = practice.browser("olga")
    form = form_to(olga.get("/approvals/rules").text, "/stand-in")
    given = form.filled(staff_id=practice.staff["marco"], until="2026-11-25")
    assert [olga.post(form.action, given).status_code for _ in range(2)] == [303, 303]
    assert len(practice.entries(SET)) == 1
    assert "Marco Silva for Olga Brandt" in text_of(olga.get("/approvals/rules").text)
    other = asked(practice, name="Aldonza")
    practice.clock.forward(days=2)
    assert approve(practice, "marco", request).outcome == "applied"
    practice.clock.forward(days=1)
    assert approve(practice, "marco", other).code == "no_right"


@pytest.mark.parametrize(
    ("who", "until", "code"),
    [("maria", "2026-11-30", "oneself"), ("marco", "2026-11-22", "past"), ("ana", "2026-11-30", "no_manager")],
)
def test_who_cannot_decide_at_all_does_not_stand_in(practice: Practice, who: str, until: str, code: str) -> None:
    receipt = practice.act("maria", SET, {"staff_id": practice.staff[who], "until": until})
    assert (receipt.outcome, receipt.code) == ("refused", code)
    phone = practice.tablet("Phone 1", "maria", "manager_phone")
    entry = phone.command(SET, {"staff_id": practice.staff[who], "until": until})
    phone.sync([entry])
    assert phone.receipt(entry)["code"] == code
