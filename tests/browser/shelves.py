"""A supply room of twelve shelves with fifteen items each, and a phone in the hands of somebody who counts there."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from playwright.sync_api import Locator, expect
from sqlalchemy import select

from backend.clock import Clock
from backend.ids import new_id
from backend.inventory import ReceiveStock, RecordItem, RecordPlace, SetPar, Stock, stock_that_differs
from tests.browser.office import OfficeServer, giving
from tests.browser.tablet import PHONE, Tablet, until

ROOM = "Supply room"
# Two lots stand on the second shelf; what is controlled, on the first.
CONTROLLED, LOTS = "Item 01-15", {"Item 02-14": {"A7": 12, "B8": 5}}


def name_of(shelf: int, number: int) -> str:
    return f"Item {shelf:02}-{number:02}"


def on_hand(shelf: int, number: int) -> int:
    """What the book has of it; lots are beside."""
    return 20 + shelf + number


class LastWeek(Clock):
    """What lies on the shelves came days ago."""

    def now(self) -> datetime:
        return super().now() - timedelta(days=5)


class Shelves:
    """The supply room of an office that runs."""

    def __init__(self, office: OfficeServer, shelves: int = 12, items: int = 15) -> None:
        self.office, self.ids, self.places = office, {}, {}
        with giving(office.folder, clock=LastWeek()) as giver:
            give = giver.give
            room = new_id()
            give(RecordPlace, place_id=room, kind="room", name=ROOM)
            for shelf in range(1, shelves + 1):
                place = self.places[shelf] = new_id()
                give(RecordPlace, place_id=place, kind="bin", name=f"Shelf {shelf:02}", parent_id=room)
                for number in range(1, items + 1):
                    self.stock(give, place, shelf, number)

    def stock(self, give, place: str, shelf: int, number: int) -> None:
        name = name_of(shelf, number)
        item = self.ids[name] = new_id()
        give(
            RecordItem, item_id=item, name=name, base_unit="each", abc="C", cost_cents=150, has_lots=name in LOTS,
            controlled=name == CONTROLLED, packs=[{"name": "box", "holds": 10}], codes=[{"code": name.upper()}],
        )  # fmt: skip
        give(SetPar, place_id=place, item_id=item, least=5, most=50)
        for lot, quantity in LOTS.get(name, {"": on_hand(shelf, number)}).items():
            give(ReceiveStock, item_id=item, place_id=place, quantity=quantity, **({"lot": lot} if lot else {}))

    def has(self, name: str) -> int:
        """What the office has of an item, over all lots."""
        with self.office.read() as session:
            return sum(session.scalars(select(Stock.on_hand).where(Stock.item_id == self.ids[name])))

    def differ(self) -> list[str]:
        """Balances that are not the sum of their movements."""
        with self.office.read() as session:
            return list(stock_that_differs(session))


class Counter(Tablet):
    """A phone that counts, held upright."""

    def open_count(self) -> None:
        self.open("/counts")
        self.page.locator("li[data-row^='count:'][data-status=open] h2 a").first.click()
        expect(self.page.locator("#counting")).to_be_visible()

    def stand_at(self, shelf: int) -> None:
        """Choose a shelf, or take it over; who stands there already need not."""
        here = self.page.locator(".here h2")
        if here.count() and here.inner_text() == f"{ROOM} › Shelf {shelf:02}":
            return
        places = self.page.locator("details.shelves")
        button = places.get_by_role("button", name=f"Shelf {shelf:02}")
        # The list may close by itself just now, with the news of where this person stands already.
        until(lambda: button.is_visible() or places.locator("summary").click(), "the places are shown")
        button.click()
        expect(self.page.locator(".here h2")).to_have_text(f"{ROOM} › Shelf {shelf:02}")

    def counts(self, name: str, quantity: int, lot: str = "") -> None:
        """Pick it, say how many, and read that it was taken."""
        self.page.get_by_role("link", name=name, exact=True).first.click()
        expect(self.page.locator(".pad h3")).to_have_text(name)
        self.page.locator(".pad").get_by_label("each", exact=True).fill(str(quantity))
        if lot:
            self.page.locator(".pad").get_by_label("Lot (optional)").fill(lot)
        self.tap("So many are here")
        expect(self.tally(name)).to_contain_text(f"{quantity} each")

    def scans(self, name: str) -> None:
        """By the code on it, typed."""
        self.type("Scan or type a code", name.upper())
        self.tap("Count one")
        expect(self.tally(name)).to_be_visible()

    def tally(self, name: str) -> Locator:
        """What I counted of an item."""
        link = self.page.get_by_role("link", name=name, exact=True)
        return self.page.locator("li[data-row^='tally:']", has=link)

    def left(self) -> list[str]:
        """What is left to count here."""
        return self.page.locator("ul.left a").all_inner_texts()

    def hands_in(self) -> None:
        self.tap("Hand in this place")
        expect(self.page.locator(".here .line").first).to_contain_text("Handed in")


def drained(*tablets: Tablet) -> None:
    """Until nothing waits on any of them."""
    for tablet in tablets:
        tablet.pill_says(online=True, waiting=0, timeout=60_000)


def phone_of(new_tablet: Callable[..., Tablet], name: str, who: str, purpose: str = "count") -> Counter:
    """Somebody's phone, enrolled and unlocked."""
    made = new_tablet(viewport=PHONE)
    phone = Counter(made.context, made.office, made.complaints)
    phone.enrol(name, who, purpose)
    return phone


def use(desk: Tablet, shelves: Shelves, name: str, quantity: int) -> None:
    """Some of it leaves the shelf, at a desk that has no signal either."""
    desk.open(f"/supplies/items/{shelves.ids[name]}")
    desk.page.locator("summary", has_text="Use").first.click()
    form = desk.page.locator("#use")
    form.get_by_label("How many", exact=True).fill(str(quantity))
    form.get_by_role("button", name="Record the use").click()
    shelf, number = int(name[5:7]), int(name[8:10])
    expect(desk.page.locator("#on_hand")).to_contain_text(str(on_hand(shelf, number) - quantity))


def say_yes(card: Locator, cause: str) -> None:
    """On the card of a request for which somebody says why."""
    card.get_by_label("Reason", exact=True).select_option("unrecorded_use")
    card.get_by_label("Root cause", exact=True).fill(cause)
    card.get_by_role("button", name=re.compile("^Approve")).click()
