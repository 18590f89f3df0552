"""A drill restores a backup into a place of its own, and the office remembers how it went."""

import re
from typing import Any

from sqlalchemy import text

from backend.backups import RecordDrill
from backend.commands import tag_of
from backend.rehearsing import rehearse
from tests.backups.cast import Server, what_the_office_holds
from tests.practice import Practice


def result(practice: Practice) -> str:
    """What the manager's page says of the last drill."""
    page = practice.browser("maria").get("/backups").text
    return " ".join(re.sub(r"<[^>]+>", " ", page[page.index("data-drill") : page.index("</dl>")]).split())


def shown(held: dict[str, list[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
    """Every row that people see, except how backups stand."""
    return [row for row in held["seen_row"] if row[0] != "backup_standing"]


def test_a_drill_tries_a_backup_and_managers_see_when_and_how_it_went(practice: Practice, server: Server) -> None:
    before = {name: rows for name, rows in what_the_office_holds(practice).items() if name != "feed_head"}
    code, said = server.told(rehearse, None, None)
    assert code == 0, said
    assert re.search(r"Restored [\d.]+ MB with \d+ entries in [\d.]+ s: all as it should be.", said)
    assert "The recovery phrase was not tried." in said
    [entry] = practice.entries(tag_of(RecordDrill))
    assert entry.outcome == "applied"
    assert "Mon, Nov 23, 8:30 am" in result(practice)
    assert "All as it should be The recovery phrase was not tried" in result(practice)
    after = what_the_office_holds(practice)
    assert shown(after) == shown(before)
    assert after["journal"][: len(before["journal"])] == before["journal"]
    assert list(server.settings.data.glob("under-way-*")) == []


def test_a_backup_of_another_day_is_tried_with_the_paper_in_hand(practice: Practice, server: Server) -> None:
    backup = server.back_up()
    practice.clock.forward(days=1)
    assert "opens with the recovery phrase only" in server.told(rehearse, backup, None)[1]
    code, said = server.told(rehearse, backup, server.phrase)
    assert code == 0, said
    assert "Opened with the recovery phrase" in result(practice)
    practice.clock.forward(days=93)
    assert "Overdue" in result(practice)


def test_a_drill_that_finds_something_says_so_here_and_to_managers(practice: Practice, server: Server) -> None:
    with practice.database.write() as session:
        session.execute(text("UPDATE patient SET family = 'Castillo' WHERE family = 'Castellanos'"))
    code, said = server.told(rehearse, None, None)
    assert code == 1
    assert "something differs, see above" in said
    assert "Something differs" in result(practice)


def test_a_drill_of_a_damaged_backup_fails(practice: Practice, server: Server) -> None:
    backup = server.back_up()
    backup.write_bytes(backup.read_bytes()[:-1])
    code, said = server.told(rehearse, backup, server.phrase)
    assert code == 1
    assert said.startswith("The drill failed. This backup is")
    assert practice.entries(tag_of(RecordDrill)) == []
