"""What left a sheet is told for ninety days; who was away for longer is sent that sheet afresh, and no other."""

import random
from typing import Any

import pytest
from sqlalchemy import func, not_, select

from backend.app import ROOMS
from backend.checking import report
from backend.feed_tables import feed_head, seen_row, sheet_row
from backend.house import sheets_of
from backend.ids import new_id
from backend.kept_sheets import KeptSheets
from backend.painting import Painted
from backend.pulling import since
from backend.shelf import Shelf
from tests.practice import Practice

TODAY, TOMORROW = "visits/main/2026-11-23", "visits/main/2026-11-24"
NAMES = [TODAY, TOMORROW, "patients/main"]
EVERYTHING = 10**6


def book(practice: Practice, who: str, day: str) -> None:
    known = {"visit_id": practice.visits[who], "patient_id": practice.patients[who]}
    practice.act("maria", "scheduling.book_visit", {**known, "starts_at": f"2026-11-{day}T14:00:00Z"})


def gone(practice: Practice, sheet: str) -> set[str]:
    """What the feed still says of what left a sheet."""
    with practice.database.read() as session:
        c = sheet_row.c
        return set(session.execute(select(c.id).where(c.sheet == sheet, not_(c.present))).scalars())


def floor(practice: Practice) -> int:
    with practice.database.read() as session:
        return session.execute(select(feed_head.c.floor)).scalar_one()


