"""A phone for counting never learns how many there should be: not on its screen, not in its binder, not on its disk."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from backend.counts import AskForCount
from backend.counts.models import Finding
from backend.ids import new_id
from backend.inventory import ReceiveStock, RecordItem, RecordPlace
from tests.browser.chrome import Chrome
from tests.browser.held import held
from tests.browser.office import OfficeServer, giving
from tests.browser.profile import Wanted, hits
from tests.browser.shelves import Counter, phone_of
from tests.browser.tablet import Tablet, until

NAME = "Phone Quillback"
# What the book has, which nobody at the shelf is told; and what somebody at the shelf finds.
BOOK = {"Marked gloves": 739_194, "Marked syringes": 864_135}
FOUND = {"Marked gloves": 739_180, "Marked syringes": 512_077}
EXPECTED = [*map(str, BOOK.values()), str(864_135 - 512_077)]
PAGES = ("/counts", "/device", "/attention", "/supplies", "/approvals", "/account", "/counts/tolerances")


@pytest.fixture
def asked(office: OfficeServer) -> tuple[OfficeServer, str]:
    """The office with a shelf of two marked items, and the id of the count of it that it asked for."""
    office.stop()
    place, count = new_id(), new_id()
    with giving(office.folder) as giver:
        giver.give(RecordPlace, place_id=place, kind="room", name="Marked shelf")
        for name, quantity in BOOK.items():
            item = new_id()
            giver.give(RecordItem, item_id=item, name=name, base_unit="each", abc="C")
            giver.give(ReceiveStock, item_id=item, place_id=place, quantity=quantity)
        giver.give(AskForCount, count_id=count, kind="full", place_id=place)
    office.start()
    return office, count


def told(text: str) -> list[str]:
    """Which of the numbers that nobody at the shelf may know stand in it."""
    return [number for number in EXPECTED if re.search(rf"(?<![0-9a-f]){number}(?![0-9a-f])", text.replace(",", ""))]


def all_of(office: OfficeServer, tablet: Tablet, name: str) -> str:
    return json.dumps(held(office, tablet, name))


def handed_in(office: OfficeServer) -> int:
    with office.read() as session:
        return len(list(session.scalars(select(Finding.id))))


def test_a_phone_for_counting_never_holds_or_shows_how_many_there_should_be(
    asked: tuple[OfficeServer, str], chrome: Chrome, new_tablet
) -> None:
    office, count = asked
    complaints: list[str] = []
    phone = Counter(chrome.start(), office, complaints)
    phone.enrol(NAME, "dana", "count")
    phone.open("/counts")
    phone.follow("Marked shelf")
    phone.tap("Count in Marked shelf")
    for name in BOOK:
        phone.counts(name, FOUND[name])
        assert told(phone.page.content()) == []
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


def test_a_list_that_somebody_opened_stays_open_when_there_is_news_in_it(
    asked: tuple[OfficeServer, str], new_tablet: Callable[..., Tablet]
) -> None:
    dana, ben = phone_of(new_tablet, "Phone 1", "dana"), phone_of(new_tablet, "Phone 2", "ben")
    for phone in (dana, ben):
        phone.open("/counts")
        phone.follow("Marked shelf")
    dana.tap("Count in Marked shelf")
    expect(dana.page.locator(".here h2")).to_have_text("Marked shelf")
    places = dana.page.locator("details.shelves")
    expect(places.get_by_role("button", name="Marked shelf")).to_be_hidden()
    places.locator("summary").click()
    expect(ben.page.locator("details.shelves")).to_contain_text("Dana")
    ben.tap("Take over Marked shelf")
    expect(places).to_contain_text("Ben")
    expect(places.get_by_role("button", name="Marked shelf")).to_be_visible()
