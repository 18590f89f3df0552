"""Where a night's backup cannot be made, managers read why, and the old ones stay."""

import errno
import os
from datetime import UTC, datetime

import msgspec
import pytest

from backend.nightly import FORM, back_up_nightly
from tests.backups.cast import NIGHT, Server, at, nights, set_to, today
from tests.practice import SITE, Practice

FAILED = "backups.record_failure"


def test_when_none_can_be_made_managers_read_why_and_old_ones_stay(
    practice: Practice, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_to(practice, backups=str(server.folder), backups_daily=1, backups_weekly=1, backups_monthly=1)
    assert at(practice, NIGHT) == 0
    assert "No backup could be made. The folder for backups cannot be written to." in today(practice)
    assert not server.folder.exists(), "an unplugged disk is not written under"
    server.folder.mkdir()
    old = [server.folder / datetime(2026, 11, day, 7, tzinfo=UTC).strftime(FORM) for day in (20, 21)]
    for path in old:
        path.touch()
    for _ in range(2):
        with monkeypatch.context() as full:
            full.setattr(os, "fsync", no_room)
            assert back_up_nightly(practice.office, NIGHT) == 0
    assert "No backup could be made. The disk is full." in today(practice)
    assert "The disk is full." in practice.browser("maria").get("/backups").text
    assert [msgspec.json.decode(entry.payload)["fields"]["code"] for entry in practice.entries(FAILED)] == [
        "folder",
        "full",
    ], "each is noted once"
    assert all(path.exists() for path in old)
    assert [path for path in server.folder.iterdir() if path not in old] == []
    assert back_up_nightly(practice.office, NIGHT) == 1
    assert nights(server.folder) == ["2026-11-24T070000Z.backup"]
    assert "No backup could be made" not in today(practice)
    assert practice.row("backup_standing", SITE.id)["reason"] is None  # type: ignore[index]
    assert practice.act("maria", FAILED, {"code": "full"}).code == "not_allowed"


def no_room(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_an_office_without_a_phrase_is_told_that_it_has_no_backups(practice: Practice) -> None:
    practice.later(days=1)
    assert "No backup could be made. There is no recovery phrase yet." in today(practice)
