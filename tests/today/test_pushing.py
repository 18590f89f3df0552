"""Somebody turns it on and off: today.turn_on_push, today.turn_off_push, today.end_push."""

import pytest

from backend.today.models import PushDevice
from backend.today.pushing import is_known
from tests.approvals.cast import asked
from tests.forms import form_to, text_of
from tests.practice import Practice
from tests.tablets import Tablet
from tests.today.push_service import PushService

ON, OFF, END = "today.turn_on_push", "today.turn_off_push", "today.end_push"


def subscriptions(practice: Practice) -> list[tuple[str, str]]:
    with practice.database.read() as session:
        return [(one.device_id, one.staff_id) for one in session.query(PushDevice)]


def test_maria_turns_it_on_by_the_form_and_off_again(practice: Practice, phone: Tablet, service: PushService) -> None:
    browser = service.browser()
    form = form_to(phone.get("/today").text, "/push/on")
    for _ in range(2):
        answer = phone.post(form.action, form.filled(**browser.form))
        assert (answer.status_code, answer.headers["location"]) == (303, "/today")
    assert len(practice.entries(ON)) == 1
    assert subscriptions(practice) == [(phone.device_id, practice.staff["maria"])]
    row = practice.row("push_device", f"{phone.device_id}/{practice.staff['maria']}")
    assert set(row) == {"staff_id", "device_id", "since"}, "where to is nobody's business"
    assert practice.sheets_with("push_device", f"{phone.device_id}/{practice.staff['maria']}") == {
        f"attention/{practice.staff['maria']}"
    }
    form = form_to(phone.get("/today").text, "/push/off")
    assert phone.post(form.action, form.filled()).status_code == 303
    assert subscriptions(practice) == []
    assert practice.act("maria", OFF, {}).outcome == "noop"


def test_the_phone_hands_it_in_itself_also_twice(practice: Practice, phone: Tablet, service: PushService) -> None:
    sent = phone.command(ON, service.browser().form)
    phone.sync([sent])
    phone.sync([sent])
    assert phone.receipt(sent)["outcome"] == "applied"
    assert phone.row("push_device", f"{phone.device_id}/{phone.actor}") is not None
    off = phone.command(OFF, {})
    phone.sync([off])
    assert phone.receipt(off)["outcome"] == "applied"
    assert phone.row("push_device", f"{phone.device_id}/{phone.actor}") is None


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x", "https://push.example.com/x", "https://fcm.googleapis.com.example.com/x",
        "https://fcm.googleapis.com:8443/x", "https://me@fcm.googleapis.com/x", "https://127.0.0.1/x",
        "https://push.apple.com/x", "https://evil.com\\.push.apple.com/x", "https://[::1/x", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_only_a_push_service_that_is_known_is_ever_written_to(
    practice: Practice, phone: Tablet, service: PushService, endpoint: str
) -> None:
    sent = phone.command(ON, {**service.browser().form, "endpoint": endpoint})
    phone.sync([sent])
    told = phone.receipt(sent)
    assert (told["outcome"], told["code"]) == ("refused", "unknown_service")
    assert subscriptions(practice) == []


@pytest.mark.parametrize("host", ["fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com",
                                  "api.push.apple.com", "wns2-par02p.notify.windows.com"])  # fmt: skip
def test_the_services_of_the_browsers_are_known(host: str) -> None:
    assert is_known(f"https://{host}/some/where")


@pytest.mark.parametrize("wrong", [{"p256dh": "AAAA"}, {"auth": "not base64!"}])
def test_a_key_that_seals_nothing_is_refused(
    practice: Practice, phone: Tablet, service: PushService, wrong: dict[str, str]
) -> None:
    sent = phone.command(ON, {**service.browser().form, **wrong})
    phone.sync([sent])
    assert phone.receipt(sent)["code"] == "no_key"


def test_a_browser_that_is_no_device_is_told_nothing_and_offered_nothing(
    practice: Practice, service: PushService
) -> None:
    receipt = practice.act("maria", ON, service.browser().form)
    assert (receipt.outcome, receipt.say) == ("refused", "Enrol this device first, then it can tell you.")
    assert "Tell me on this device" not in text_of(practice.browser("maria").get("/today").text)


def test_a_browser_tells_only_who_turned_it_on_last(practice: Practice, phone: Tablet, service: PushService) -> None:
    browser = service.browser()
    phone.sync([phone.command(ON, browser.form)])
    phone.sign_in("olga")
    phone.unlock()
    phone.sync([phone.command(ON, browser.form)])
    assert subscriptions(practice) == [(phone.device_id, practice.staff["olga"])]
    assert practice.row("push_device", f"{phone.device_id}/{practice.staff['maria']}") is None


@pytest.mark.parametrize("what", ["devices.retire", "devices.mark_lost", "staff.end_membership", "no manager"])
def test_who_and_what_the_office_no_longer_trusts_is_told_nothing(
    practice: Practice, phone: Tablet, service: PushService, what: str
) -> None:
    browser = service.browser()
    phone.sync([phone.command(ON, browser.form)])
    if what == "no manager":
        who = {"staff_id": practice.staff["maria"], "name": "Maria Lindqvist", "username": "maria"}
        practice.act("olga", "staff.add_member", {**who, "roles": ["clinical"], "site_id": "main"})
    elif what.startswith("devices."):
        practice.act("olga", what, {"device_id": phone.device_id})
    else:
        practice.act("olga", what, {"staff_id": practice.staff["maria"]})
    asked(practice)
    practice.later()
    assert service.taken == []
    assert subscriptions(practice) == []
    assert [entry.outcome for entry in practice.entries(END)] == ["applied"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(
    practice: Practice, phone: Tablet, service: PushService, status: int
) -> None:
    browser = service.browser()
    phone.sync([phone.command(ON, browser.form)])
    service.answers[browser.path] = status
    asked(practice)
    practice.later()
    practice.later()
    assert len(browser.bodies) == 1
    assert subscriptions(practice) == []
    phone.sync()
    assert phone.row("push_device", f"{phone.device_id}/{phone.actor}") is None


def test_only_the_office_itself_ends_it(practice: Practice, phone: Tablet, service: PushService) -> None:
    given = {"device_id": phone.device_id, "staff_id": practice.staff["maria"], "why": "Because"}
    assert practice.act("olga", END, given).code == "not_allowed"
    kind = practice.office.performer.kinds[END, 1]
    assert practice.giver().give(kind, **given).outcome == "noop"
