"""One tablet at a desk, what befalls it, and the books about what its person was told."""

import re
import shutil
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import msgspec
from playwright.sync_api import Error, Playwright, expect

from tests.browser.chrome import Chrome
from tests.browser.office import ROOT, OfficeServer
from tests.browser.portal import captive_portal
from tests.browser.tablet import PATIENCE_MS, Tablet, until
from tests.browser.test_killed import stop_workers

REGISTER = "checkin.register_walk_in"
COMES_TOGETHER_MS = 60_000
# Chromium goes by the room that it found up to half a minute ago.
NOTICES_WITHIN = 90
# What the app and the browser then rightly write on the console.
FULL = re.compile("QuotaExceededError|NotSaved")
# Chromium fetches an icon of the manifest when it likes, past the worker; that they are there, test_installable sees.
NO_ICON = re.compile("icon from the Manifest: .*Download error")
NOT_THE_OFFICE = re.compile("EventSource's response has a MIME type")
# Another version's upgrade begins, so the worker's connection is closed; nothing of it stays.
TAKE_THE_DATABASE_AWAY = """() => new Promise((done) => {
    const opening = indexedDB.open("daysheet", 99);
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onerror = (event) => { event.preventDefault(); done(true); };
})"""


class Desk:
    """A tablet with a profile that outlives its browser. `told` names whom a person was told are saved."""

    def __init__(self, playwright: Playwright, office: OfficeServer, folder: Path) -> None:
        self.playwright, self.office, self.folder = playwright, office, folder
        self.complaints: list[str] = []
        self.told: list[str] = []
        self.refused: list[str] = []
        self.names = 0
        self.chrome = Chrome(playwright, folder / "profile")
        self.tablet = Tablet(self.chrome.start(), office, self.complaints)
        self.tablet.enrol()
        # A browser that is killed within its first half minute has not written its cookies yet, and is no device.
        self.chrome.close()
        self.reopen()
        self.tablet.wait_for_a_copy()

    def register(self, tablet: Tablet | None = None) -> str:
        """Somebody new walks in; what the person at the desk is told is written into the books."""
        tablet = tablet or self.tablet
        self.names += 1
        family = f"Round-{self.names}"
        tablet.open()
        tablet.follow("Walk-in")
        tablet.type("Last name", family)
        tablet.type("First name", "Zoë")
        tablet.page.locator("#new-patient").get_by_label("Birth date").fill("4/12/1990")
        tablet.page.get_by_text("Female", exact=True).click()
        tablet.tap("Register and record arrival")
        saved, not_saved = tablet.row(f"Zoë {family}"), tablet.page.get_by_text("This was NOT saved")
        expect(saved.or_(not_saved).first).to_be_visible(timeout=PATIENCE_MS)
        (self.refused if not_saved.is_visible() else self.told).append(family)
        return family

    def shows_as_waiting(self, family: str) -> None:
        """It is on the device, and its person sees it there."""
        self.tablet.open("/device")
        entry = self.tablet.page.locator("li[data-row^='entry:']", has_text=family)
        expect(entry).to_have_attribute("data-status", "waiting")

    def app(self) -> str | None:
        """Where the page in hand has its scripts from."""
        return self.tablet.page.locator("script[src$='/register.js']").get_attribute("src")

    def come_together(self, tablet: Tablet | None = None) -> None:
        """Whatever happened, with the office there again everything is handed in."""
        tablet = tablet or self.tablet
        tablet.open()
        tablet.pill_says(online=True, waiting=0, timeout=COMES_TOGETHER_MS)
        tablet.open("/device")
        expect(tablet.page.get_by_text("This copy is from")).to_be_visible()

    def reopen(self) -> None:
        """The browser is started again on the same profile, and Ana signs in."""
        self.tablet = Tablet(self.chrome.start(), self.office, self.complaints)
        self.tablet.sign_in()

    def expected(self, what: re.Pattern[str]) -> None:
        """Complaints about what a round itself did."""
        self.complaints[:] = [said for said in self.complaints if not what.search(said)]

    def close_the_books(self) -> None:
        """What was told to be saved is in the journal exactly once; of what was not, nothing is there twice."""
        self.expected(NO_ICON)
        said = [msgspec.json.decode(entry.payload)["fields"]["family"] for entry in self.office.entries(REGISTER)]
        counted = Counter(said)
        wrong = {family: counted[family] for family in self.told if counted[family] != 1}
        assert wrong == {}, f"told to be saved, and this often at the office: {wrong}"
        twice = {family: times for family, times in counted.items() if times > 1}
        assert twice == {}, f"more than once: {twice}"
        assert set(counted) <= {*self.told, *self.refused}
        assert self.office.broken_link() is None


