"""The tablets' clocks are three hours behind the office's, and by the office's it is past midnight."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from backend.office import sites
from tests.browser.office import OfficeServer, prepare
from tests.browser.test_killed import stop_workers

BEHIND = timedelta(hours=3)
# To the minute is how well a device knows what its clock is wrong by.
A_MINUTE = timedelta(minutes=1)


def zone_where_it_is(hour: int, now: datetime) -> str:
    """A zone without summer time. POSIX signs: `Etc/GMT+5` is five hours behind UTC."""
    ahead = (hour - now.hour + 11) % 24 - 11
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[OfficeServer]:
    """At the tablets it is past nine in the evening; at the office the next day has begun, with its own visits."""
    now, folder = datetime.now(UTC), tmp_path / "prepared"
    folder.mkdir()
    prepare(folder, now + BEHIND, zone_where_it_is(21, now))
    office = OfficeServer(folder, tmp_path / "office")
    office.ahead = BEHIND
    office.start()
    yield office
    office.kill()


def test_order_and_day_are_the_offices_and_a_time_that_nobody_can_know_is_about(office, new_tablet):
    anas, bens = new_tablet(), new_tablet()
    anas.enrol("Tablet 1", "ana")
    bens.enrol("Tablet 2", "ben")
    expect(anas.page.locator("#clock")).to_contain_text("This device's clock is behind by 3 h 00 min.")
    office.stop()
    before = datetime.now(UTC) + BEHIND - A_MINUTE
    anas.tap("Arrive Alma Castellanos")
    anas.shows("Alma Castellanos", "arrived", unsent=True)
    anas.follow("Walk-in")
    anas.find("nov")
    anas.tap("Walk in Dina Novak")
    anas.shows("Dina Novak", "arrived", unsent=True)
    between = datetime.now(UTC) + BEHIND
    anas.context.set_offline(True)
    # What ran on since the taps is gone with the worker: only the clock on the wall can say now when they were.
    stop_workers(anas)
    bens.tap("Arrive Alma Castellanos")
    bens.shows("Alma Castellanos", "arrived", unsent=True)
    after = datetime.now(UTC) + BEHIND + A_MINUTE
    office.start()
    bens.pill_says(online=True, waiting=0)
    anas.context.set_offline(False)
    anas.pill_says(online=True, waiting=0)

    ben, ana = office.events("Castellanos")
    assert (ben.happened_about, ana.happened_about) == (False, True)
    assert before < ana.happened_at < between + A_MINUTE
    assert between < ben.happened_at < after
    with office.read() as session:
        [site] = sites(session)
    today = after.astimezone(ZoneInfo(site.zone_name)).date()
    assert [visit.day for family in ("Castellanos", "Novak") for visit in office.visits(family)] == [today, today]
    for tablet in (anas, bens):
        tablet.open()
        tablet.shows("Alma Castellanos", "arrived", unsent=False)
        tablet.shows("Dina Novak", "arrived", unsent=False)
    anas.follow("Alma Castellanos")
    expect(anas.page.get_by_text(re.compile(r"Also recorded at about (12|1):\d\d am by Ana Garrido"))).to_be_visible()
    assert office.broken_link() is None
