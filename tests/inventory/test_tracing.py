"""Every movement of an item: what, how many, where, who, when, and what was there after it."""

import re

from tests.forms import text_of
from tests.inventory.cast import Supplies
from tests.practice import Practice
from tests.tablets import Browser


def lines(browser: Browser, supplies: Supplies, query: str = "") -> list[str]:
    """The table's lines as they are read, newest first."""
    html = browser.get(f"/supply-movements/{supplies.gloves}{query}").text
    return [text_of(row) for row in re.findall(r"<tr data-row=.*?</tr>", html, re.DOTALL)]


def moved(supplies: Supplies, practice: Practice) -> None:
    supplies.does("dana", "inventory.receive_stock", quantity=1, unit="box", lot="A1")
    practice.clock.forward(hours=1)
    supplies.does("ana", "inventory.use_stock", quantity=10, lot="A1", visit_id=practice.visits["alma"])
    practice.clock.forward(days=1)
    done = supplies.does("dana", "inventory.waste_stock", quantity=5, lot="A1", why="damaged", note="fell")
    practice.clock.forward(minutes=2)
    practice.act("dana", "undo", {"command_id": done.command_id})


def test_the_balance_runs_through_everything_that_happened(supplies: Supplies, practice: Practice) -> None:
    moved(supplies, practice)
    shown = lines(practice.browser("ana"), supplies)
    balances = [re.search(r"([+−]\d+) (\d+) Supply room", line) for line in shown]
    assert [found and found.groups() for found in balances] == [
        ("+5", "90"), ("−5", "85"), ("−10", "90"), ("+100", "100"),
    ]  # fmt: skip
    assert ("Takes one back" in shown[0], "Taken back" in shown[1]) == (True, True)
    assert "Thrown away: Damaged fell" in shown[1]
    assert "Ana Garrido" in shown[2]
    assert "Lot A1" in shown[3]


def test_a_visit_is_linked_without_the_name_of_whose_it_is(supplies: Supplies, practice: Practice) -> None:
    moved(supplies, practice)
    html = practice.browser("ana").get(f"/supply-movements/{supplies.gloves}").text
    assert f"/checkin/2026-11-23/{practice.visits['alma']}" in html
    assert "Castellanos" not in html
    theirs = practice.browser("dana").get(f"/supply-movements/{supplies.gloves}").text
    assert practice.visits["alma"] not in theirs
    assert "On a visit" in theirs


def test_kinds_and_days_leave_lines_out_and_change_no_balance(supplies: Supplies, practice: Practice) -> None:
    moved(supplies, practice)
    browser = practice.browser("dana")
    only = lines(browser, supplies, "?kind=used")
    assert len(only) == 1
    assert "−10 90" in only[0]
    assert len(lines(browser, supplies, "?start=2026-11-24")) == 2
    assert len(lines(browser, supplies, "?end=2026-11-23")) == 2
    assert lines(browser, supplies, "?lot=B2") == []
    assert len(lines(browser, supplies, f"?place={supplies.shelf}&lot=A1&kind=nonsense&start=never")) == 4


def test_movements_open_to_who_may_see_the_stock(supplies: Supplies, practice: Practice) -> None:
    at = f"/supply-movements/{supplies.gloves}"
    assert practice.browser("petra").get(at).status_code == 403
    assert practice.tablet("Tablet 1").get(at).status_code == 403
    assert practice.browser("dana").get("/supply-movements/nothing").status_code == 404
    assert practice.browser().get(at).headers["location"] == "/signin"
