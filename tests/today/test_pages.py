"""The page of what needs a manager now."""

import pytest

from backend.app import run_jobs
from backend.checking import check
from tests.approvals.cast import approve, asked, put_rule
from tests.forms import text_of
from tests.practice import Practice
from tests.tablets import Tablet
from tests.today.push_service import PushService


def page_of(practice: Practice, who: str = "maria") -> str:
    answer = practice.browser(who).get("/today")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_on_a_quiet_morning_nothing_needs_maria(practice: Practice) -> None:
    assert "Nothing needs you now" in text_of(page_of(practice))


def test_what_waits_for_her_is_shown_and_what_she_may_not_decide_is_not(practice: Practice) -> None:
    put_rule(practice, "trial.rename", levels=2)
    hers, counted, second = asked(practice), asked(practice, counted_by=practice.staff["maria"]), asked(practice)
    approve(practice, "maria", second)
    page = page_of(practice)
    assert f"/approvals/{hers}" in page
    assert counted not in page
    assert second not in page, "now a second person must"
    assert second in page_of(practice, "olga")
    assert "$200.00" in page


def test_what_was_passed_to_her_stands_first(practice: Practice) -> None:
    older = asked(practice)
    practice.clock.forward(minutes=5)
    request = asked(practice)
    practice.act("marco", "approvals.pass_on", {"approval_id": request, "staff_id": practice.staff["maria"]})
    page = page_of(practice)
    assert page.index(request) < page.index(older)
    assert "Passed to you" in text_of(page)


def test_open_entries_and_silent_devices_are_shown_with_the_way_to_them(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    tablet.sync()
    practice.act("ana", "checkin.check_in", {"visit_id": practice.visits["bruno"]})
    practice.clock.forward(hours=30)
    run_jobs(practice.office)
    page = page_of(practice)
    assert 'href="/attention/office"' in page
    assert f'href="/devices/{tablet.device_id}"' in page
    assert "Last heard of" in text_of(page)


def test_who_waits_too_long_is_shown_with_the_minutes_and_without_a_name(practice: Practice, phone: Tablet) -> None:
    practice.act("ana", "checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    practice.clock.forward(minutes=15)
    assert "Long waits" not in text_of(page_of(practice))
    practice.clock.forward(minutes=1)
    phone.sign_in("maria")
    said = text_of(phone.get("/today").text)
    assert "Long waits Dr. Ruth Adeyemi Arrived, 8:30 am 16 min" in said
    assert "Alma" not in said
    assert "Castellanos" not in said
    practice.clock.forward(days=1)
    assert "Long waits" not in text_of(page_of(practice)), "that was yesterday"


@pytest.mark.parametrize("who", ["ana", "dana", "petra"])
def test_it_is_a_managers_page_alone(practice: Practice, who: str) -> None:
    assert practice.browser(who).get("/today").status_code == 403


def test_the_phone_holds_all_of_it_and_no_visit(practice: Practice, phone: Tablet) -> None:
    practice.act("ana", "checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    phone.sync()
    kinds = {kind for rows in phone.sheets.values() for kind, _ in rows}
    assert "wait" in kinds
    assert "visit" not in kinds
    assert "Castellanos" not in str(phone.sheets)


def test_a_managers_phone_opens_at_it_and_everything_else_at_the_board(practice: Practice, phone: Tablet) -> None:
    assert phone.get("/").headers["location"] == "/today"
    assert practice.browser("maria").get("/").headers["location"] == "/checkin"
    assert practice.browser().get("/").headers["location"] == "/checkin"


def test_an_office_with_waits_pushes_silence_and_filed_requests_is_as_it_should_be(
    practice: Practice, phone: Tablet, service: PushService
) -> None:
    practice.act("ana", "checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    phone.sync([phone.command("today.turn_on_push", service.browser().form)])
    phone.sync([phone.command("today.set_quiet_hours", {"quiet_from": 20, "quiet_to": 6})])
    request = asked(practice)
    practice.act("marco", "approvals.pass_on", {"approval_id": request, "staff_id": practice.staff["olga"]})
    approve(practice, "olga", request)
    for days in (3, 31):
        practice.clock.forward(days=days)
        run_jobs(practice.office)
    said: list[str] = []
    assert check(practice.office.settings, said.append) == 0, said
