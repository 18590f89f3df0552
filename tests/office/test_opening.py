"""A site is opened, and its calendar is kept ahead of today."""

from datetime import datetime

import pytest

from backend.office import days_held
from tests.practice import SITE, Practice

OPEN, KEEP = "office.open_site", "office.keep_calendar"
MAIN = {"site_id": "main", "name": "Maple Street", "zone_name": "America/New_York"}


def held(practice: Practice) -> list[str]:
    with practice.database.read() as session:
        return [str(day) for day in days_held(session, SITE, practice.clock.now())]


def test_a_site_is_seen_with_its_zone_and_hours(practice: Practice) -> None:
    receipt = practice.act("maria", OPEN, {**MAIN, "phone": "555 0100", "hours": ["Mon to Fri 8:00 to 17:00"]})
    assert receipt.outcome == "applied"
    row = practice.row("site", "main")
    assert row is not None
    assert (row["name"], row["hours"]) == ("Maple Street", ["Mon to Fri 8:00 to 17:00"])
    assert practice.sheets_with("site", "main") == {"office/main"}


def test_opening_the_same_site_again_changes_nothing_that_was_not_said(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1", "maria", "desk")
    tablet.sync()
    before = tablet.sheets["office/main"]
    entry = tablet.command(OPEN, {**MAIN, "name": SITE.name})
    tablet.send([entry])
    tablet.sync([entry])
    assert tablet.receipt(entry)["outcome"] == "applied"
    assert len(practice.entries(OPEN)) == 2
    assert tablet.sheets["office/main"] == before


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"zone_name": "Mars/Olympus"}, "no_such_zone"),
        ({"zone_name": "../../etc/passwd"}, "no_such_zone"),
        ({"language": "tlh"}, "unreadable"),
        ({"site_id": "Main Street"}, "unreadable"),
        ({"open_weekdays": "89"}, "unreadable"),
    ],
)
def test_a_site_that_cannot_be_is_refused(practice: Practice, changes: dict[str, str], code: str) -> None:
    receipt = practice.act("maria", OPEN, {**MAIN, **changes})
    assert (receipt.outcome, receipt.code) == ("refused", code)
    assert practice.row("site", "main")["name"] == SITE.name  # type: ignore[index]


def test_only_managers_open_sites_and_keep_the_calendar(practice: Practice) -> None:
    assert practice.act("ana", OPEN, MAIN).outcome == "refused"
    assert practice.act("ana", KEEP, {"site_id": "main"}).outcome == "held"


def test_a_tablet_holds_the_last_office_day_today_and_the_next_three(practice: Practice) -> None:
    assert held(practice) == ["2026-11-20", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"]


def test_on_a_friday_the_next_office_days_are_next_week(practice: Practice) -> None:
    practice.clock.forward(days=4)
    assert held(practice) == ["2026-11-26", "2026-11-27", "2026-11-30", "2026-12-01", "2026-12-02"]


def test_on_a_sunday_today_is_held_although_the_office_is_closed(practice: Practice) -> None:
    practice.clock.forward(days=6)
    assert held(practice) == ["2026-11-27", "2026-11-29", "2026-11-30", "2026-12-01", "2026-12-02"]


def test_the_day_turns_at_the_offices_midnight(practice: Practice) -> None:
    practice.clock.moment = datetime.fromisoformat("2026-11-24T04:59:00+00:00")
    assert held(practice)[1] == "2026-11-23"
    practice.clock.forward(minutes=2)
    assert held(practice)[1] == "2026-11-24"


def test_a_week_with_other_days_moves_what_is_held(practice: Practice) -> None:
    practice.act("maria", OPEN, {**MAIN, "open_weekdays": "136"})
    assert held(practice) == ["2026-11-21", "2026-11-23", "2026-11-25", "2026-11-28", "2026-11-30"]
    assert practice.row("office_day", "main/2026-11-24")["open"] is False  # type: ignore[index]


def test_the_calendar_is_kept_ahead_and_keeping_it_twice_changes_nothing(practice: Practice) -> None:
    practice.clock.forward(days=30)
    assert practice.row("office_day", "main/2027-04-20") is None
    assert practice.act("maria", KEEP, {"site_id": "main"}).outcome == "applied"
    row = practice.row("office_day", "main/2027-04-20")
    assert row is not None
    tablet = practice.tablet("Tablet 1", "ana", "desk")
    tablet.sync()
    cursor = tablet.cursors["office/main"]
    practice.act("maria", KEEP, {"site_id": "main"})
    assert "office/main" not in tablet.sync()["sheets"], "nothing new was published"
    assert tablet.cursors["office/main"] == cursor


def test_a_site_that_is_not_there_is_said_to_be_missing(practice: Practice) -> None:
    receipt = practice.act("maria", KEEP, {"site_id": "nowhere"})
    assert (receipt.outcome, receipt.code) == ("held", "missing")


def test_the_board_offers_the_days_around_today(practice: Practice) -> None:
    text = practice.browser("ana").get("/checkin").text
    days = [day for day in range(18, 30) if f'href="/checkin/2026-11-{day}"' in text]
    assert days == [20, 23, 24, 25, 26]
