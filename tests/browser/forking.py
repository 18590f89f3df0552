"""Servers that begin as forks of one process with the program loaded: in a tenth of the time, else like any other."""

import atexit
import gc
import json
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class Forked:
    """A process begun by somebody else, with what a test needs of `subprocess.Popen`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """None while it runs. Who forked it forgets its exit code."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def send_signal(self, how: signal.Signals) -> None:
        os.kill(self.pid, how)

    def wait(self, timeout: float) -> None:
        """Until it has ended; raises TimeoutError after so many seconds."""
        limit = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > limit:
                raise TimeoutError(f"process {self.pid} runs still after {timeout} s")
            time.sleep(0.01)


def begin(arguments: list[str], environment: dict[str, str], log: Path, ahead: timedelta = timedelta(0)) -> Forked:
    """Begin `daysheet ARGUMENTS`, with just this environment, appending what it says to the log.

    Its clock is ahead of everybody else's by so much.
    """
    log.touch()
    forker = loaded()
    assert forker.stdin is not None
    assert forker.stdout is not None
    wanted = {
        "arguments": arguments, "environment": environment, "log": str(log), "ahead": ahead.total_seconds(),
    }  # fmt: skip
    forker.stdin.write(json.dumps(wanted) + "\n")
    forker.stdin.flush()
    return Forked(int(forker.stdout.readline()))


@cache
def loaded() -> "subprocess.Popen[str]":
    """The process that forks; it ends with this one."""
    pipe = subprocess.PIPE
    forker = subprocess.Popen([sys.executable, "-m", __spec__.name], cwd=ROOT, stdin=pipe, stdout=pipe, text=True)

    def end() -> None:
        forker.communicate(timeout=10)

    atexit.register(end)
    return forker


def main() -> None:
    """Forks once for every line that comes in."""
    from backend.app import build_front
    from backend.running import serve  # noqa: F401 - with all that it needs
    from backend.settings import Settings

    build_front(Settings().web)
    gc.freeze()
    # Whoever ends is forgotten at once, so that looking for it finds nobody.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            become(json.loads(line))
        print(pid, flush=True)


def become(wanted: dict[str, Any]) -> None:
    """This process is now that server; never returns."""
    from backend.__main__ import main as serve

    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        log, nothing = os.open(wanted["log"], os.O_APPEND | os.O_CREAT | os.O_WRONLY), os.open(os.devnull, os.O_RDONLY)
        for at, end in ((nothing, 0), (log, 1), (log, 2)):
            os.dup2(at, end)
        os.environ.clear()
        os.environ.update(wanted["environment"])
        set_clock(timedelta(seconds=wanted["ahead"]))
        code = serve(wanted["arguments"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def set_clock(ahead: timedelta) -> None:
    """As somebody does to a whole machine; nothing else in this process asks for the time of day."""
    from backend.clock import Clock

    right = Clock.now
    Clock.now = lambda clock: right(clock) + ahead  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
