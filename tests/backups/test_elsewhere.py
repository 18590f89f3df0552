"""Another machine, another engine, or what is left of a damaged database: the office comes up again from one file."""

from pathlib import Path

from sqlalchemy import text

from backend.backup_commands import back_up, tell_report
from backend.checking import check
from backend.restoring import restore
from backend.settings import Settings
from tests.backups.cast import Keeping, Server
from tests.practice import Practice, open_practice


def test_an_office_moves_to_the_other_engine_and_back_by_its_backup(
    practice: Practice, server: Server, empty_database: str, tmp_path: Path
) -> None:
    anas = Keeping(practice.tablet("Tablet 1", "ana"))
    anas.do("checkin.record_arrival", visit_id=practice.visits["alma"])
    anas.reach_the_office()
    before = {name: practice.row("visit", id) for name, id in practice.visits.items()}
    own_file = Settings(data=tmp_path / "file", timed_jobs=False)
    said: list[str] = []
    assert restore(own_file, server.back_up(), server.phrase, False, practice.clock, said.append) == 0, said
    assert check(own_file, said.append) == 0, said
    assert back_up(own_file, tmp_path / "second.backup", practice.clock, said.append) == 0, said

    as_before = Settings(data=tmp_path / "again", database=empty_database, timed_jobs=False)
    backup = tmp_path / "second.backup"
    assert restore(as_before, backup, server.phrase, False, practice.clock, said.append) == 0, said
    assert check(as_before, said.append) == 0, said
    with open_practice(empty_database, tmp_path / "again", practice.cast) as moved:
        assert {name: moved.row("visit", id) for name, id in moved.visits.items()} == before
        # The same tablet, at the same address: it goes on.
        anas.tablet.practice = moved
        moved.clock.moment = practice.clock.now()
        anas.do("checkin.record_arrival", visit_id=moved.visits["bruno"])
        anas.reach_the_office()
        assert anas.outcomes() == ["applied", "applied"]


def test_over_a_damaged_database_everything_comes_back_that_devices_hold(practice: Practice, server: Server) -> None:
    anas = Keeping(practice.tablet("Tablet 1", "ana"))
    backup = server.back_up()
    anas.do("checkin.record_arrival", visit_id=practice.visits["alma"])
    anas.reach_the_office()
    practice.clock.forward(hours=1)
    if practice.database.is_sqlite:
        practice.database.close()
        Path(practice.database.url.removeprefix("sqlite:///")).write_bytes(b"what a dying disk leaves" * 1000)
    else:
        with practice.database.write() as session:
            session.execute(text("ALTER TABLE journal DROP COLUMN payload"))
    code, said = server.restore(backup)
    assert code == 0, said
    assert "What was done since cannot be read here" in said
    practice.clock.forward(minutes=1)
    anas.reach_the_office()
    assert anas.outcomes() == ["applied"]
    told: list[str] = []
    assert tell_report(server.settings, told.append) == 0
    assert "Came back by itself: 1" in told
    assert "What else there was is not known: the database before could not be read." in told
