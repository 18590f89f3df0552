"""A phone for counting never learns how many there should be: not on its screen, not in its binder, not on its disk."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect
from sqlalchemy import select

from backend.app import open_office
from backend.clock import Clock
from backend.counts import AskForCount
from backend.counts.models import Finding
from backend.database import Database
from backend.giving import Giver
from backend.identity import OFFICE
from backend.ids import new_id
from backend.inventory import ReceiveStock, RecordItem, RecordPlace
from backend.office import find_site
from backend.settings import Settings
from tests.browser.chrome import Chrome
from tests.browser.held import held
from tests.browser.office import OfficeServer
from tests.browser.profile import Wanted, hits
from tests.browser.tablet import Tablet, until
from tests.practice import front

NAME = "Phone Quillback"
# What the book has, which nobody at the shelf is told; and what somebody at the shelf finds.
BOOK = {"Marked gloves": 739_194, "Marked syringes": 864_135}
FOUND = {"Marked gloves": 739_180, "Marked syringes": 512_077}
EXPECTED = [*map(str, BOOK.values()), str(864_135 - 512_077)]
PAGES = ("/counts", "/device", "/attention", "/supplies", "/approvals", "/account", "/counts/tolerances")


@pytest.fixture
def chrome(playwright: Playwright, tmp_path: Path) -> Iterator[Chrome]:
    chrome = Chrome(playwright, tmp_path / "profile")
    yield chrome
    chrome.kill()


@pytest.fixture
def asked(office: OfficeServer) -> tuple[OfficeServer, str]:
    """The office with a shelf of two marked items, and the id of the count of it that it asked for."""
    office.stop()
    settings = Settings(data=office.folder)
    database = Database(settings.database_url)
    house = open_office(settings, Clock(), database, front())
    with database.read() as session:
        site = find_site(session, "main")
    assert site is not None
    give, place, count = Giver(house.performer, house.clock, site, OFFICE).give, new_id(), new_id()
    give(RecordPlace, place_id=place, kind="room", name="Marked shelf")
    for name, quantity in BOOK.items():
        item = new_id()
        give(RecordItem, item_id=item, name=name, base_unit="each", abc="C")
        give(ReceiveStock, item_id=item, place_id=place, quantity=quantity)
    give(AskForCount, count_id=count, kind="full", place_id=place)
    database.close()
    office.start()
    return office, count


def told(text: str) -> list[str]:
    """Which of the numbers that nobody at the shelf may know stand in it."""
    return [number for number in EXPECTED if re.search(rf"(?<![0-9a-f]){number}(?![0-9a-f])", text.replace(",", ""))]


def all_of(office: OfficeServer, tablet: Tablet, name: str) -> str:
    return json.dumps(held(office, tablet, name))


def see(phone: Tablet, name: str) -> None:
    """Pick an item of the list and say how many of it there are."""
    pad = phone.page.locator("#pad").get_by_role("heading", name=name)

    def picked() -> bool:
        # A repaint that was under way may put the list back; people tap again.
        phone.page.locator(".left").get_by_role("link", name=name, exact=True).click()
        phone.page.wait_for_timeout(300)
        return pad.is_visible()

    until(picked, f"{name} is picked")
    phone.type("each", str(FOUND[name]))
    phone.tap("So many are here")
    expect(phone.page.locator(".tallies").get_by_text(f"{FOUND[name]} each", exact=True)).to_be_visible()
    assert told(phone.page.content()) == []


def handed_in(office: OfficeServer) -> int:
    with office.read() as session:
        return len(list(session.scalars(select(Finding.id))))


def test_a_phone_for_counting_never_holds_or_shows_how_many_there_should_be(
    asked: tuple[OfficeServer, str], chrome: Chrome, new_tablet
) -> None:
    office, count = asked
    complaints: list[str] = []
    phone = Tablet(chrome.start(), office, complaints)
    phone.enrol(NAME, "dana", "count")
    phone.open("/counts")
    phone.follow("Marked shelf")
    phone.tap("Count in Marked shelf")
    for name in BOOK:
        see(phone, name)
    phone.tap("Hand in this place")
    until(lambda: handed_in(office) == 2, "both lines were handed in")
    phone.pill_says(waiting=0)
    # One line was posted and the other is counted again: the phone has heard of both.
    until(lambda: '"recount"' in all_of(office, phone, NAME), "the phone knows what is counted again")
    for path in (*PAGES, f"/counts/{count}", f"/counts/{count}/sheet", f"/counts/{count}/evidence"):
        phone.open(path)
        assert told(phone.page.content()) == [], path
    assert phone.page.request.get(f"{office.url}/inventory-reports/{count}").status == 403
    kept = all_of(office, phone, NAME)
    # The dump is of everything: what was counted is in it, and what it was compared with is not.
    assert str(FOUND["Marked syringes"]) in kept
    assert "Marked gloves" in kept
    assert told(kept) == []
    chrome.close()
    assert hits(chrome.profile, Wanted([NAME])) != []
    assert hits(chrome.profile, Wanted(EXPECTED)) == []

    # The same search at a desk finds them all, in what it holds and on its screen.
    desk = new_tablet()
    desk.enrol("Desk Quillback", "maria", "desk")
    desk.open(f"/counts/{count}/evidence")
    expect(desk.page.locator("#evidence").get_by_text(str(BOOK["Marked syringes"]))).to_be_visible()
    assert told(desk.page.content()) == EXPECTED
    assert told(all_of(office, desk, "Desk Quillback")) == EXPECTED
    assert complaints == []
