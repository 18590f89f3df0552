"""Two tablets that tell different stories of one arrival agree again, and nobody's word is lost."""

from datetime import UTC, datetime

import msgspec
import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from backend.feed import seen_row
from tests.browser.tablet import Tablet


@pytest.fixture
def two(new_tablet) -> tuple[Tablet, Tablet]:
    """Ana's and Ben's."""
    anas, bens = new_tablet(), new_tablet()
    anas.enrol("Tablet 1", "ana")
    bens.enrol("Tablet 2", "ben")
    return anas, bens


def test_the_same_arrival_on_two_tablets_offline_is_one_arrival_at_the_earlier_time(office, two):
    anas, bens = two
    office.stop()
    anas.tap("Arrive Alma Castellanos")
    anas.shows("Alma Castellanos", "arrived", unsent=True)
    between = datetime.now(UTC)
    bens.tap("Arrive Alma Castellanos")
    bens.shows("Alma Castellanos", "arrived", unsent=True)
    bens.tap("Arrive Bruno O’Hara")

    # Ana saw it first and hands it in last, so neither order alone can be what decides.
    anas.context.set_offline(True)
    office.start()
    bens.pill_says(online=True, waiting=0)
    anas.context.set_offline(False)
    anas.pill_says(online=True, waiting=0)
    news = anas.page.locator("#news")
    expect(news).to_contain_text("1 patient arrived while this device was offline (Ben Ito)")
    anas.tap("Dismiss")
    expect(news.get_by_role("button")).to_have_count(0)

    [visit] = office.visits("Castellanos")
    assert visit.status == "arrived"
    seen = office.events("Castellanos")
    assert [event.what for event in seen] == ["arrived", "arrived"]
    assert seen[1].happened_at < between < seen[0].happened_at
    assert datetime.fromisoformat(row_of(office, visit.id)["arrived_at"]) == seen[1].happened_at

    anas.open("/device")
    told = anas.page.locator("li[data-row^='entry:']")
    expect(told).to_have_count(1)
    expect(told).to_contain_text("Already arrived at")
    expect(told).to_contain_text("by Ben Ito on Tablet 2.")
    for tablet in two:
        tablet.open()
        tablet.shows("Alma Castellanos", "arrived", unsent=False)
        tablet.follow("Alma Castellanos")
        expect(tablet.page.get_by_text("Also recorded at")).to_contain_text("by Ana Garrido on Tablet 1.")
        expect(tablet.page.get_by_text("Unknown patient")).to_have_count(0)


def test_what_one_tablet_records_shows_on_the_other_without_a_tap(two):
    anas, bens = two
    anas.tap("Arrive Farid Haddad")
    anas.shows("Farid Haddad", "arrived", unsent=False)

    bens.shows("Farid Haddad", "arrived", unsent=False)
    expect(bens.page.get_by_role("link", name="Identify Farid Haddad")).to_be_visible()


def row_of(office, visit_id: str) -> dict:
    with office.read() as session:
        query = select(seen_row.c.body).where(seen_row.c.kind == "visit", seen_row.c.id == visit_id)
        return msgspec.json.decode(session.execute(query).scalar_one())
