"""What starts and ends a browser of another engine, and what `Hands` needs of it."""

import os
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

STARTS_WITHIN = 60


class Engine(Protocol):
    """A browser with one tab."""

    def go(self, url: str) -> None:
        """Returns when the page is there."""

    def run(self, expression: str) -> Any:
        """The value of an expression in the page: a string, a number, a truth or None. Raises AssertionError."""


def started(
    command: list[str], folder: Path, log: str = "browser.log", **environment: str
) -> "subprocess.Popen[bytes]":
    """In a home of its own, so that nothing of whoever runs the tests is read or written."""
    folder.mkdir(parents=True, exist_ok=True)
    home = {"HOME": str(folder), "XDG_RUNTIME_DIR": str(folder), "XDG_DATA_HOME": str(folder)}
    given, nothing = os.environ | home | environment, subprocess.DEVNULL
    with (folder / log).open("wb") as out:
        return subprocess.Popen(command, env=given, stdin=nothing, stdout=out, stderr=out, start_new_session=True)


def ended(process: "subprocess.Popen[bytes]") -> None:
    """With all that it started."""
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
