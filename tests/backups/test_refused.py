"""What is not restored: a damaged backup, one over a present office, one under a server that runs."""

import re
from pathlib import Path

import msgspec
import pytest

from backend.backup_commands import make_phrase, tell_report
from backend.checking import check
from backend.manifests import describe, differences
from backend.restoring import restore
from backend.settings import Settings
from backend.snapshots import take_snapshot
from tests.backups.cast import Keeping, Server, what_the_office_holds
from tests.files.sending import picture, send_whole
from tests.practice import Practice

ARRIVAL = "checkin.record_arrival"


def changed_at(raw: bytes, at: int) -> bytes:
    """With one bit the other way round."""
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


DAMAGES = {
    "a byte in the middle": lambda raw: changed_at(raw, len(raw) // 2),
    "its end cut off": lambda raw: raw[:-200],
    "something added": lambda raw: raw + b"\0" * 200,
    "its last byte": lambda raw: changed_at(raw, len(raw) - 1),
    "its header": lambda raw: raw.replace(b'"version":"', b'"version":"9', 1),
    "another file": lambda _: b"PK\3\4 something else altogether",
    "an empty file": lambda _: b"",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_is_refused_and_nothing_of_it_used(practice: Practice, server: Server, damage: str) -> None:
    backup = server.back_up()
    backup.write_bytes(DAMAGES[damage](backup.read_bytes()))
    before = what_the_office_holds(practice)
    code, said = server.restore(backup)
    assert code == 1
    assert re.search("is damaged|is cut short|is no backup of Daysheet", said), said
    assert what_the_office_holds(practice) == before
    assert check(practice.office.settings, [].append) == 0


def test_one_with_whole_parts_missing_at_its_end_is_called_cut_short(practice: Practice, server: Server) -> None:
    for number in range(8):
        send_whole(practice.tablet(f"Tablet {number}"), picture(300_000 + number))
    backup = server.back_up()
    raw = backup.read_bytes()
    head = raw.index(b"}}") + 2
    backup.write_bytes(raw[: head + 1024 * 1024 + 16])
    assert "is cut short" in server.restore(backup)[1]


def test_a_restore_that_fails_at_its_last_step_leaves_the_office_as_it_was(practice: Practice, server: Server) -> None:
    tablet = Keeping(practice.tablet("Tablet 1", "ana"))
    backup = server.back_up()
    tablet.do(ARRIVAL, visit_id=practice.visits["alma"])
    tablet.reach_the_office()
    before = what_the_office_holds(practice)
    # Where the present database would be kept there is something already.
    name = f"before_restore_{practice.clock.now().strftime('%Y%m%d_%H%M%S')}"
    if practice.database.is_sqlite:
        (server.settings.data / name).write_text("mine")
    else:
        with practice.database.write() as session:
            session.connection().exec_driver_sql(f'CREATE SCHEMA "{name}"')

    code, said = server.restore(backup)
    assert code == 1
    assert "The office was not restored, and is as it was." in said
    assert what_the_office_holds(practice) == before
    assert check(practice.office.settings, [].append) == 0
    practice.clock.forward(seconds=1)
    assert server.restore(backup)[0] == 0


@pytest.mark.parametrize("over", [True, False])
def test_a_present_office_is_replaced_only_when_that_was_said_and_is_kept_aside(
    practice: Practice, server: Server, over: bool
) -> None:
    backup = server.back_up()
    practice.act("maria", "devices.enrol", {"device_id": practice.staff["ana"], "name": "Mine", "purpose": "desk"})
    before = what_the_office_holds(practice)
    code, said = server.restore(backup, over=over)
    if over:
        assert code == 0
        assert "The office as it was before is kept in" in said
        assert what_the_office_holds(practice) != before
    else:
        assert code == 1
        assert "run this again with --over" in said
        assert what_the_office_holds(practice) == before


def test_nothing_is_restored_under_a_server_that_runs(practice: Practice, server: Server) -> None:
    backup = server.back_up()
    before = what_the_office_holds(practice)
    code, said = server.told(restore, backup, server.phrase, over=True)
    assert code == 1
    assert "A server of this office still has its database open." in said
    assert what_the_office_holds(practice) == before


def test_a_phrase_that_cannot_be_kept_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "a file").touch()
    said: list[str] = []
    assert make_phrase(Settings(data=tmp_path / "a file"), new=True, say=said.append) == 1
    assert len(said) == 1
    assert "No phrase was made" in said[0]
    (tmp_path / "recovery.json").mkdir()
    with pytest.raises(SystemExit, match=r"cannot be read\. Make a new recovery phrase"):
        make_phrase(Settings(data=tmp_path), new=False, say=said.append)


def test_a_report_of_a_database_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "daysheet.sqlite3").write_bytes(b"something else altogether" * 100)
    said: list[str] = []
    assert tell_report(Settings(data=tmp_path), said.append) == 1
    assert said == ["The office’s database cannot be read, so there is no report. file is not a database"]


def test_a_backup_that_ends_before_its_feed_did_is_not_whole(practice: Practice, server: Server) -> None:
    manifest = describe(snapshot(practice, server), "2026-11-23T13:30:00.000Z")
    found = server.folder / "snapshot"
    assert list(differences(found, manifest, 0)) == []
    for other in ({"epoch": "another"}, {"head": manifest.head + 1}):
        [wrong] = differences(found, msgspec.structs.replace(manifest, **other), 0)
        assert wrong.startswith(f"the feed of epoch {manifest.epoch} ends at {manifest.head}, and that of ")


def snapshot(practice: Practice, server: Server) -> Path:
    server.folder.mkdir()
    take_snapshot(server.settings.database_url, server.folder / "snapshot")
    return server.folder / "snapshot"
