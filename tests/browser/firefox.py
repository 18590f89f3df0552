"""Firefox in somebody's hands, by the protocol that it brings: WebDriver BiDi."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

from tests.browser.office import free_port
from tests.browser.tablet import until
from tests.tablets import PASSWORD

STARTS_WITHIN = 60
FIREFOX = ("firefox-esr", "firefox")
# Finding what a person sees: by the name it is read out with, among what is on the screen. Nobody's hand is as quick as
# to touch a page before its scripts have begun.
EYES = """
const ready = () => document.readyState === "complete";
const said = (each) => (each.ariaLabel ?? each.textContent).replace(/\\s+/g, " ").trim();
const seen = (kinds) => [...document.querySelectorAll(kinds)].filter((each) => each.checkVisibility());
const named = (kinds, words) => seen(kinds).find((each) => said(each) === words);
const tap = (words) => {
  const found = ready() && named("button, a, label, summary", words);
  if (found) found.click();
  return !!found;
};
const type = (words, text) => {
  if (!ready()) return false;
  const field = words ? seen("label").find((each) => said(each) === words)?.control : seen("[type=search]")[0];
  if (!field) return false;
  field.value = text;
  for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
  return true;
};
const row = (person) => seen("li[data-row^='visit:']").find((each) => said(each.querySelector("h2, h3")) === person);
"""


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

    def run(self, script: str) -> Any:
        """The value of an expression in the page, as JSON."""
        expression = f"(() => {{ {EYES} return JSON.stringify({script}) ?? null; }})()"
        said = self.ask("script.evaluate", expression=expression, target={"context": self.tab}, awaitPromise=False)
        assert said["type"] == "success", said
        return json.loads(said["result"].get("value", "null"))

    def close(self) -> None:
        with suppress(Exception):
            self.ask("browser.close")
        self.held.close()
        ended(self.process)


def find_firefox() -> str:
    return next(filter(None, map(shutil.which, FIREFOX)), "")


def started(command: list[str], folder: Path) -> "subprocess.Popen[bytes]":
    """In a home of its own, so that nothing of whoever runs the tests is read or written."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "XDG_DATA_HOME": str(folder)}
    with (folder / "browser.log").open("wb") as log:
        return subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )


def ended(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, 9)
    process.wait(STARTS_WITHIN)


def waited(begin: Callable[[], Any]) -> Any:
    limit = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            return begin()
        except OSError:
            assert time.monotonic() < limit, "the browser did not answer"
            time.sleep(0.2)


class Hands:
    """What a person does with a browser, waiting for what is to be seen."""

    def __init__(self, engine: Firefox, url: str) -> None:
        self.engine, self.url = engine, url

    def open(self, path: str) -> None:
        self.engine.go(self.url + path)

    def sees(self, script: str) -> None:
        """Waits until the expression is true."""

        def true() -> bool:
            # A page that is just being left has nothing to say.
            with suppress(AssertionError):
                return bool(self.engine.run(script))
            return False

        until(true, script)

    def tap(self, words: str) -> None:
        self.sees(f"tap({json.dumps(words)})")

    def type(self, label: str, text: str) -> None:
        self.sees(f"type({json.dumps(label)}, {json.dumps(text)})")

    def reads(self, words: str) -> None:
        self.sees(f"document.body.innerText.includes({json.dumps(words)})")

    def pill_says(self, **said: object) -> None:
        for name, value in said.items():
            self.sees(f"document.querySelector('#pill').dataset.{name} === {json.dumps(str(value).lower())}")

    def shows(self, person: str, status: str, unsent: bool) -> None:
        found = f"row({json.dumps(person)})?.dataset"
        self.sees(f"{found}?.status === {json.dumps(status)} && ('unsent' in {found}) === {json.dumps(unsent)}")

    def sign_in(self, who: str) -> None:
        self.open("/signin")
        self.type("User name", who)
        self.type("Password", PASSWORD)
        self.tap("Sign in")
        self.sees("!location.pathname.startsWith('/signin') && document.readyState === 'complete'")

    def enrol(self) -> None:
        """As `Tablet.enrol`: a manager enrols this browser, Ana signs in, and it holds a copy."""
        self.sign_in("maria")
        self.open("/devices/enrol")
        self.type("Name of the device", "Tablet 1")
        self.tap("Enrol this device")
        self.reads("This device is enrolled")
        self.knows_it_is_a_device()
        self.sign_in("ana")
        self.knows_it_is_a_device()
        self.open("/device")
        self.reads("This copy is from")
        self.open("/checkin")

    def knows_it_is_a_device(self) -> None:
        """The worker has the keys."""
        self.sees("!document.querySelector('[data-lock]').hidden")
