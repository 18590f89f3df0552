"""A browser profile in somebody's hands: it taps what people tap and reads what people read."""

import re
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Response, expect

from tests.browser.office import OfficeServer
from tests.tablets import PASSWORD

# Long: what never comes fails anyhow, and a machine may have other things to do.
PATIENCE_MS = 30_000
# Held upright.
PHONE = {"width": 390, "height": 844}
# Where a device opens, by what it is for.
HOME = re.compile(r"/(checkin|today|counts)$")
# What a browser itself writes about an office that does not answer, or that answers with a complaint.
NO_FAULT = re.compile(r"^Failed to load resource: |ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED")


expect.set_options(timeout=PATIENCE_MS)


class Tablet:
    """One device of the office. `complaints` collects what its browser found wrong with our pages."""

    def __init__(self, context: BrowserContext, office: OfficeServer, complaints: list[str]) -> None:
        self.context, self.office, self.complaints, self.taps = context, office, complaints, 0
        context.set_default_timeout(PATIENCE_MS)
        context.on("console", self._hear)
        context.on("weberror", lambda problem: complaints.append(str(problem.error)))
        self.page = context.pages[0] if context.pages else context.new_page()

    def _hear(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning") and not NO_FAULT.search(said.text):
            self.complaints.append(f"{said.type}: {said.text}")

    def open(self, path: str = "/checkin") -> Response:
        answer = self.page.goto(self.office.url + path)
        assert answer is not None
        return answer

    def open_another_tab(self, path: str = "/checkin") -> Page:
        """A new tab, which is then the one in hand."""
        self.page = self.context.new_page()
        self.open(path)
        return self.page

    def sign_in(self, who: str = "ana") -> None:
        self.open("/signin")
        self.type("User name", who)
        self.type("Password", PASSWORD)
        self.tap("Sign in")
        self.page.wait_for_url(HOME)

    def enrol(self, name: str = "Tablet 1", who: str = "ana", purpose: str = "front_desk") -> None:
        """A manager enrols this browser, then somebody signs in, and what the device is for comes along."""
        self.sign_in("maria")
        self.open("/devices/enrol")
        self.type("Name of the device", name)
        self.type("Where it is kept (optional)", "Front desk")
        if purpose != "front_desk":
            self.page.locator(f"label[for=field-purpose-{purpose}]").click()
        self.tap("Enrol this device")
        expect(self.page.get_by_role("heading", name="This device is enrolled")).to_be_visible()
        self.sign_in(who)
        self.wait_for_a_copy()

    def wait_for_a_copy(self) -> None:
        """Until the device says that it holds one."""

        def holds_one() -> bool:
            self.open("/device")
            return self.page.get_by_text("This copy is from").count() == 1

        until(holds_one, "the device holds a copy of the day")
        self.open("/")

    def set_passphrase(self, words: str) -> None:
        """On the page of the device."""
        self.open("/device")
        self.page.get_by_text("Set a passphrase", exact=True).click()
        self.type("New passphrase", words)
        self.type("New passphrase again", words)
        self.tap("Keep this passphrase")
        expect(self.page.get_by_text("Change the passphrase", exact=True)).to_be_visible()

    def tap(self, words: str, role: str = "button") -> None:
        self.taps += 1
        self.page.get_by_role(role, name=words, exact=True).click()  # type: ignore[arg-type]

    def follow(self, words: str) -> None:
        self.tap(words, role="link")

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def find(self, text: str) -> None:
        """Letter by letter into the search field, as a person types."""
        field = self.page.get_by_role("searchbox")
        field.fill("")
        field.press_sequentially(text)

    def row(self, person: str) -> Locator:
        """The row of somebody's visit on the board."""
        heading = self.page.get_by_role("heading", name=person, exact=True)
        return self.page.locator("li[data-row^='visit:']", has=heading)

    def shows(self, person: str, status: str, unsent: bool | None = None) -> None:
        """Waits until the row says so."""
        row = self.row(person)
        expect(row).to_have_attribute("data-status", status, timeout=PATIENCE_MS)
        if unsent:
            expect(row).to_have_attribute("data-unsent", "", timeout=PATIENCE_MS)
            expect(row.get_by_text("Not sent yet")).to_be_visible()
        elif unsent is False:
            expect(row).not_to_have_attribute("data-unsent", "", timeout=PATIENCE_MS)

    def pill_says(self, timeout: float = PATIENCE_MS, **said: Any) -> None:
        """`pill_says(online=False, waiting=3)`."""
        for name, value in said.items():
            text = str(value).lower()
            expect(self.page.locator("#pill")).to_have_attribute(f"data-{name}", text, timeout=timeout)

    def check_in(self, person: str) -> None:
        """A returning patient with nothing changed, from the board to "checked in"."""
        self.tap(f"Arrive {person}")
        self.follow(f"Identify {person}")
        self.tap("Name and birth date match")
        self.tap("Check in")
        expect(self.page.locator("#steps")).to_have_attribute("data-status", "checked_in")


def until(holds: Callable[[], bool], what: str, seconds: float = PATIENCE_MS / 1000) -> None:
    """Looks again and again; fails with what was waited for."""
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit, f"waited {seconds:.0f} s, and still not: {what}"
        time.sleep(0.1)
