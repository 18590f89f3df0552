"""WebKitGTK in somebody's hands: its own small browser, by the WebDriver that comes with it."""

import json
import re
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.browser.engines import STARTS_WITHIN, ended, started, waited
from tests.browser.office import free_port
from tests.browser.tablet import until
from tests.other_engines import DRIVER, SCREEN, find_webkit


class WebKit:
    """Debian's WebKitGTK, on a screen of its own that nobody sees."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.held = folder, free_port(), ExitStack()
        self.address, self.session = f"http://127.0.0.1:{self.port}", ""

    def begin(self) -> None:
        """Returns when it answers."""
        screen = started([SCREEN, "-displayfd", "1", "-nolisten", "tcp"], self.folder, "screen.log")
        self.held.callback(ended, screen)
        until(lambda: bool(self.screen()), "the screen says its number")
        driver = started([DRIVER, f"--port={self.port}"], self.folder, DISPLAY=f":{self.screen()}")
        self.held.callback(ended, driver)
        wanted = {"webkitgtk:browserOptions": {"binary": find_webkit(), "args": ["--automation"]}}
        given = waited(lambda: self.ask("POST", "/session", {"capabilities": {"alwaysMatch": wanted}}))
        self.session = f"/session/{given['sessionId']}"

    def screen(self) -> str:
        found = re.search(r"^(\d+)\n", (self.folder / "screen.log").read_text(), re.MULTILINE)
        return found[1] if found else ""

    def ask(self, method: str, path: str, given: dict[str, Any] | None = None) -> Any:
        data = None if given is None else json.dumps(given).encode()
        try:
            with urlopen(Request(self.address + path, data, method=method), timeout=STARTS_WITHIN) as answer:
                return json.load(answer)["value"]
        except HTTPError as problem:
            raise AssertionError(problem.read().decode()) from None

    def go(self, url: str) -> None:
        self.ask("POST", f"{self.session}/url", {"url": url})

    def run(self, expression: str) -> Any:
        return self.ask("POST", f"{self.session}/execute/sync", {"script": f"return {expression};", "args": []})

    def close(self) -> None:
        with suppress(Exception):
            self.ask("DELETE", self.session)
        self.held.close()
