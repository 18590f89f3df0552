"""Maria's phone: what needs her now, without a network too; she passes it on, and may be told when something waits."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.office import OfficeServer, giving, hire
from tests.browser.tablet import PHONE, Tablet, until
from tests.browser.test_accessibility import Looking

NewTablet = Callable[..., Tablet]
# What the browser is asked to put on the icon, which no test can see.
ICON = """
window.icon = [];
navigator.setAppBadge = async (number) => { window.icon.push(number); };
navigator.clearAppBadge = async () => { window.icon.push(0); };
"""


@pytest.fixture
def olga(new_tablet: NewTablet, office: OfficeServer) -> Tablet:
    """A manager like Marco, at a browser of the office; both have just joined."""
    with giving(office.folder) as giver:
        hire(giver, "olga", "Olga Brandt", ["manager"])
        hire(giver, "marco", "Marco Silva", ["manager"])
    olga = new_tablet()
    olga.sign_in("olga")
    return olga


def ask_for_another_rule(olga: Tablet) -> None:
    """One of the others must decide it."""
    olga.open("/approvals/rules")
    olga.page.get_by_label("Lapses after hours").first.fill("24")
    olga.page.get_by_role("button", name=re.compile("^Ask for this change")).first.click()
    olga.page.wait_for_url("**/approvals/rules")


@pytest.fixture
def phone(new_tablet: NewTablet, office: OfficeServer) -> Tablet:
    """Maria's own, enrolled as such, with its copy."""
    phone = new_tablet(viewport=PHONE)
    phone.context.add_init_script(ICON)
    phone.enrol("Maria’s phone", "maria", "manager_phone")
    assert phone.page.url.endswith("/today")
    return phone


def icon(phone: Tablet) -> int:
    return (phone.page.evaluate("window.icon") or [0])[-1]


def test_what_needs_her_is_there_without_a_network_and_she_passes_it_on(
    phone: Tablet, olga: Tablet, office: OfficeServer
) -> None:
    phone.open("/today")
    expect(phone.page.get_by_role("heading", name="Nothing needs you now")).to_be_visible()
    ask_for_another_rule(olga)
    expect(phone.page.locator("#needs [data-row^='approval:']")).to_have_count(1)
    until(lambda: icon(phone) == 1, "the icon counts it")

    office.stop()
    assert phone.open("/").from_service_worker
    assert phone.page.url.endswith("/today")
    phone.pill_says(online=False)
    expect(phone.page.locator("#push [data-push]")).to_be_hidden()
    phone.page.locator("#needs [data-row^='approval:'] a").click()
    phone.page.get_by_text("Pass on", exact=False).first.click()
    choice = phone.page.get_by_label("To whom")
    assert choice.locator("option").all_inner_texts() == ["Marco Silva"], "Olga asked for it"
    choice.select_option(label="Marco Silva")
    phone.page.get_by_role("button", name=re.compile("^Pass on")).click()
    phone.page.wait_for_url("**/approvals")
    row = phone.page.locator("[data-row^='approval:']")
    expect(row.get_by_text("Passed to Marco Silva")).to_be_visible()
    expect(row).to_have_attribute("data-unsent", "")

    office.start()
    phone.pill_says(online=True, waiting=0)
    expect(row).not_to_have_attribute("data-unsent", "")
    assert [entry.outcome for entry in office.entries("approvals.pass_on")] == ["applied"]
    phone.open("/today")
    until(lambda: icon(phone) == 1, "she may still decide it")
    phone.tap("Sign out")
    until(lambda: icon(phone) == 0, "who comes next sees nothing of it on the icon")


def test_the_phone_offers_to_tell_her_and_says_how_when_the_browser_does_not_let_it(phone: Tablet) -> None:
    phone.open("/today")
    expect(phone.page.get_by_role("heading", name="Told on this device")).to_be_visible()
    told_how = phone.page.get_by_text("This browser does not let Daysheet tell you anything")
    button = phone.page.get_by_role("button", name="Tell me on this device")
    # Without a window nobody can be asked, so this browser says no by itself, at once or when it is asked.
    if button.is_visible():
        phone.tap("Tell me on this device")
    expect(told_how).to_be_visible()
    expect(button).to_be_hidden()
    phone.page.get_by_text("Quiet hours").click()
    phone.page.get_by_label("Quiet from").select_option("21")
    phone.tap("Keep these hours")
    phone.page.wait_for_url("**/today")

    def kept() -> bool:
        return bool(phone.office.entries("today.set_quiet_hours"))

    until(kept, "the office has the hours")


def test_a_push_is_one_notification_that_says_how_much_waits(phone: Tablet, office: OfficeServer) -> None:
    phone.context.grant_permissions(["notifications"], origin=office.url)
    phone.open("/today")
    browser = phone.context.new_cdp_session(phone.page)
    registrations: list[str] = []
    browser.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: registrations.extend(one["registrationId"] for one in told["registrations"]),
    )
    browser.send("ServiceWorker.enable")
    # What the browser says is heard only while it is asked something.
    until(lambda: bool(phone.page.evaluate("1") and registrations), "the browser names the worker")
    for waiting in (1, 3):
        message = {"origin": office.url, "registrationId": registrations[-1], "data": f'{{"waiting": {waiting}}}'}
        browser.send("ServiceWorker.deliverPushMessage", message)

    def shown() -> list[list[str]]:
        asked = "navigator.serviceWorker.ready.then((at) => at.getNotifications())"
        return phone.page.evaluate(f"{asked}.then((all) => all.map((one) => [one.title, one.body, one.tag]))")

    until(lambda: shown() == [["Daysheet", "3 things wait for you.", "today"]], "the later one takes its place")


def test_axe_finds_nothing_on_it_with_all_that_may_be_opened(phone: Tablet, olga: Tablet) -> None:
    looking = Looking(phone)
    ask_for_another_rule(olga)
    phone.open("/today")
    expect(phone.page.get_by_role("heading", name="Told on this device")).to_be_visible()
    phone.page.get_by_text("Quiet hours").click()
    looking.look("today")
    phone.open("/approvals")
    phone.page.locator("summary", has_text="Pass on").click()
    looking.look("passing on")
    assert looking.breaches == []
