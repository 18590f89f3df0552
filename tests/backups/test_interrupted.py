"""A backup or restore that is killed, or meets a full disk, leaves the office as it was and nothing half done."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text

from backend.backup_commands import back_up
from backend.checking import check
from backend.restoring import restored_otherwise
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


def test_a_backup_that_cannot_be_noted_is_named_and_stays(practice: Practice, server: Server) -> None:
    full = "ALTER TABLE journal ADD CONSTRAINT closed CHECK (false) NOT VALID"
    if practice.database.is_sqlite:
        full = "CREATE TRIGGER closed BEFORE INSERT ON journal BEGIN SELECT RAISE(ABORT, 'no more'); END"
    with practice.database.write() as session:
        session.execute(text(full))
    code, said = server.told(back_up, server.folder)
    [made] = server.folder.glob("*.backup")
    assert (code, said.splitlines()[1:]) == (1, [])
    assert said.startswith(f"{made} is whole, but the office could not note that it was made. ")


def test_a_database_that_is_none_is_a_sentence_when_it_was_put_back(server: Server, tmp_path: Path) -> None:
    elsewhere = msgspec.structs.replace(server.settings, data=tmp_path, database="", key="", anchors="")
    (tmp_path / "daysheet.sqlite3").write_bytes(b"not a database at all" * 1000)
    said: list[str] = []
    assert restored_otherwise(elsewhere, say=said.append) == 1
    [sentence] = said
    assert sentence.startswith("This is not finished, so start no server yet. file is not a database. ")


def test_an_office_whose_folders_are_on_several_disks_is_restored_and_the_old_one_kept(
    practice: Practice, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_whole(practice.tablet("Tablet 1"), picture(3_000_000))
    backup = server.back_up()
    then = what_the_office_holds(practice)["seen_row"]
    for part in server.settings.data.glob("files/*/*/*"):
        part.unlink()
    practice.act("ana", "checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    for name in ("replace", "link"):
        monkeypatch.setattr(os, name, on_one_disk(getattr(os, name)))
    code, said = server.restore(backup)
    assert code == 0, said
    assert "The office as it was before is kept in" in said
    assert check(practice.office.settings, [].append) == 0
    rows = what_the_office_holds(practice)["seen_row"]
    assert [row for row in rows if row in then] == then
    assert list(server.settings.data.glob("files/*/*/*")) != []


def on_one_disk(call: Callable[..., None]) -> Callable[..., None]:
    """As the system answers where each folder is a disk of its own."""

    def answered(source: Path, target: Path) -> None:
        if Path(source).parent != Path(target).parent:
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), str(source))
        call(source, target)

    return answered
