"""A Chromium in a process of its own, on a profile that is kept between starts."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, Playwright

from tests.bench.holding import family
from tests.chromium import FLAGS, find
from tests.tablets import Browser as Cookies

START_SECONDS = 60


class Chromium:
    """Started with an address, as a tap on the app's icon starts it; driven over its debugging port."""

    def __init__(self, playwright: Playwright, profile: Path, address: str) -> None:
        port_file = profile / "DevToolsActivePort"
        port_file.unlink(missing_ok=True)
        size = "--window-size=1180,820"
        self.started_ms = time.time() * 1000
        self.process = subprocess.Popen(
            [find_once(), *FLAGS, size, f"--user-data-dir={profile}", "--remote-debugging-port=0", address],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        port = waited(lambda: port_file.exists() and port_file.read_text().partition("\n")[0])
        self.browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        self.context = self.browser.contexts[0]
        self.page: Page = waited(lambda: self.context.pages and self.context.pages[0])

    def pids(self) -> set[int]:
        return family(self.process.pid)

    def take_cookies(self, cookies: Cookies, base: str) -> None:
        """Become the device and the person that these cookies stand for, until the browser's profile is thrown away."""
        until = time.time() + 86_400
        for name, value in cookies.cookies.items():
            place = {"domain": urlsplit(base).hostname or "", "path": "/", "expires": until}
            self.context.add_cookies([{"name": name, "value": value, "httpOnly": True, "sameSite": "Strict", **place}])  # type: ignore[list-item]

    def close(self) -> None:
        """End it as a person would, so that cookies are on the disk."""
        with suppress(Exception):
            self.browser.new_browser_cdp_session().send("Browser.close")
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


FOUND: list[str] = []


def find_once() -> str:
    """Looking for a browser starts it once, which a cold start must not have in its time."""
    if not FOUND:
        FOUND.append(find())
    return FOUND[0]


def waited(look, seconds: float = START_SECONDS):  # type: ignore[no-untyped-def]
    """The first thing that `look` finds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.01)
    raise RuntimeError(f"The browser did not come so far in {seconds:.0f} s.")
