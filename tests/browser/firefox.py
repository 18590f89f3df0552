"""Firefox in somebody's hands, by the protocol that it brings: WebDriver BiDi."""

import json
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from tests.browser.engines import STARTS_WITHIN, ended, started, waited
from tests.browser.office import free_port
from tests.other_engines import find_firefox


class Firefox:
    """Debian's Firefox, by WebDriver BiDi over its socket."""

    def __init__(self, folder: Path) -> None:
        port, self.last = free_port(), 0
        command = [find_firefox(), "--headless", f"--remote-debugging-port={port}", "--profile", str(folder)]
        self.process = started([*command, "--no-remote", "about:blank"], folder)
        self.address, self.held = f"ws://127.0.0.1:{port}/session", ExitStack()

    def begin(self) -> None:
        """Returns when it answers."""
        self.socket = waited(lambda: self.held.enter_context(connect(self.address, max_size=None)))
        self.ask("session.new", capabilities={})
        self.tab = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        self.last += 1
        self.socket.send(json.dumps({"id": self.last, "method": method, "params": params}))
        while (said := json.loads(self.socket.recv(timeout=STARTS_WITHIN))).get("id") != self.last:
            pass
        assert said["type"] == "success", said
        result: dict[str, Any] = said["result"]
        return result

    def go(self, url: str) -> None:
        self.ask("browsingContext.navigate", context=self.tab, url=url, wait="complete")

    def run(self, expression: str) -> Any:
        said = self.ask("script.evaluate", expression=expression, target={"context": self.tab}, awaitPromise=False)
        assert said["type"] == "success", said
        return said["result"].get("value")

    def close(self) -> None:
        with suppress(Exception):
            self.ask("browser.close")
        self.held.close()
        ended(self.process)