def worker_stopped(desk: Desk) -> None:
    desk.office.stop()
    family = desk.register()
    stop_workers(desk.tablet)
    desk.shows_as_waiting(family)
    desk.register()
    stop_workers(desk.tablet)
    desk.office.start()


def tab_killed(desk: Desk) -> None:
    desk.office.stop()
    desk.register()
    crashed = desk.tablet.page
    with suppress(Error):
        crashed.goto("chrome://crash")
    desk.office.start()
    desk.tablet.open_another_tab()
    crashed.close()


def browser_killed(desk: Desk) -> None:
    desk.office.stop()
    desk.register()
    desk.chrome.kill()
    desk.office.start()
    desk.reopen()
    desk.register()


def offline(desk: Desk) -> None:
    desk.tablet.context.set_offline(True)
    family = desk.register()
    desk.shows_as_waiting(family)
    desk.tablet.context.set_offline(False)


def disk_full(desk: Desk) -> None:
    devtools = desk.tablet.context.new_cdp_session(desk.tablet.page)
    refused = len(desk.refused)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": desk.office.url, "quotaSize": 1})
    until = time.monotonic() + NOTICES_WITHIN
    while len(desk.refused) == refused:
        assert time.monotonic() < until, "on a full disk, people are still told that it was saved"
        desk.register()
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": desk.office.url})
    devtools.detach()
    desk.expected(FULL)
    desk.register()


def database_lost(desk: Desk) -> None:
    desk.office.stop()
    desk.register()
    assert desk.tablet.page.evaluate(TAKE_THE_DATABASE_AWAY)
    family = desk.register()
    desk.shows_as_waiting(family)
    desk.office.start()


def hotel(desk: Desk) -> None:
    desk.office.stop()
    with captive_portal(desk.office.port):
        family = desk.register()
        desk.tablet.pill_says(online=False)
        desk.shows_as_waiting(family)
    desk.office.start()
    desk.come_together()
    desk.expected(NOT_THE_OFFICE)


def two_tabs(desk: Desk) -> None:
    first = desk.tablet.page
    desk.office.stop()
    desk.register()
    second = desk.tablet.context.new_page()
    desk.tablet.page = second
    desk.register()
    desk.tablet.page = first
    desk.register()
    desk.office.start()
    desk.register()
    second.close()


def two_versions(desk: Desk) -> None:
    """The office is updated while a page of the old app is open, and goes back at the next update."""
    desk.office.stop()
    desk.register()
    newer = desk.folder / f"web-{desk.names}"
    shutil.copytree(ROOT / "web", newer, symlinks=True)
    style = newer / "shell" / "base.css"
    style.write_text(f"{style.read_text()}\n.round-{desk.names} {{ color: inherit; }}\n")
    desk.office.settings = {"DAYSHEET_WEB": str(newer)}
    before = desk.app()
    desk.office.start()
    # The browser looks for a newer app whenever a page is opened, and here several are.
    desk.register()
    # With nothing typed in anywhere it takes over by itself. An address typed in that very moment would be lost.
    until(lambda: desk.app() != before, "the newer app has taken over")
    desk.register()


def profile_copied(desk: Desk) -> None:
    desk.office.stop()
    desk.register()
    desk.chrome.kill()
    copy = desk.folder / f"copy-{desk.names}"
    shutil.copytree(desk.chrome.profile, copy, ignore=shutil.ignore_patterns("Singleton*", "DevToolsActivePort"))
    desk.office.start()
    desk.reopen()
    clone = Chrome(desk.playwright, copy)
    try:
        other = Tablet(clone.start(), desk.office, desk.complaints)
        other.sign_in()
        desk.register()
        desk.register(other)
        desk.come_together(other)
        desk.register(other)
        desk.come_together(other)
    finally:
        clone.kill()


FAULTS = [
    worker_stopped, tab_killed, browser_killed, offline, disk_full, database_lost, hotel, two_tabs, two_versions,
    profile_copied,
]  # fmt: skip
