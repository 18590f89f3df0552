"""A manager's phone shows a code, a new tablet is enrolled by it, and the phone retires and loses it again."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from backend.database import Database
from backend.devices.models import Invitation
from backend.settings import Settings
from tests.browser.office import OfficeServer
from tests.browser.tablet import PHONE, Tablet

NewTablet = Callable[..., Tablet]


@pytest.fixture
def phone(new_tablet: NewTablet) -> Tablet:
    """Maria's phone, signed in."""
    phone = new_tablet(viewport=PHONE)
    phone.sign_in("maria")
    return phone


def show_a_code(phone: Tablet, name: str = "Tablet 7") -> str:
    """The code in groups, as a person reads it from the phone."""
    phone.open("/devices/enrol")
    phone.type("Name of the device", name)
    phone.type("Where it is kept (optional)", "Window")
    phone.tap("Show a code for another device")
    expect(phone.page.get_by_role("img", name="Code to scan with the new device")).to_be_visible()
    expect(phone.page.get_by_text("Waiting for the new device")).to_be_visible()
    return phone.page.locator("#code").inner_text()


def finds(tablet: Tablet, feature: str, result: str) -> None:
    expect(tablet.page.locator(f"[data-feature='{feature}']")).to_have_attribute("data-result", result)


def test_the_link_of_the_picture_enrols_and_the_phone_sees_it(new_tablet: NewTablet, phone: Tablet) -> None:
    code = show_a_code(phone)
    tablet = new_tablet()
    tablet.open("/enrol#" + code.replace(" ", ""))

    expect(tablet.page.get_by_text("Maria Lindqvist")).to_be_visible()
    assert tablet.page.url.endswith("/enrol/look")
    assert code.replace(" ", "") not in tablet.page.url
    for feature in ("database", "crypto", "worker"):
        finds(tablet, feature, "yes")
    # This browser does not promise to keep anything.
    finds(tablet, "storage", "no")
    expect(tablet.page.locator("[data-not-durable]")).to_be_visible()
    expect(tablet.page.locator("[data-feature='passkey']").get_by_text("Not tested")).to_be_visible()
    tablet.tap("Enrol as Tablet 7")

    expect(tablet.page.get_by_role("heading", name="This device is enrolled")).to_be_visible()
    expect(tablet.page.get_by_text("The storage of this browser is not durable")).to_be_visible()
    expect(phone.page.get_by_role("heading", name="Tablet 7 is enrolled")).to_be_visible()
    tablet.follow("Sign in")
    tablet.type("User name", "ana")
    tablet.type("Password", "a quiet morning")
    tablet.tap("Sign in")
    tablet.wait_for_a_copy()
    phone.follow("See Tablet 7")
    expect(phone.page.get_by_text("Storage that lasts: no")).to_be_visible()
    expect(phone.page.get_by_text("Ana Garrido since")).to_be_visible()


def test_typed_in_with_the_lock_tested_by_a_real_ceremony(new_tablet: NewTablet, phone: Tablet) -> None:
    code = show_a_code(phone)
    tablet = new_tablet()
    speak = tablet.context.new_cdp_session(tablet.page)
    speak.send("WebAuthn.enable")
    lock = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    lock |= {"isUserVerified": True, "hasPrf": True}
    speak.send("WebAuthn.addVirtualAuthenticator", {"options": lock})
    profile = speak.send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
    lasting = {"permissions": ["durableStorage"], "origin": tablet.office.url, "browserContextId": profile}
    speak.send("Browser.grantPermissions", lasting)
    tablet.open("/enrol")
    tablet.type("Code", code.lower().replace(" ", "-"))
    tablet.tap("Go on")
    finds(tablet, "storage", "yes")
    expect(tablet.page.locator("[data-not-durable]")).to_be_hidden()
    tablet.tap("Test the lock of this device")
    finds(tablet, "passkey", "yes")
    tablet.tap("Test the camera")
    expect(tablet.page.get_by_text("None, or not allowed")).to_be_visible()
    tablet.tap("Enrol as Tablet 7")

    expect(tablet.page.get_by_role("heading", name="This device is enrolled")).to_be_visible()
    expect(tablet.page.get_by_text("not durable")).to_have_count(0)
    phone.follow("See Tablet 7")
    expect(phone.page.get_by_text("Lock of the device opens it", exact=True)).to_be_visible()
    expect(phone.page.get_by_text("Camera: no")).to_be_visible()


