"""At a desk: an item written into the catalogue without the network, its code scanned, and shelf labels printed."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from backend.inventory.models import Code, Item
from tests.browser.office import OfficeServer
from tests.browser.tablet import Tablet, until
from tests.browser.test_scanning import burst

CODE, MISPRINTED = "00614141000036", "00614141000037"


@pytest.fixture
def desk(new_tablet: Callable[..., Tablet]) -> Tablet:
    """The manager's computer, with the catalogue and the places in its binder."""
    desk = new_tablet()
    desk.enrol("Desk 1", "maria", "desk")
    return desk


def scanned(page: Page, text: str) -> None:
    """Wherever the focus is, the code lands in the next empty line and nothing is sent."""
    page.get_by_label("Name", exact=True).focus()
    burst(page, text)


def test_a_new_item_is_entered_and_scanned_while_the_server_is_dead(desk: Tablet, office: OfficeServer) -> None:
    office.stop()
    desk.open("/supplies")
    desk.follow("New item")
    desk.type("Name", "Gauze 4×4")
    for text in (CODE, CODE, MISPRINTED):
        scanned(desk.page, text)
    lines = desk.page.get_by_label("New code")
    expect(lines.nth(0)).to_have_value(CODE)
    expect(lines.nth(1)).to_have_value(MISPRINTED)
    expect(lines.nth(2)).to_have_value("")
    expect(desk.page.get_by_label("Name", exact=True)).to_have_value("Gauze 4×4")

    desk.tap("Add to the catalogue")
    expect(desk.page.get_by_text("Please choose Class.")).to_be_visible()
    expect(lines.nth(1)).to_have_value(MISPRINTED)
    desk.page.get_by_text("C: many and cheap").click()
    desk.tap("Add to the catalogue")
    expect(desk.page.get_by_role("heading", name="Gauze 4×4")).to_be_visible()
    expect(desk.page.get_by_text("The check digit of this code is wrong.")).to_contain_text(MISPRINTED)
    desk.open("/supplies")
    row = desk.page.locator("#items li", has_text="Gauze 4×4")
    expect(row.get_by_text("Not sent yet")).to_be_visible()

    office.start()

    def arrived() -> bool:
        with office.read() as session:
            codes = set(session.scalars(select(Code.code).join(Item, Item.id == Code.item_id)))
            return codes == {CODE, MISPRINTED}

    until(arrived, "the office knows the item by both its codes")
    expect(row).not_to_have_attribute("data-unsent", "")


def pages_of(pdf: bytes) -> list[tuple[float, float]]:
    """The sizes of the pages, in points."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    return [(float(width), float(height)) for width, height in boxes]


def test_shelf_labels_come_out_in_the_size_of_their_paper(desk: Tablet, office: OfficeServer) -> None:
    desk.open("/supplies/places")
    desk.follow("New place")
    desk.type("Name", "Lab")
    desk.tap("Set up the place")
    desk.follow("Lab")
    # The label is the office's to give; the page shows it as soon as it came.
    desk.follow("Shelf labels")
    expect(desk.page.get_by_role("img", name="Code to scan")).to_have_count(1)
    desk.type("Copies of each", "30")
    desk.type("Labels used already on the sheet", "3")
    desk.tap("Lay them out")
    expect(desk.page.locator(".paper")).to_have_count(2)
    assert pages_of(desk.page.pdf(prefer_css_page_size=True)) == [(612, 792), (612, 792)]
    desk.page.get_by_label("Paper").select_option("roll")
    desk.type("Copies of each", "2")
    desk.tap("Lay them out")
    expect(desk.page.locator(".label")).to_have_count(2)
    assert pages_of(desk.page.pdf(prefer_css_page_size=True)) == [(162, 90), (162, 90)]
    desk.page.emulate_media(media="print")
    expect(desk.page.get_by_role("button", name="Lay them out")).not_to_be_visible()
    box = desk.page.locator(".label").first.bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (216, 120)
