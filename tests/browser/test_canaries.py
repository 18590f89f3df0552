"""A whole day with marked names and secrets leaves none of them in the browser's profile."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from backend.devices.models import Wipe
from tests.browser.chrome import Chrome
from tests.browser.office import OfficeServer, run, zone_in_the_day
from tests.browser.profile import Wanted, hits
from tests.browser.records import SYSTEM, appointment
from tests.browser.secrets_of import keys_of
from tests.browser.tablet import Tablet, until
from tests.browser.test_account import KEY
from tests.browser.test_locking import PASSPHRASE, enter_pin, lock, make_passkey, set_pin
from tests.browser.test_signing_out import nothing_is_told
from tests.tablets import PASSWORD

PIN = "739184"
NAME = "Tablet Quorndale"
KNOWN = {
    "resourceType": "Patient",
    "id": "quillonda",
    "active": True,
    "identifier": [{"system": f"{SYSTEM}/mrn", "value": "MQ-7391846"}],
    "name": [{"use": "official", "family": "Xandervoss", "given": ["Quillonda"]}],
    "birthDate": "1931-07-23",
    "gender": "female",
    "telecom": [{"system": "phone", "value": "(555) 739-1846", "use": "mobile"}],
    "address": [{"line": ["8417 Quarrelwood Ln"], "city": "Vexbridge", "state": "NY", "postalCode": "12545"}],
}
TYPED = [("Wuzzlethorpe", "Ondrabelle", "11/29/1947"), ("Zephyrbaum", "Yolquinta", "2/14/1953")]
PATIENTS = [
    "Xandervoss", "Quillonda", "7/23/1931", "1931-07-23", "MQ-7391846", "739-1846", "5557391846", "Quarrelwood",
    "Vexbridge", "xanderv", "quillon", "wuzzlet", "zephyrb", "Castellanos", "O’Hara", "5550100101", "555-010-0101",
    "1957-04-12", "Sørensen", "Yılmaz", "Alder St", "Wuzzlethorpe", "Ondrabelle", "11/29/1947", "1947-11-29",
    "Zephyrbaum", "Yolquinta", "2/14/1953", "1953-02-14",
]  # fmt: skip
SECRETS = [PIN, PASSPHRASE, PASSWORD]
RAIL = ("/checkin", "/attention", "/device", "/devices", "/account")


@pytest.fixture
def marked(office: OfficeServer, tmp_path: Path) -> OfficeServer:
    """The office with one more patient, whom nothing else on this machine is called like."""
    office.stop()
    now = datetime.now(UTC)
    noon = now.astimezone(ZoneInfo(zone_in_the_day(now))).replace(hour=12, minute=0, second=0, microsecond=0)
    file = tmp_path / "marked.ndjson"
    file.write_text("\n".join(json.dumps(one) for one in (KNOWN, appointment("quillonda", noon))) + "\n")
    run("import", "fhir", str(file), folder=office.folder)
    office.start()
    return office


def walk_in(tablet: Tablet, family: str, given: str, born: str) -> None:
    tablet.open()
    tablet.follow("Walk-in")
    tablet.find(family[:7].lower())
    expect(tablet.page.get_by_text("Nobody found")).to_be_visible()
    tablet.type("Last name", family)
    tablet.type("First name", given)
    tablet.page.locator("#new-patient").get_by_label("Birth date").fill(born)
    tablet.page.get_by_text("Female", exact=True).click()
    tablet.tap("Register and record arrival")
    tablet.shows(f"{given} {family}", "arrived")


def set_ways(tablet: Tablet) -> None:
    """A PIN, a passphrase and a passkey of Ana's."""
    set_pin(tablet, PIN)
    tablet.set_passphrase(PASSPHRASE)
    devtools = tablet.context.new_cdp_session(tablet.page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    make_passkey(tablet)
    tablet.tap("Use my passkey here")
    until(lambda: tablet.page.locator("#ways").get_by_text("Set", exact=True).count() == 3, "three ways are kept")


def look_around(tablet: Tablet) -> None:
    """Search by typing, open a visit, every page of the rail, back and forward."""
    tablet.open()
    for fragment in ("xanderv", "quillon", "7/23/1931", "7391846", "5557391846"):
        tablet.find(fragment)
        expect(tablet.row("Quillonda Xandervoss")).to_be_visible()
    tablet.follow("Quillonda Xandervoss")
    expect(tablet.page.get_by_role("heading", name="Quillonda Xandervoss").first).to_be_visible()
    for path in RAIL:
        tablet.open(path)
    # Not by Playwright's own ways back: a page that comes out of the cache may load itself anew, which they take ill.
    for steps, path in ((-1, RAIL[-2]), (1, RAIL[-1])):
        tablet.page.evaluate(f"() => {{ setTimeout(() => history.go({steps})); }}")
        tablet.page.wait_for_url(f"**{path}")
        expect(tablet.page.get_by_role("heading", level=1)).to_be_visible()
    tablet.open()


def without_the_office(office: OfficeServer, tablet: Tablet, away: Path) -> None:
    """A new patient, and the work taken away as a file."""
    office.stop()
    walk_in(tablet, *TYPED[1])
    # What was typed and never sent must not come back with the session either.
    tablet.follow("Walk-in")
    tablet.type("Last name", "Zephyrbaum")
    tablet.open("/device")
    with tablet.page.expect_download() as downloading:
        tablet.tap("Save unsent work")
    downloading.value.save_as(away)
    tablet.open()


def test_a_whole_day_leaves_no_patient_and_no_key_on_the_disk(
    marked: OfficeServer, chrome: Chrome, tmp_path: Path
) -> None:
    complaints: list[str] = []
    tablet = Tablet(chrome.start(), marked, complaints)
    tablet.enrol(NAME)
    secrets = keys_of(marked, tablet)
    wanted = Wanted(PATIENTS + SECRETS, secrets)
    set_ways(tablet)
    look_around(tablet)
    tablet.check_in("Quillonda Xandervoss")
    tablet.pill_says(online=True, waiting=0)
    walk_in(tablet, *TYPED[0])
    lock(tablet)
    enter_pin(tablet, "Ana Garrido", PIN)
    tablet.shows("Ondrabelle Wuzzlethorpe", "arrived")
    without_the_office(marked, tablet, tmp_path / "unsent.json")
    lock(tablet)
    nothing_is_told(tablet, "/checkin")
    chrome.close()
    assert hits(chrome.profile, Wanted([NAME])) != []
    assert hits(chrome.profile, wanted) == []

    tablet = Tablet(chrome.start(), marked, complaints)
    tablet.open()
    for path in RAIL:
        nothing_is_told(tablet, path)
    tablet.open()
    tablet.type("Passphrase of Ana Garrido", PASSPHRASE)
    tablet.tap("Open with the passphrase")
    tablet.shows("Yolquinta Zephyrbaum", "arrived")
    tablet.tap("Arrive Alma Castellanos")
    tablet.shows("Alma Castellanos", "arrived")
    tablet.follow("Alma Castellanos")
    chrome.kill()
    assert hits(chrome.profile, wanted) == []
    assert wanted.found_in((tmp_path / "unsent.json").read_bytes()) == set()
    assert complaints == []


def test_a_lost_tablet_holds_nothing_after_its_next_contact_and_the_office_has_its_receipt(
    marked: OfficeServer, chrome: Chrome, new_tablet
) -> None:
    tablet = Tablet(chrome.start(), marked, [])
    tablet.enrol(NAME)
    wanted = Wanted(PATIENTS + SECRETS, keys_of(marked, tablet))
    look_around(tablet)
    phone = new_tablet()
    phone.sign_in("maria")
    phone.open("/devices")
    phone.follow(NAME)
    phone.tap(f"Mark as lost: {NAME}")

    def receipts() -> list[int]:
        with marked.read() as session:
            return [wipe.entries_left for wipe in session.query(Wipe)]

    until(lambda: receipts() == [0], "the office has the receipt", seconds=120)
    tablet.open()
    assert "Xandervoss" not in tablet.page.content()
    held = tablet.page.evaluate(HELD)
    assert held == {}, held
    chrome.close()
    assert hits(chrome.profile, wanted) == []


HELD = """() => new Promise((done, failed) => {
    const opening = indexedDB.open("daysheet");
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
        const database = opening.result;
        const names = [...database.objectStoreNames].filter((name) => name !== "meta");
        const tx = names.length ? database.transaction(names) : null;
        const held = {};
        for (const name of names) {
            const counting = tx.objectStore(name).count();
            counting.onsuccess = () => { if (counting.result) held[name] = counting.result; };
        }
        if (!tx) return done(held);
        tx.oncomplete = () => { database.close(); done(held); };
    };
})"""

PLANT = """() => new Promise((done, failed) => {
    localStorage.setItem("planted", "Inlocalstorage");
    const opening = indexedDB.open("planted", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("things");
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
        const tx = opening.result.transaction("things", "readwrite", { durability: "strict" });
        const letters = "abcdefgh".repeat(8000);
        tx.objectStore("things").put({ text: letters + "Inpackedrecord" + letters, pin: "604417" }, "one");
        tx.objectStore("things").put(new Uint8Array(32).fill(0).map((_, at) => at * 7 + 3), "raw");
        tx.oncomplete = () => { opening.result.close(); document.title = "Inhistory"; done(); };
    };
})"""


def test_what_is_planted_in_a_profile_is_found(office: OfficeServer, chrome: Chrome) -> None:
    raw = bytes((at * 7 + 3) % 256 for at in range(32))
    page = chrome.start().pages[0]
    page.goto(f"{office.url}/signin")
    page.evaluate(PLANT)
    sessions, typed = chrome.profile / "Default" / "Sessions", Wanted(["Intypedfield"])

    def typed_is_kept() -> bool:
        """A field that may be filled in by the browser is also kept with its session, a second after it was typed in:
        a page that is left before may take it along."""
        page.get_by_label("User name").fill("Intypedfield")
        return bool(hits(sessions, typed))

    until(typed_is_kept, "the browser has kept what was typed")
    page.goto(f"{office.url}/signin?Inaddress=1")
    chrome.close()
    # Opened once more, LevelDB packs its log into a table.
    page = chrome.start().pages[0]
    page.goto(f"{office.url}/signin")
    page.evaluate("() => new Promise((done) => { indexedDB.open('planted').onsuccess = () => done(); })")
    chrome.close()
    planted = ["Inlocalstorage", "Inpackedrecord", "604417", "Inhistory", "Inaddress", "Intypedfield"]
    found = hits(chrome.profile, Wanted(planted, {"raw bytes": raw}))
    assert {line.partition(" in ")[0] for line in found} == {*planted, "raw bytes"}