def test_a_lock_that_gives_no_secret_is_found_out(new_tablet: NewTablet, phone: Tablet) -> None:
    code = show_a_code(phone)
    tablet = new_tablet()
    speak = tablet.context.new_cdp_session(tablet.page)
    speak.send("WebAuthn.enable")
    lock = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    speak.send("WebAuthn.addVirtualAuthenticator", {"options": {**lock, "hasPrf": False}})
    tablet.open("/enrol#" + code.replace(" ", ""))
    tablet.tap("Test the lock of this device")
    finds(tablet, "passkey", "no")
    expect(tablet.page.get_by_text("No: a passphrase will open it")).to_be_visible()


def test_a_used_and_an_expired_code_get_a_sentence(office: OfficeServer, new_tablet: NewTablet, phone: Tablet) -> None:
    used = show_a_code(phone)
    first = new_tablet()
    first.open("/enrol#" + used.replace(" ", ""))
    first.tap("Enrol as Tablet 7")
    expect(first.page.get_by_role("heading", name="This device is enrolled")).to_be_visible()
    second = new_tablet()
    second.open("/enrol#" + used.replace(" ", ""))
    expect(second.page.get_by_role("alert")).to_contain_text("This code was used already")

    expired = show_a_code(phone, "Tablet 8")
    database = Database(Settings(data=office.folder).database_url)
    with database.write() as session:
        long_ago = datetime(2026, 1, 1, tzinfo=UTC)
        session.execute(update(Invitation).where(Invitation.name == "Tablet 8").values(until=long_ago))
    database.close()
    second.open("/enrol")
    second.type("Code", expired)
    second.tap("Go on")
    expect(second.page.get_by_role("alert")).to_contain_text("This code has expired")
    expect(phone.page.get_by_role("heading", name="The code has expired")).to_be_visible()


def test_retired_and_lost_from_the_phone_also_without_the_office(
    office: OfficeServer, new_tablet: NewTablet, phone: Tablet
) -> None:
    other = new_tablet()
    other.enrol("Tablet 3")
    # In a drawer, as what is lost or retired mostly is: it would wipe itself at once.
    other.context.set_offline(True)
    phone.open("/devices/enrol")
    phone.type("Name of the device", "Maria’s phone")
    phone.page.locator("label[for=field-purpose-manager_phone]").click()
    phone.tap("Enrol this device")
    phone.sign_in("maria")
    phone.wait_for_a_copy()
    phone.open("/devices")
    row = phone.page.locator("li[data-row^='device:']", has=phone.page.get_by_role("heading", name="Tablet 3"))
    expect(row).to_have_attribute("data-status", "enrolled")
    expect(row.get_by_text("Last contact")).to_be_visible()

    office.stop()
    phone.follow("Tablet 3")
    phone.tap("Retire Tablet 3")
    expect(row).to_have_attribute("data-status", "retired")
    expect(row.get_by_text("Not sent yet")).to_be_visible()
    office.start()
    expect(row).not_to_have_attribute("data-unsent", "", timeout=30_000)
    phone.follow("Tablet 3")
    phone.tap("Mark as lost: Tablet 3")
    expect(row).to_have_attribute("data-status", "lost")
    expect(row.get_by_text("Lost, not wiped yet")).to_be_visible()
    phone.follow("Tablet 3")
    phone.tap("Bring back Tablet 3")
    expect(row).to_have_attribute("data-status", "enrolled")
