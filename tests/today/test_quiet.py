"""When somebody is left in peace: today.set_quiet_hours."""

from tests.approvals.cast import asked
from tests.forms import form_to
from tests.practice import Practice
from tests.tablets import Tablet
from tests.today.push_service import Subscription

SET = "today.set_quiet_hours"


def test_at_night_nothing_is_told_and_in_the_morning_all_of_it_once(practice: Practice, browser: Subscription) -> None:
    practice.later(hours=11)  # 7:30 in the evening
    asked(practice)
    practice.later(minutes=1)
    practice.later(hours=3)
    asked(practice, name="Elma")
    practice.later(hours=8)  # 6:31
    assert browser.read == []
    practice.later(minutes=30)
    practice.later(minutes=1)
    assert browser.read == [{"waiting": 2}]


def test_a_closed_day_is_quiet_altogether(practice: Practice, browser: Subscription) -> None:
    practice.later(days=5, hours=3)  # Saturday, about noon
    asked(practice)
    practice.later(minutes=1)
    assert browser.read == []
    practice.later(days=2)
    assert browser.read == [{"waiting": 1}]


def test_maria_sets_her_own_hours_by_the_form_and_olga_keeps_hers(
    practice: Practice, phone: Tablet, browser: Subscription
) -> None:
    form = form_to(phone.get("/today").text, "/push/hours")
    assert (form.fields["quiet_from"], form.fields["quiet_to"]) == (["19"], ["7"])
    for _ in range(2):
        assert phone.post(form.action, form.filled(quiet_from="8", quiet_to="12")).status_code == 303
    assert len(practice.entries(SET)) == 1
    form = form_to(phone.get("/today").text, "/push/hours")
    assert (form.fields["quiet_from"], form.fields["quiet_to"]) == (["8"], ["12"])
    asked(practice)
    practice.later(minutes=1)
    assert browser.read == [], "it is half past eight"
    assert practice.row("push_hours", practice.staff["olga"]) is None
    practice.later(hours=4)
    assert browser.read == [{"waiting": 1}]


def test_the_same_hour_twice_means_no_night(practice: Practice, phone: Tablet, browser: Subscription) -> None:
    sent = phone.command(SET, {"quiet_from": 0, "quiet_to": 0})
    phone.sync([sent])
    phone.sync([sent])
    assert phone.receipt(sent)["outcome"] == "applied"
    practice.clock.forward(hours=14)
    asked(practice)
    practice.later(minutes=1)
    assert browser.read == [{"waiting": 1}]


def test_hours_that_no_day_has_and_people_without_the_right_are_refused(practice: Practice, phone: Tablet) -> None:
    form = form_to(phone.get("/today").text, "/push/hours")
    answer = phone.post(form.action, form.filled(quiet_from="25"), partial=True)
    assert answer.status_code == 422
    assert practice.act("ana", SET, {"quiet_from": 20, "quiet_to": 6}).code == "not_allowed"