class Copy:
    """A device's copy of some sheets, pulled page by page straight from the feed."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice
        self.cursors: dict[str, Any] = {}
        self.rows: dict[str, dict[Any, Any]] = {}

    def pull(self, room: int = EVERYTHING) -> tuple[list[str], bool]:
        """One answer; the sheets that came afresh, and whether there is more."""
        with self.practice.database.read() as session:
            pages, more = since(session, NAMES, self.cursors, room=room)
        for name, page in pages.items():
            rows = {} if page.get("fresh") else self.rows[name]
            self.rows[name] = rows
            for kind, id, version, body in page["rows"]:
                if body is None:
                    rows.pop((kind, id), None)
                else:
                    rows[kind, id] = version
            self.cursors[name] = page["cursor"]
        return [name for name, page in pages.items() if page.get("fresh")], more

    def pull_all(self, room: int = EVERYTHING) -> None:
        for _ in range(200):
            if not self.pull(room)[1]:
                return
        raise AssertionError("it never ends")


def whole(practice: Practice) -> dict[str, dict[Any, Any]]:
    copy = Copy(practice)
    copy.pull_all()
    return copy.rows


def test_a_tablet_that_was_away_too_long_gets_that_sheet_afresh_and_no_other(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    odd = tablet.command("checkin.levitate", {})
    tablet.sync([odd])
    attention = f"attention/{practice.staff['ana']}"
    assert ("case", odd["command_id"]) in tablet.sheets[attention]
    practice.act("maria", "sync.close_case", {"case_id": odd["command_id"], "reason": "Asked"})
    practice.later(days=91)
    assert odd["command_id"] not in gone(practice, attention)
    told = tablet.sync()["sheets"]
    assert told[attention]["fresh"]
    assert tablet.sheets[attention] == {}
    assert "patients/main" not in told, "nothing changed there, so nothing can have been missed"


def test_a_tablet_that_was_away_for_less_is_told_what_left(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    odd = tablet.command("checkin.levitate", {})
    tablet.sync([odd])
    attention = f"attention/{practice.staff['ana']}"
    practice.clock.forward(days=60)
    practice.act("maria", "sync.close_case", {"case_id": odd["command_id"], "reason": "Asked"})
    practice.later(days=89)
    page = tablet.sync()["sheets"][attention]
    assert ["case", odd["command_id"], 2, None] in page["rows"]
    assert "fresh" not in page
    assert tablet.sheets[attention] == {}


def test_purging_takes_what_left_and_nothing_that_is_there(practice: Practice) -> None:
    book(practice, "alma", "24")
    practice.act("ana", "checkin.record_arrival", {"visit_id": practice.visits["bruno"]})
    before, alma = whole(practice), practice.visits["alma"]
    assert alma in gone(practice, TODAY)
    practice.later(days=89)
    assert (alma in gone(practice, TODAY), floor(practice)) == (True, 0)
    practice.later(days=2)
    assert gone(practice, TODAY) == set()
    raised = floor(practice)
    assert raised > 0
    assert whole(practice) == before
    practice.clock.forward(days=-200)
    practice.later(days=1)
    assert floor(practice) == raised, "a clock that was put back takes nothing back"
    with practice.database.read() as session:
        said: list[str] = []
        assert report(session, sheets_of(ROOMS), practice.office.settings.anchors_path, said.append) == 0, said


def test_what_is_gone_for_good_is_not_kept_as_gone_for_ever(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    entry = tablet.command("checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    tablet.sync([entry])
    receipts = select(func.count()).select_from(seen_row).where(seen_row.c.kind == "receipt")
    for days in (31, 1, 91):
        practice.later(days=days)
    with practice.database.read() as session:
        assert session.execute(receipts).scalar() == 0
    # Handed in again by a device whose profile was restored, it is told again.
    tablet.sync([entry])
    assert tablet.receipt(entry)["outcome"] == "applied"
    assert len(practice.entries("checkin.record_arrival")) == 1


def test_a_first_copy_that_takes_many_pages_is_not_begun_again_by_a_purge(practice: Practice) -> None:
    book(practice, "alma", "24")
    book(practice, "alma", "23")
    practice.later(days=91)
    practice.act("maria", "patients.import_patient", {"patient_id": new_id(), "family": "Ng", "given": "Li"})
    book(practice, "bruno", "24")
    practice.later(days=91)
    assert floor(practice) > 0
    copy = Copy(practice)
    copy.pull_all(room=100)
    assert copy.rows == whole(practice)


def test_what_left_while_a_copy_was_on_its_way_does_not_stay(practice: Practice) -> None:
    copy = Copy(practice)
    for _ in range(3):
        assert copy.pull(room=100)[1]
    assert ("visit", practice.visits["alma"]) in copy.rows[TODAY]
    book(practice, "alma", "24")
    practice.later(days=91)
    practice.later(days=91)
    fresh, _ = copy.pull(room=100)
    assert fresh == [TODAY], "what has left since is known to nobody, so it begins again"
    copy.pull_all(room=100)
    assert copy.rows == whole(practice)
    assert ("visit", practice.visits["alma"]) not in copy.rows[TODAY]


@pytest.mark.parametrize("seed", range(4))
def test_whatever_comes_and_goes_a_copy_ends_as_the_office_has_it(practice: Practice, seed: int) -> None:
    chance, copy = random.Random(seed), Copy(practice)
    for _ in range(60):
        what = chance.choice(["book", "book", "pull", "pull", "wait"])
        if what == "book":
            book(practice, chance.choice(["alma", "bruno", "chiara"]), chance.choice(["23", "24"]))
        elif what == "pull":
            copy.pull(chance.choice([50, 400, 5_000]))
        else:
            practice.later(days=chance.choice([1, 50, 100]))
    copy.pull_all(300)
    assert copy.rows == whole(practice)


def test_a_process_that_kept_a_sheet_for_months_shows_nothing_that_left(practice: Practice) -> None:
    kept = KeptSheets()

    def shown() -> set[str]:
        with practice.database.read() as session:
            view = Painted(Shelf(session, kept=kept)).within([TODAY])
            return {row["id"] for row in view.rows("visit")}

    assert practice.visits["alma"] in shown()
    book(practice, "alma", "24")
    practice.later(days=91)
    practice.later(days=91)
    assert practice.visits["alma"] not in gone(practice, TODAY)
    assert shown() == {practice.visits["bruno"], practice.visits["chiara"]}
