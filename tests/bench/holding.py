"""Holding a browser to a part of a core, as a cheap tablet would: DevTools refuses to slow a service worker down."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

GROUP = "daysheet-bench"
# Short, so that it feels like a slow core and not like a fast one that pauses.
PERIOD_US = 10_000

Pids = Callable[[], set[int]]


def family(root: int) -> set[int]:
    """A process and everything that it started, at any depth."""
    parents = read_parents()
    found, more = set(), {root}
    while more:
        found |= more
        more = {pid for pid, parent in parents.items() if parent in found} - found
    return found


def read_parents() -> dict[int, int]:
    if Path("/proc/self/stat").exists():
        parents = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(OSError):
                parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        return parents
    told = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    return {int(pid): int(parent) for pid, parent in (line.split() for line in told.splitlines())}


@contextmanager
def held(pids: Pids, share: float) -> Iterator[str]:
    """Hold all these processes, taken together, to a share of one core; gives the words for how it is done."""
    quota = str(int(PERIOD_US * share))
    root = Path("/sys/fs/cgroup")
    ways = [
        ("cgroup v2", root, {"cpu.max": f"{quota} {PERIOD_US}"}),
        ("cgroup v1", root / "cpu", {"cpu.cfs_period_us": str(PERIOD_US), "cpu.cfs_quota_us": quota}),
    ]
    for words, parent, limits in ways:
        group = parent / GROUP
        try:
            fill_group(parent, group, limits, pids)
        except OSError:
            with suppress(OSError):
                group.rmdir()
            continue
        try:
            yield words
        finally:
            empty_group(parent, group)
        return
    with taking_turns(pids, share):
        yield "SIGSTOP and SIGCONT by turns"


def fill_group(parent: Path, group: Path, limits: dict[str, str], pids: Pids) -> None:
    if (parent / "cgroup.subtree_control").exists():
        (parent / "cgroup.subtree_control").write_text("+cpu")
    group.mkdir(exist_ok=True)
    for name, value in limits.items():
        # Opened without creating: in a folder that is no control group this must fail.
        with (group / name).open("r+") as limit:
            limit.write(value)
    # Twice, for what was started meanwhile; what comes later inherits the group.
    for _ in range(2):
        for pid in pids():
            with suppress(ProcessLookupError):
                (group / "cgroup.procs").write_text(str(pid))


def empty_group(parent: Path, group: Path) -> None:
    for pid in (group / "cgroup.procs").read_text().split():
        with suppress(OSError):
            (parent / "cgroup.procs").write_text(pid)
    for _ in range(50):
        # Whoever was moved last may still be on the way out.
        with suppress(OSError):
            group.rmdir()
            break
        time.sleep(0.1)


@contextmanager
def taking_turns(pids: Pids, share: float) -> Iterator[None]:
    """Every process stopped for most of each period. Coarser: each then has the share to itself."""
    over = threading.Event()
    period = 0.04

    def send(signal_number: int) -> None:
        for pid in pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal_number)

    def turn() -> None:
        while not over.is_set():
            send(signal.SIGSTOP)
            over.wait(period * (1 - share))
            send(signal.SIGCONT)
            over.wait(period * share)

    turning = threading.Thread(target=turn, daemon=True)
    turning.start()
    try:
        yield
    finally:
        over.set()
        turning.join()
        send(signal.SIGCONT)
