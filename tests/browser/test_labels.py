"""Every label of a catalogue, typed by a scanner and held before a camera, is counted: its item, unit, lot and expiry.

An ordinary run takes the invented rows, of every kind of symbol, and types some of the real ones. All 470 of these are
typed and shown by `DAYSHEET_EVERY_LABEL=1 ./daysheet test tests/browser/test_labels.py`, which takes 15 minutes.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect
from sqlalchemy import select

from backend.counts import AskForCount
from backend.counts.models import Observation
from backend.ids import new_id
from backend.inventory import ReceiveStock, RecordPlace
from backend.inventory.models import Item
from tests import chromium
from tests.browser.conftest import FLAGS
from tests.browser.labels import BEFORE, BETWEEN, FRAMES_A_SECOND, HEADING, ROWS, SHOWN, Label, film, labels_of
from tests.browser.office import OfficeServer, giving, run
from tests.browser.tablet import PHONE, Tablet, until
from tests.browser.test_scanning import burst

SHARED = Path(__file__).parents[3] / "shared" / "data" / "udi" / "gudid-supplies.csv"
EVERY = os.environ.get("DAYSHEET_EVERY_LABEL") == "1"
SEEN_AT_ONCE = 60
# Of the real catalogue in an ordinary run: every so manyth row.
EVERY_ONE_IN = 12
HAVING_IT = pytest.mark.skipif(not SHARED.exists(), reason="the catalogue of ../shared is not here")
CATALOGUES = ["invented", pytest.param("real", marks=HAVING_IT)]


class Stockroom:
    """An office whose catalogue is such a file, with a shelf that is to be counted."""

    def __init__(self, office: OfficeServer, catalogue: Path) -> None:
        self.office, self.count_id, self.shelf = office, new_id(), new_id()
        run("import", "items", str(catalogue), folder=office.folder)
        with catalogue.open(newline="") as file:
            self.labels = labels_of(file)
        if not EVERY and catalogue == SHARED:
            self.labels = self.labels[::EVERY_ONE_IN]
        with giving(office.folder) as giver:
            giver.give(RecordPlace, place_id=self.shelf, kind="room", name="Supply room")
            with office.read() as session:
                items = session.scalars(select(Item.id).order_by(Item.id).limit(10)).all()
            lot = {"place_id": self.shelf, "quantity": 3, "lot": "A", "expires": "2031-01-31"}
            for item_id in items:
                giver.give(ReceiveStock, item_id=item_id, **lot)
            giver.give(AskForCount, count_id=self.count_id, kind="full", place_id=self.shelf)

    def found(self) -> Counter[tuple[str, str, str, date | None]]:
        """What the office has as seen on the shelf: source of the item, unit, lot, expiry; how many."""
        query = select(Item.source, Observation.unit, Observation.lot, Observation.expires, Observation.quantity)
        query = query.outerjoin(Item, Item.id == Observation.item_id).where(Observation.count_id == self.count_id)
        query = query.where(Observation.place_id == self.shelf, Observation.struck.is_(False))
        found: Counter[tuple[str, str, str, date | None]] = Counter()
        with self.office.read() as session:
            for source, unit, lot, expires, quantity in session.execute(query):
                found[source or "", unit, lot, expires] += quantity
        return found

    def begin(self, phone: Tablet) -> None:
        """Cleo takes a phone that is for counting, opens the count and stands before the shelf."""
        phone.enrol("Phone 1", "cleo", "count")
        phone.open(f"/counts/{self.count_id}")
        phone.tap("Count in Supply room")
        expect(phone.page.get_by_label("Scan or type a code")).to_be_visible()

    def has_all(self, labels: list[Label]) -> None:
        """Waits until everything arrived; then each is there once, and nothing else."""
        wanted = Counter(label.found for label in labels)
        assert set(wanted.values()) == {1}
        until(lambda: self.found().total() >= len(labels), "everything that was scanned came to the office", 60)
        found = self.found()
        assert (wanted - found, found - wanted) == (Counter(), Counter())


def shows(phone: Tablet, labels: list[Label]) -> None:
    """Under "You counted", as a person reads it."""
    lines = phone.page.locator(".tallies .lines li")
    expect(lines).to_have_count(len(labels))
    said = lines.all_inner_texts()
    for label in labels:
        words = [f"1 {label.unit}", *([f"Lot {label.lot}"] if label.lot else [])]
        words += [f"Expires {label.expires:%b} {label.expires.day}, {label.expires.year}"] if label.expires else []
        assert any(all(word in text for word in words) for text in said), (label, said)


@pytest.fixture(params=CATALOGUES)
def stockroom(request: pytest.FixtureRequest, prepared: Path, tmp_path: Path) -> Iterator[Stockroom]:
    catalogue = SHARED
    if request.param == "invented":
        catalogue = tmp_path / "items.csv"
        catalogue.write_text(f"{HEADING}\n{ROWS}\n")
    office = OfficeServer(prepared, tmp_path / "office")
    stockroom = Stockroom(office, catalogue)
    office.start()
    yield stockroom
    office.kill()


@pytest.fixture
def office(stockroom: Stockroom) -> OfficeServer:
    return stockroom.office


def test_what_a_scanner_types_is_counted_also_while_the_server_is_dead(
    stockroom: Stockroom, office: OfficeServer, new_tablet: Callable[..., Tablet]
) -> None:
    phone = new_tablet(viewport=PHONE)
    stockroom.begin(phone)
    keys = phone.context.new_cdp_session(phone.page)
    labels = stockroom.labels
    for number, label in enumerate(labels):
        if number == len(labels) // 3:
            office.stop()
        if number == len(labels) * 2 // 3:
            office.start()
        burst(phone.page, label.typed, keys=keys)
    stockroom.has_all(labels)
    phone.pill_says(waiting=0)
    shows(phone, labels[-SEEN_AT_ONCE:])


@pytest.mark.parametrize("stockroom", CATALOGUES if EVERY else ["invented"], indirect=True)
def test_what_a_camera_sees_is_counted(
    stockroom: Stockroom, office: OfficeServer, playwright: Playwright, tmp_path: Path
) -> None:
    labels = stockroom.labels
    camera = [f"--use-file-for-fake-video-capture={film(tmp_path / 'labels.y4m', labels)}"]
    camera += ["--use-fake-device-for-media-stream"]
    browser = playwright.chromium.launch(executable_path=chromium.find(), args=[*FLAGS, *camera])
    complaints: list[str] = []
    phone = Tablet(browser.new_context(viewport=PHONE, permissions=["camera"], locale="en-US"), office, complaints)
    stockroom.begin(phone)
    phone.tap("Scan with the camera")
    frames = BEFORE + len(labels) * (SHOWN + BETWEEN)
    phone.page.wait_for_timeout(frames * 1000 / FRAMES_A_SECOND)
    phone.tap("Scan with the camera")
    stockroom.has_all(labels)
    shows(phone, labels[-SEEN_AT_ONCE:])
    browser.close()
    assert complaints == []
