"""A device locks when nobody is at it, opens to who is back, and shows no patient in between, office or not."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import CDPSession, expect

from tests.browser.tablet import Tablet, until
from tests.browser.test_killed import stop_workers
from tests.browser.test_signing_out import lock as close_all
from tests.browser.test_signing_out import nothing_is_told, staff_id

ANAS, BENS = "482916", "730158"
PASSPHRASE = "slow rivers carry warm stones"


def set_pin(tablet: Tablet, pin: str) -> None:
    tablet.open("/device")
    tablet.page.get_by_text("Set a PIN", exact=True).click()
    tablet.type("New PIN", pin)
    tablet.type("New PIN again", pin)
    tablet.tap("Keep this PIN")
    expect(tablet.page.get_by_text("Change the PIN", exact=True)).to_be_visible()
    tablet.open()


def lock(tablet: Tablet) -> None:
    tablet.tap("Lock")
    expect(tablet.page.get_by_role("heading", name="This device is locked")).to_be_visible()


def enter_pin(tablet: Tablet, who: str, pin: str) -> None:
    """As a person does: their name, six digits; the last one opens it."""
    tablet.page.locator("label", has_text=who).first.click()
    tablet.page.get_by_label(f"PIN of {who}", exact=True).press_sequentially(pin)


def test_a_pin_opens_the_locked_tablet_without_the_office_and_says_who_acts(office, tablet):
    set_pin(tablet, ANAS)
    tablet.sign_in("ben")
    set_pin(tablet, BENS)
    office.stop()
    lock(tablet)
    assert "Castellanos" not in tablet.page.content()

    began = time.monotonic()
    enter_pin(tablet, "Ana Garrido", ANAS)
    tablet.shows("Alma Castellanos", "booked")
    assert time.monotonic() - began < 30
    tablet.tap("Arrive Alma Castellanos")
    lock(tablet)
    enter_pin(tablet, "Ben Ito", BENS)
    tablet.tap("Arrive Bruno O’Hara")
    office.start()

    tablet.pill_says(online=True, waiting=0)
    [first], [second] = office.events("Castellanos"), office.events("O’Hara")
    assert first.actor_id == staff_id(office, "Ana Garrido")
    assert second.actor_id == staff_id(office, "Ben Ito")


def test_five_wrong_pins_need_a_full_unlock_and_a_reload_gives_none_back(office, tablet):
    set_pin(tablet, ANAS)
    lock(tablet)
    for left in (4, 3):
        enter_pin(tablet, "Ana Garrido", "111222")
        expect(tablet.page.locator("#lock-says")).to_contain_text(str(left))
    tablet.page.reload()
    enter_pin(tablet, "Ana Garrido", "111222")
    expect(tablet.page.locator("#lock-says")).to_contain_text("2")
    stop_workers(tablet)
    tablet.page.reload()
    enter_pin(tablet, "Ana Garrido", "111222")
    expect(tablet.page.locator("#lock-says")).to_contain_text("1")
    enter_pin(tablet, "Ana Garrido", "111222")

    expect(tablet.page.get_by_label("PIN of Ana Garrido")).to_have_count(0)
    nothing_is_told(tablet, "/checkin")
    tablet.sign_in()
    tablet.shows("Alma Castellanos", "booked")


def test_a_tablet_that_nobody_touches_locks_by_itself_and_its_pages_with_it(office, tablet):
    set_pin(tablet, ANAS)
    tablet.tap("Arrive Alma Castellanos")
    tablet.pill_says(waiting=0)
    change_record(tablet, "rules.idle_seconds", "3")
    stop_workers(tablet)
    expect(tablet.page.get_by_role("heading", name="This device is locked")).to_be_visible(timeout=40_000)
    for path in ("/checkin", "/attention", "/device", "/devices", "/devices/enrol"):
        nothing_is_told(tablet, path)
    # Also past the worker, as a person with the browser's own tools could ask.
    assert tablet.context.request.get(f"{office.url}/checkin", max_redirects=0).status == 401
    change_record(tablet, "rules.idle_seconds", "120")
    tablet.open()
    stop_workers(tablet)
    enter_pin(tablet, "Ana Garrido", ANAS)
    tablet.shows("Alma Castellanos", "arrived")
    until(
        lambda: tablet.context.request.get(f"{office.url}/checkin", max_redirects=0).status == 200,
        "the session goes on",
    )


def change_record(tablet: Tablet, name: str, value: str) -> None:
    tablet.page.evaluate(
        f"""new Promise((done, failed) => {{
            const opening = indexedDB.open("daysheet");
            opening.onerror = () => failed(opening.error);
            opening.onsuccess = () => {{
                const tx = opening.result.transaction("meta", "readwrite");
                const meta = tx.objectStore("meta");
                meta.get("device").onsuccess = (event) => {{
                    const record = event.target.result;
                    record.{name} = {value};
                    meta.put(record, "device");
                }};
                tx.oncomplete = () => {{ opening.result.close(); done(); }};
            }};
        }})"""
    )


def test_a_passphrase_opens_the_device_after_the_browser_was_closed_without_the_office(office, tablet):
    tablet.set_passphrase(PASSPHRASE)
    tablet.open()
    office.stop()
    close_all(tablet)
    nothing_is_told(tablet, "/checkin")

    tablet.type("Passphrase of Ana Garrido", "another one altogether")
    tablet.tap("Open with the passphrase")
    expect(tablet.page.locator("#lock-says")).to_have_text("That did not open it. Try again.")
    tablet.type("Passphrase of Ana Garrido", PASSPHRASE)
    tablet.tap("Open with the passphrase")
    tablet.shows("Alma Castellanos", "booked")
    tablet.tap("Arrive Alma Castellanos")
    office.start()
    tablet.pill_says(online=True, waiting=0)
    assert len(office.events("Castellanos")) == 1


@pytest.fixture
def authenticator(tablet: Tablet) -> Iterator[CDPSession]:
    """A platform authenticator with PRF, as a modern tablet has."""
    devtools = tablet.context.new_cdp_session(tablet.page)
    devtools.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "hasPrf": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield devtools
    devtools.detach()


def make_passkey(tablet: Tablet) -> None:
    """As the page of the account does."""
    tablet.page.evaluate(
        """(async () => {
            const random = (size) => crypto.getRandomValues(new Uint8Array(size));
            await navigator.credentials.create({ publicKey: {
                challenge: random(32), rp: { name: "Daysheet" },
                user: { id: random(16), name: "ana", displayName: "Ana" },
                pubKeyCredParams: [-7, -257].map((alg) => ({ type: "public-key", alg })), extensions: { prf: {} },
                authenticatorSelection: { residentKey: "required", userVerification: "required" },
            } });
        })()"""
    )


def test_a_passkey_opens_the_device_without_the_office(office, tablet, authenticator):
    make_passkey(tablet)
    tablet.open("/device")
    tablet.tap("Use my passkey here")
    until(lambda: tablet.page.locator("#ways").get_by_text("Set", exact=True).count() == 1, "the passkey is kept")
    set_pin(tablet, ANAS)
    office.stop()
    lock(tablet)
    for left in (4, 3, 2, 1):
        enter_pin(tablet, "Ana Garrido", "111222")
        expect(tablet.page.locator("#lock-says")).to_contain_text(str(left))
    enter_pin(tablet, "Ana Garrido", "111222")
    expect(tablet.page.get_by_label("PIN of Ana Garrido")).to_have_count(0)

    tablet.tap("Open with a passkey")
    tablet.shows("Alma Castellanos", "booked")


def test_a_locked_tablet_hands_in_what_was_done_before(office, tablet):
    set_pin(tablet, ANAS)
    office.stop()
    tablet.tap("Arrive Alma Castellanos")
    tablet.shows("Alma Castellanos", "arrived", unsent=True)
    lock(tablet)
    office.start()
    until(lambda: len(office.events("Castellanos")) == 1, "the arrival is at the office")
    nothing_is_told(tablet, "/checkin")

    enter_pin(tablet, "Ana Garrido", ANAS)
    tablet.pill_says(online=True, waiting=0)
    assert len(office.events("Castellanos")) == 1


def test_a_device_alone_for_too_long_hides_patients_still_records_and_still_hands_in(office, tablet):
    set_pin(tablet, ANAS)
    office.stop()
    change_record(tablet, "contact_at", "record.contact_at - 121 * 3600000")
    change_record(tablet, "latest_at", "null")
    stop_workers(tablet)
    tablet.open()
    assert "Castellanos" not in tablet.page.content()
    tablet.open("/device")
    expect(tablet.page.get_by_text("This device has been too long without the office")).to_be_visible()
    tablet.open()
    tablet.follow("Walk-in")
    tablet.find("cas")
    expect(tablet.page.get_by_text("Nobody found")).to_be_visible()
    tablet.type("Last name", "Newcomer")
    tablet.type("First name", "Noa")
    tablet.page.locator("#new-patient").get_by_label("Birth date").fill("5/17/1990")
    tablet.page.get_by_text("Female", exact=True).click()
    tablet.tap("Register and record arrival")
    tablet.pill_says(online=False, waiting=1)
    assert "Newcomer" not in tablet.page.content()

    office.start()
    tablet.pill_says(online=True, waiting=0)
    assert len(office.people("Newcomer")) == 1
    tablet.open()
    tablet.shows("Alma Castellanos", "booked")


def test_unsent_work_goes_by_a_file_that_only_the_office_opens(office, tablet):
    office.stop()
    tablet.tap("Arrive Alma Castellanos")
    tablet.shows("Alma Castellanos", "arrived", unsent=True)
    tablet.open("/device")
    with tablet.page.expect_download() as downloading:
        tablet.tap("Save unsent work")
    kept = json.loads(downloading.value.path().read_text())
    assert [entry["n"] for entry in kept["commands"]] == [1]
    assert "Castellanos" not in json.dumps(kept)
