"""When two truths meet at a shelf, and about what somebody approves: phones without a network, by the real worker."""

from collections.abc import Iterator

import pytest

from backend.ids import new_id
from tests.product.desks import Desk, Morning, morning_of
from tests.product.playing import Player
from tests.product.practice import ITEMS, fixed_id

OFFICE = "/attention/office"
SHELF, ITEM = fixed_id("Exam cart/shelf"), fixed_id(ITEMS[0])
APPROVE = "approvals.approve"


class Count:
    """One item on one shelf, of which the book has 1000; Ana and Ben count it, Maria and Olga may approve."""

    def __init__(self, morning: Morning) -> None:
        self.morning, self.id = morning, new_id()
        morning.hire("olga", "Olga Brandt", "manager")
        morning.give("counts.ask", count_id=self.id, kind="spot", place_id=SHELF, item_id=ITEM)
        self.ana = morning.tablet("Phone 1", "ana", "count")
        self.ben = morning.tablet("Phone 2", "ben", "count")
        self.olga = morning.tablet("Olga’s phone", "olga", "manager_phone")

    def counted(self, desk: Desk, quantity: int) -> None:
        """Stands at the shelf, types the number, hands in."""
        page = f"/counts/{self.id}"
        desk.sends(page, "/begin")
        typed = {"place_id": SHELF, "item_id": ITEM, "amounts.1.unit": "each", "amounts.1.quantity": str(quantity)}
        answer = desk.visit(f"{page}/amounts", typed)
        assert answer["status"] in (200, 303), answer
        desk.sends(page, "/submit")

    def both_counted(self, quantity: int) -> None:
        """Both found the same, which is far from the book."""
        for desk in (self.ana, self.ben):
            self.counted(desk, quantity)
            desk.syncs()
        self.olga.syncs()

    def state(self) -> str:
        [[state]] = self.morning.query("SELECT state FROM count_task WHERE item_id = ?", ITEM)
        return str(state)

    def on_hand(self) -> int:
        found = self.morning.query("SELECT SUM(on_hand) FROM stock WHERE item_id = ? AND place_id = ?", ITEM, SHELF)
        return int(found[0][0])


@pytest.fixture
def count(player: Player) -> Iterator[Count]:
    with morning_of(player) as morning:
        yield Count(morning)


def approves(desk: Desk) -> None:
    desk.sends("/approvals", "/approve", reason="unrecorded_use", root_cause="Taken for room 2")


def test_of_two_who_counted_one_shelf_differently_a_manager_is_asked_and_both_numbers_stand(count: Count) -> None:
    count.ana.cut()
    count.ben.cut()
    count.counted(count.ana, 900)
    count.morning.passes(5)
    count.counted(count.ben, 910)
    count.ana.back()
    assert count.state() == "recount"
    count.ben.back()
    count.olga.syncs()
    assert (count.state(), count.on_hand()) == ("review", 1000)
    assert "1000 → 910 each" in count.olga.reads("/approvals")
    evidence = count.olga.reads(f"/counts/{count.id}/evidence")
    assert "900" in evidence
    assert "910" in evidence
    approves(count.olga)
    count.olga.syncs()
    assert (count.state(), count.on_hand()) == ("posted", 910)


def test_what_left_the_shelf_after_it_was_counted_is_taken_off_what_was_counted(count: Count) -> None:
    desk = count.morning.tablet("Desk", "maria")
    count.ana.cut()
    count.counted(count.ana, 1000)
    count.morning.passes(5)
    desk.sends(f"/supplies/items/{ITEM}", "/used", quantity="40", place_id=SHELF)
    desk.syncs()
    count.ana.back()
    # Nothing was wrong when Ana looked, so nobody is asked, and the use stands.
    assert (count.state(), count.on_hand()) == ("posted", 960)
    assert count.ana.cards() == []
    desk.syncs()
    assert desk.cards(OFFICE) == []


def test_a_yes_to_what_has_changed_is_held_and_asked_anew(count: Count) -> None:
    desk = count.morning.tablet("Desk", "maria")
    desk.cut()
    desk.sends(f"/supplies/items/{ITEM}", "/used", quantity="40", place_id=SHELF)
    count.morning.passes(5)
    count.both_counted(900)
    count.olga.cut()
    approves(count.olga)
    desk.back()
    count.olga.back()
    assert count.morning.outcomes(APPROVE) == [("held", "changed")]
    assert count.on_hand() == 960
    assert "1000 → 900 each, now 960 → 900 each" in count.olga.reads("/attention")
    approves(count.olga)
    count.olga.syncs()
    assert count.on_hand() == 900


def test_a_yes_of_who_may_no_longer_is_held_and_somebody_else_decides(count: Count) -> None:
    desk = count.morning.tablet("Desk", "maria")
    count.both_counted(900)
    count.olga.cut()
    approves(count.olga)
    [[rule]] = count.morning.query("SELECT id FROM approval_rule WHERE command LIKE 'counts.%' LIMIT 1")
    count.morning.give(
        "approvals.keep_rule", rule_id=rule, amount_from=0, levels=1, first_roles=["owner"], second_roles=["owner"],
        expires_hours=168,
    )  # fmt: skip
    count.olga.back()
    assert count.morning.outcomes(APPROVE) == [("held", "no_right")]
    desk.syncs()
    for said in (count.olga.reads("/attention"), desk.reads(OFFICE)):
        assert "Olga Brandt may not decide about this. A manager or the owner must." in said
    assert count.on_hand() == 1000
    approves(desk)
    desk.syncs()
    assert (count.state(), count.on_hand()) == ("posted", 900)
