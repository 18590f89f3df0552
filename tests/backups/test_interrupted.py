"""A backup or restore that is killed, or meets a full disk, leaves the office as it was and nothing half done."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.backing_up import back_up
from backend.checking import check
from tests.backups.cast import Server, what_the_office_holds
from tests.files.sending import picture, send_whole
from tests.practice import Practice

ROOT = Path(__file__).parents[2]


def killed(practice: Practice, phrase: str, *command: str, when: Callable[[], bool]) -> None:
    """Run a command as a process of its own, and end it as a power cut would, in the middle of its work."""
    settings = practice.office.settings
    known = {name: value for name, value in os.environ.items() if not name.startswith("DAYSHEET_")}
    known |= {"DAYSHEET_DATA": str(settings.data), "DAYSHEET_DATABASE": settings.database}
    whole = [sys.executable, "-m", "backend", *command]
    with subprocess.Popen(
        whole, cwd=ROOT, env=known | {"DAYSHEET_RECOVERY_PHRASE": phrase}, stdout=subprocess.DEVNULL
    ) as process:
        until = time.monotonic() + 120
        while not when():
            assert process.poll() is None, "it ended before"
            assert time.monotonic() < until
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL


def keep_much(practice: Practice) -> None:
    """Files of 40 MB, so that everything takes a moment; nobody has to be able to open them."""
    parts = practice.office.settings.data / "files" / "ab" / ("ab" * 32)
    parts.mkdir(parents=True)
    for number in range(40):
        (parts / str(number)).write_bytes(os.urandom(1_000_000))


def test_a_backup_that_is_killed_leaves_nothing_that_looks_like_one(practice: Practice, server: Server) -> None:
    keep_much(practice)
    data, out = server.settings.data, server.folder

    def half_written() -> bool:
        return any(path.stat().st_size for path in out.glob(".*.unfinished"))

    killed(practice, "", "backup", str(out), when=half_written)
    assert list(out.glob("*.backup")) == []
    assert list(data.glob("under-way-*")) != []
    server.back_up()
    assert [path.suffix for path in out.iterdir()] == [".backup"]
    assert list(data.glob("under-way-*")) == []


def test_a_restore_that_is_killed_leaves_the_office_as_it_was(practice: Practice, server: Server) -> None:
    keep_much(practice)
    backup = server.back_up()
    practice.act("ana", "checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    before = what_the_office_holds(practice)
    practice.database.close()
    data = server.settings.data

    def half_unpacked() -> bool:
        return any(data.glob("under-way-*/files/ab/*/*"))

    killed(practice, server.phrase, "restore", str(backup), "--over", when=half_unpacked)
    assert what_the_office_holds(practice) == before
    assert check(practice.office.settings, [].append) == 0
    assert server.restore(backup)[0] == 0
    assert practice.row("visit", practice.visits["alma"])["status"] == "booked"  # type: ignore[index]


def test_a_full_disk_is_a_sentence_and_leaves_nothing(practice: Practice, server: Server) -> None:
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    send_whole(practice.tablet("Tablet 1"), picture(3_000_000))
    previous = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, before[1]))
    try:
        code, said = server.told(back_up, server.folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, previous)
    assert code == 1
    assert said.startswith("No backup was made. ")
    assert list(server.folder.iterdir()) == []
    assert practice.entries("backups.record_backup") == []
