"""An account in a real browser: a passkey, an app, recovery codes, and how the screens stand up to axe."""

import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import expect

from backend.staff.factor_tables import Passkey
from tests.browser.tablet import Tablet
from tests.browser.test_accessibility import Looking
from tests.tablets import PASSWORD

KEY = {
    "protocol": "ctap2",
    "ctap2Version": "ctap2_1",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "hasPrf": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def looking(new_tablet) -> Iterator[Looking]:
    looking = Looking(new_tablet())
    yield looking
    assert not looking.breaches, "\n".join(looking.breaches)


def give_key(tablet: Tablet) -> None:
    """From now on this browser has an authenticator whose person is always there."""
    session = tablet.context.new_cdp_session(tablet.page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})


def add_passkey(tablet: Tablet, name: str) -> None:
    tablet.type("Name of the new passkey", name)
    tablet.tap("Add a passkey")
    expect(tablet.page.get_by_role("heading", name=name)).to_be_visible()


def test_a_passkey_is_added_and_signs_in_alone(office, new_tablet):
    tablet = new_tablet()
    give_key(tablet)
    tablet.sign_in("ana")
    tablet.open()
    tablet.follow("My account")
    tablet.page.evaluate(
        """document.addEventListener("passkey-added", ({ detail }) => {
            const told = `${detail.credentialId.byteLength} ${detail.prf?.byteLength ?? "none"}`;
            sessionStorage.setItem("told", told);
        })"""
    )
    add_passkey(tablet, "Tablet 1’s finger")
    assert re.fullmatch(r"\d+ (32|none)", tablet.page.evaluate("sessionStorage.getItem('told')"))
    tablet.tap("Ana Garrido · Sign out")
    expect(tablet.page.get_by_role("heading", name="Sign in")).to_be_visible()
    tablet.tap("Sign in with a passkey")
    tablet.page.wait_for_url("**/checkin")
    tablet.open("/account")
    expect(tablet.page.get_by_text("This one")).to_be_visible()
    expect(tablet.page.get_by_text("Last used").first).to_be_visible()
    with office.read() as session:
        assert session.query(Passkey).one().sign_count > 0
    tablet.tap("Remove Tablet 1’s finger")
    expect(tablet.page.get_by_role("heading", name="Tablet 1’s finger")).to_have_count(0)


def test_a_code_from_an_app_is_the_second_step_and_the_screens_are_for_everybody(looking):
    tablet = looking.tablet
    tablet.sign_in("maria")
    tablet.open("/account")
    looking.look("the account")
    tablet.type("New password", "password1234")
    tablet.type("The new password again", "password1234")
    tablet.tap("Change the password")
    expect(tablet.page.get_by_text("That would soon be guessed")).to_be_visible()
    looking.look("a weak password")
    tablet.tap("Set up an app")
    expect(tablet.page.get_by_alt_text("The square to scan")).to_be_visible()
    tablet.page.get_by_text("Or type this key into the app").click()
    app = pyotp.TOTP(tablet.page.locator(".code-line").inner_text().replace(" ", ""))
    looking.look("the square to scan")
    tablet.type("The code that the app shows now", "000000")
    tablet.tap("Confirm")
    expect(tablet.page.get_by_text("Scan the square again")).to_be_visible()
    looking.look("the square with a wrong code")
    tablet.type("The code that the app shows now", app.now())
    tablet.tap("Confirm")
    expect(tablet.page.get_by_text("After your password, a code from your app")).to_be_visible()
    tablet.tap("Make ten new codes")
    listed = tablet.page.locator(".code-list li")
    expect(listed).to_have_count(10)
    codes = listed.all_inner_texts()
    looking.look("recovery codes")
    tablet.open("/signin")
    tablet.type("User name", "maria")
    tablet.type("Password", PASSWORD)
    tablet.tap("Sign in")
    expect(tablet.page.get_by_role("heading", name="One more step")).to_be_visible()
    looking.look("the second step")
    tablet.type("Code from your app, or a recovery code", "123")
    tablet.tap("Go on")
    expect(tablet.page.get_by_text("That code is not right.")).to_be_visible()
    looking.look("the second step with a wrong code")
    tablet.type("Code from your app, or a recovery code", codes[0])
    tablet.tap("Go on")
    expect(tablet.page.get_by_text("9 recovery codes are left.")).to_be_visible()
    looking.look("how many codes are left")


def test_the_staff_is_seen_to_on_screens_for_everybody(looking):
    tablet = looking.tablet
    tablet.sign_in("maria")
    tablet.open("/account")
    tablet.follow("Who works here")
    looking.look("the staff")
    tablet.tap("Add to the staff")
    expect(tablet.page.get_by_text("Please fill in the name.")).to_be_visible()
    looking.look("somebody new with complaints")
    tablet.follow("Ben Ito")
    looking.look("a colleague")
    tablet.tap("Remove from the staff")
    expect(tablet.page.get_by_role("button", name="Bring back")).to_be_visible()
    looking.look("a colleague who left")


def test_without_scripts_an_account_works_by_plain_forms(new_tablet):
    plain = new_tablet(java_script_enabled=False)
    plain.sign_in("ana")
    plain.open("/account")
    expect(plain.page.get_by_role("button", name="Add a passkey")).to_be_hidden()
    plain.type("New password", "seven grey herons")
    plain.type("The new password again", "seven grey herons")
    plain.tap("Change the password")
    expect(plain.page.get_by_role("heading", name="Where you are signed in")).to_be_visible()
    plain.tap("Ana Garrido · Sign out")
    plain.type("User name", "ana")
    plain.type("Password", "seven grey herons")
    plain.tap("Sign in")
    plain.page.wait_for_url("**/checkin")
