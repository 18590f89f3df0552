"""A browser as a process of its own on a profile of its own, so that it can end as in a power cut."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import BrowserContext, Playwright

from tests import chromium

STARTS_WITHIN = 30
ENDS_WITHIN = 20


class Chrome:
    """One installed browser; what it keeps is in its profile's folder."""

    def __init__(self, playwright: Playwright, profile: Path) -> None:
        self.playwright, self.profile = playwright, profile
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> BrowserContext:
        announced = self.profile / "DevToolsActivePort"
        announced.unlink(missing_ok=True)
        command = [chromium.find(), *chromium.FLAGS, "--remote-debugging-port=0", f"--user-data-dir={self.profile}"]
        # The keyring of whoever runs the tests is nothing to them.
        command += ["--password-store=basic", "--use-mock-keychain", "--no-default-browser-check", "about:blank"]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until = time.monotonic() + STARTS_WITHIN
        while not (announced.exists() and announced.read_text().count("\n")):
            running = self.process.poll() is None and time.monotonic() < until
            assert running, "the browser did not start"
            time.sleep(0.05)
        self.port = announced.read_text().split("\n")[0]
        self.browser = self.playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{self.port}")
        return self.browser.contexts[0]

    def close(self) -> None:
        """As a person closes it: what it had in hand is written."""
        self.browser.new_browser_cdp_session().send("Browser.close")
        self._wait()

    def kill(self) -> None:
        """`kill -9`, of every process that it has."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self._wait()

    def _wait(self) -> None:
        """Until the last of them is gone: one that still holds the cookies leaves the next browser without any."""
        if self.process is None:
            return
        self.process.wait(timeout=ENDS_WITHIN)
        until = time.monotonic() + ENDS_WITHIN
        while runs(group := self.process.pid):
            assert time.monotonic() < until, f"processes of the browser still run, of group {group}"
            time.sleep(0.02)
        self.process = None


def runs(group: int) -> bool:
    """Whether any process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
