"""A backup is one sealed file that was read back, or it is not there at all."""

import re
from pathlib import Path

import msgspec
import pytest

from backend.backing_up import gather, one_at_a_time, write
from backend.backup_commands import back_up, make_phrase
from backend.checking import check
from backend.crockford import ALPHABET
from backend.recovery import find_recovery_key
from backend.restoring import restore
from backend.settings import Settings
from tests.backups.cast import Server, what_the_office_holds
from tests.files.sending import cabinet, id_of, picture, send_whole
from tests.practice import Practice
from tests.privacy.looks import looks

ROOT = Path(__file__).parents[2]


def test_a_backup_is_read_back_and_managers_see_that_it_was_made(practice: Practice, server: Server) -> None:
    page = practice.browser("maria").get("/backups")
    assert "This office was never restored." in page.text
    assert re.search(r"data-made>\s*<span[^>]*>.*Never", page.text)
    code, said = server.told(back_up, server.folder)
    assert code == 0
    assert "read back: it opens, the database and both chains are whole" in said
    [entry] = practice.entries("backups.record_backup")
    assert entry.outcome == "applied"
    page = practice.browser("maria").get("/backups").text
    assert "Mon, Nov 23, 8:30 am" in page[page.index("data-made") :]
    practice.clock.forward(days=3)
    assert "Overdue" in practice.browser("maria").get("/backups").text
    assert practice.browser("ana").get("/backups").status_code == 403


def test_nothing_of_the_office_can_be_read_in_it(practice: Practice, server: Server) -> None:
    backup = server.back_up()
    content = backup.read_bytes()
    for word in ("Castellanos", "Maria", "5550100101", "SQLite", "journal"):
        assert word.encode() not in content
    assert server.phrase.encode() not in content
    assert backup.stat().st_mode & 0o077 == 0


def test_without_a_phrase_there_is_no_backup_and_a_sentence(practice: Practice, tmp_path: Path) -> None:
    said: list[str] = []
    assert back_up(practice.office.settings, tmp_path / "out", practice.clock, said.append) == 1
    assert said == ["There is no recovery phrase for this office yet. Make one, and write it down: "
                    "./daysheet recovery-phrase"]  # fmt: skip
    assert not list(tmp_path.rglob("*.backup"))


def test_a_second_phrase_is_made_only_when_that_was_said_and_opens_what_comes_after(
    practice: Practice, server: Server
) -> None:
    old = server.back_up()
    said: list[str] = []
    assert make_phrase(server.settings, new=False, say=said.append) == 1
    assert "There is a recovery phrase already" in said[0]
    first, again = server.phrase, Server.__new__(Server)
    assert make_phrase(server.settings, new=True, say=said.append) == 0
    again.phrase = next(line.strip() for line in "\n".join(said).splitlines() if line.startswith("    "))
    practice.clock.forward(seconds=1)
    fresh = server.back_up()
    assert "belongs to another key" in server.restore(old, again.phrase)[1]
    assert "belongs to another key" in server.restore(fresh, first)[1]
    assert server.restore(fresh, again.phrase)[0] == 0
    practice.clock.forward(seconds=1)
    assert server.restore(old, first)[0] == 0


def test_a_phrase_may_be_typed_as_people_type(practice: Practice, server: Server) -> None:
    backup = server.back_up()
    typed = server.phrase.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert server.restore(backup, f"  {typed}\n")[0] == 0


@pytest.mark.parametrize("slip", ["letter", "swapped", "short", "nothing"])
def test_a_mistyped_phrase_is_told_from_a_wrong_one(practice: Practice, server: Server, slip: str) -> None:
    backup, phrase = server.back_up(), server.phrase
    at = next(at for at in range(35) if phrase[at] not in ("-", phrase[at + 1]) and phrase[at + 1] != "-")
    slips = {
        "letter": phrase[:at] + ALPHABET[(ALPHABET.index(phrase[at]) + 1) % 32] + phrase[at + 1 :],
        "swapped": phrase[:at] + phrase[at + 1] + phrase[at] + phrase[at + 2 :],
        "short": phrase[:-1],
        "nothing": " ",
    }
    before = what_the_office_holds(practice)
    code, said = server.restore(backup, slips[slip])
    assert (code, said[:32]) == (1, "That is no recovery phrase: 9 gr")
    assert what_the_office_holds(practice) == before


def test_a_backup_of_a_newer_version_asks_for_that_version(practice: Practice, server: Server) -> None:
    backup, key = server.folder / "newer.backup", find_recovery_key(server.settings)
    assert key is not None
    server.folder.mkdir()
    with one_at_a_time(server.settings.data) as folder, backup.open("wb") as file:
        manifest = msgspec.structs.replace(gather(server.settings, folder, "2026-11-23"), migration="9999", version="9")
        write(server.settings, folder, manifest, key, b"k" * 32, file)
    before = what_the_office_holds(practice)
    code, said = server.restore(backup)
    assert code == 1
    assert said == "This backup was made by a newer version of Daysheet (9) than this one. Install that one."
    assert what_the_office_holds(practice) == before


def test_a_database_of_another_version_is_not_backed_up_by_this_one(practice: Practice, server: Server) -> None:
    with practice.database.write() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    code, said = server.told(back_up, server.folder)
    assert code == 1
    assert said.startswith("No backup was made. The database is ")
    assert list(server.folder.iterdir()) == []


def test_files_and_the_key_that_opens_them_come_back_on_an_empty_machine(
    practice: Practice, server: Server, empty_database: str, tmp_path: Path
) -> None:
    photo = picture(600_000)
    send_whole(practice.tablet("Tablet 1"), photo)
    looks(practice)
    backup = server.back_up()
    elsewhere = Settings(data=tmp_path / "new", database=empty_database, timed_jobs=False)
    said: list[str] = []
    assert restore(elsewhere, backup, server.phrase, False, practice.clock, said.append) == 0, said
    assert (elsewhere.key_path.read_bytes(), elsewhere.key_path.stat().st_mode & 0o777) == (
        server.settings.key_path.read_bytes(), 0o600,
    )  # fmt: skip
    assert check(elsewhere, said.append) == 0, said
    assert sorted(path.name for path in (elsewhere.data / "files").rglob("?")) == ["0", "1", "2"]
    assert b"".join(cabinet(practice).read(id_of(photo), 3)) == photo
    code, told = server.told(back_up, server.folder / "another.backup")
    assert code == 0, told
