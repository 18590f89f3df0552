"""Scenes of counting: each command of the counts that paints, by what the office knew before."""

from collections.abc import Callable
from typing import Any

from backend.inventory.placing import label_of
from tests.building.scene import Made, Scene
from tests.practice import Practice

ITEM, PLACE, SHELF, COUNT = (f"00000000-0000-7000-8000-0000000000f{n}" for n in range(4))
HERE = {"count_id": COUNT, "place_id": PLACE}


def known_item(_: Practice) -> Made:
    packs, codes = [{"name": "box", "holds": 100}], [{"code": "00614141000012", "unit": "box"}, {"code": "GAUZE"}]
    kept = {"name": "Gauze", "base_unit": "each", "abc": "C", "packs": packs, "codes": codes}
    return "inventory.record_item", {"item_id": ITEM, **kept}


def known_room(_: Practice) -> Made:
    return "inventory.record_place", {"place_id": PLACE, "kind": "room", "name": "Supply room"}


def known_shelf(_: Practice) -> Made:
    return "inventory.record_place", {"place_id": SHELF, "kind": "bin", "name": "Shelf 1", "parent_id": PLACE}


def received(_: Practice) -> Made:
    return "inventory.receive_stock", {"item_id": ITEM, "place_id": PLACE, "quantity": 20}


def asked(_: Practice) -> Made:
    return "counts.ask", {"count_id": COUNT, "kind": "full", "place_id": PLACE}


def counted(what: str, **fields: Any) -> Callable[[Practice], Made]:
    return lambda _: (f"counts.{what}", {**HERE, **fields})


def scanned(code: str, lot: str | None = None, count: int | None = None) -> Callable[[Practice], Made]:
    return counted("record_scan", scan={"code": code, "kind": "plain", "lot": lot, "count": count})


def at_label(practice: Practice) -> Made:
    return scanned(label_of(SHELF))(practice)


def task(what: str) -> Callable[[Practice], Made]:
    return lambda _: (f"counts.{what}", {"task_id": f"{COUNT}/{PLACE}/{ITEM}"})


def tolerances(_: Practice) -> Made:
    days = {"a_days": 30, "b_days": 60, "c_days": 90}
    percents = {"a_percent": 0, "b_percent": 2, "c_percent": 4}
    return "counts.change_tolerances", {**percents, **days, "unit_floor": 2, "value_cents": 5000}


def furnished(_: Practice) -> Made:
    return "counts.furnish", {"site_id": "main"}


AMOUNTS = [{"unit": "box", "quantity": 2}, {"unit": "each", "quantity": 7}, {"unit": "case", "quantity": None}]
AMOUNT = counted("record_amount", item_id=ITEM, amounts=AMOUNTS, lot="L/1", expires="2027-01-31")
NONE, STRAY = counted("record_none", item_id=ITEM), counted("record_unknown", name="A box of something", quantity=3)
KEPT = [known_item, known_room, known_shelf, received]
GOING = [*KEPT, asked]
COUNT_SCENES = [
    Scene("a count is asked for", asked, KEPT, who="maria"),
    Scene("somebody counts in a place", counted("begin"), GOING, who="maria"),
    Scene("somebody counts in a place that was not asked for", counted("begin"), KEPT, who="maria"),
    Scene("one is scanned", scanned("GAUZE"), GOING, who="maria"),
    Scene(
        "another one is scanned, with its lot", scanned("GAUZE", "A1"), [*GOING, scanned("GAUZE", "A1")], who="maria"
    ),
    Scene("a label says how many it stands for", scanned("00614141000012", "A1", 12), GOING, who="maria"),
    Scene("a code is scanned that nobody knows", scanned("4711"), [*GOING, scanned("4711")], who="maria"),
    Scene("the label of a shelf is scanned", at_label, GOING, who="maria", paints_nothing=True),
    Scene("the label of a shelf is scanned again", at_label, [*GOING, counted("begin", place_id=SHELF)], who="maria"),
    Scene("so many are counted", AMOUNT, GOING, who="maria"),
    Scene("so many are counted after a scan", AMOUNT, [*GOING, scanned("GAUZE", "L/1")], who="maria"),
    Scene("none is there", NONE, GOING, who="maria"),
    Scene("something unknown is there", STRAY, GOING, who="maria"),
    Scene("a place is handed in", counted("submit"), [*GOING, scanned("GAUZE")], who="maria"),
    Scene("a count is called off", lambda _: ("counts.cancel", {"count_id": COUNT}), GOING, who="maria"),
    Scene(
        "a count is closed", lambda _: ("counts.close", {"count_id": COUNT}), GOING, who="maria", paints_nothing=True
    ),
    Scene("what was not counted is to be counted", task("count_again"), GOING, who="maria", paints_nothing=True),
    Scene("the tolerances are changed", tolerances, [*KEPT, furnished], who="maria"),
    Scene("a scan is undone", scanned("GAUZE", "A1"), GOING, who="maria", undoes=True),
    Scene("an amount is undone", AMOUNT, [*GOING, scanned("GAUZE", "L/1")], who="maria", undoes=True),
    Scene("that none is there is undone", NONE, GOING, who="maria", undoes=True),
    Scene("something unknown is undone", STRAY, GOING, who="maria", undoes=True),
]
