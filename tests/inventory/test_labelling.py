"""Labels to print, with a code on each that a scanner reads as what the label says."""

import re

import pytest
import segno

from backend.inventory.labelling import qr_of
from tests.inventory.cast import Supplies
from tests.practice import Practice


def labels(html: str) -> list[str]:
    return re.findall(r"<code>(.*?)</code>", html)


def test_a_room_prints_its_own_label_and_those_of_all_that_stands_in_it(supplies: Supplies, practice: Practice) -> None:
    html = practice.browser("dana").get(f"/supply-labels/rooms/{supplies.room}").text
    shelf, room = practice.row("place", supplies.shelf), practice.row("place", supplies.room)
    assert shelf is not None
    assert room is not None
    assert labels(html) == [room["label"], shelf["label"]]
    assert qr_of(shelf["label"])["path"] in html
    assert "style=" not in html


@pytest.mark.parametrize(("query", "pages", "printed"), [("?copies=30&used=5", 2, 30), ("?format=roll&copies=2", 1, 2)])
def test_a_sheet_that_was_begun_is_used_up(
    supplies: Supplies, practice: Practice, query: str, pages: int, printed: int
) -> None:
    html = practice.browser("dana").get(f"/supply-labels/places/{supplies.shelf}{query}").text
    assert html.count('class="paper"') == pages
    assert len(labels(html)) == printed


def test_an_item_has_a_label_for_each_of_its_codes(supplies: Supplies, practice: Practice) -> None:
    browser = practice.browser("dana")
    assert labels(browser.get(f"/supply-labels/items/{supplies.gloves}").text) == ["00614141000012", "GLV-M"]
    assert "There is no label to print" in browser.get(f"/supply-labels/items/{supplies.lidocaine}").text


def test_labels_are_for_who_handles_stock_at_this_site(supplies: Supplies, practice: Practice) -> None:
    at = f"/supply-labels/rooms/{supplies.room}"
    assert practice.browser("petra").get(at).status_code == 403
    assert practice.browser("dana").get("/supply-labels/rooms/nothing").status_code == 404
    assert practice.browser().get(at).headers["location"] == "/signin"


def test_the_code_is_the_one_that_a_reader_of_codes_draws() -> None:
    drawn, matrix = qr_of("PL-0123456789"), segno.make("PL-0123456789", error="m", micro=False).matrix
    dark = set()
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawn["path"]):
        dark |= {(int(x) + step - 4, int(y) - 4) for step in range(int(run))}
    assert dark == {(x, y) for y, line in enumerate(matrix) for x, module in enumerate(line) if module}
