"""Over a whole count, no device for counting is ever sent a number that the office expected."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.counts.cast import Counting
from tests.counts.test_late import at
from tests.practice import Practice
from tests.tablets import Tablet

# What the book has of each thing. Nobody enters these, so wherever one is seen, it was told.
GLOVES, FIRST_LOT, SECOND_LOT, VIALS = 739_194, 864_135, 527_903, 648_531
# What people find: a little off, far off twice, not at all, and off by one where nothing is tolerated.
FOUND_GLOVES, FOUND_FIRST, FOUND_VIALS, USED_LATE = 739_180, 512_077, 648_530, 91_823
# How far off the first lot was, and how much of the gloves came late, are nobody's at the shelf either.
SECRETS = {GLOVES, FIRST_LOT, SECOND_LOT, VIALS, FIRST_LOT - FOUND_FIRST, USED_LATE}
PAGES = """/counts /counts/new /counts/tolerances /supplies /approvals /attention /device /devices /account
    /approval-rules""".split()


class Phone(Tablet):
    """A device that remembers every byte it was ever sent."""

    def __init__(self, practice: Practice, name: str, who: str, purpose: str) -> None:
        self.heard: list[str] = []
        super().__init__(practice, name, who, purpose)

    def _send(self, *about: Any, **more: Any) -> Any:
        answer = super()._send(*about, **more)
        self.heard.append(answer.text)
        return answer

    def told(self) -> set[int]:
        """Which of the secrets it was sent, whole or with a comma."""
        whole = "\n".join(self.heard).replace(",", "")
        return {one for one in SECRETS if re.search(rf"(?<![0-9a-f]){one}(?![0-9a-f])", whole)}


class Marked(Counting):
    """The same shelf with so much of everything that no number is there by chance."""

    def __init__(self, practice: Practice) -> None:
        super().__init__(practice)
        came = self.supplies.does
        more = {"quantity": FIRST_LOT - 50, "lot": "S1", "expires": "2027-03-31"}
        came("cleo", "inventory.receive_stock", quantity=GLOVES - 200)
        came("cleo", "inventory.receive_stock", item_id=self.syringes, **more)
        more = {"quantity": SECOND_LOT - 20, "lot": "S2", "expires": "2027-09-30"}
        came("cleo", "inventory.receive_stock", item_id=self.syringes, **more)
        came("cleo", "inventory.receive_stock", item_id=self.lidocaine, quantity=VIALS - 10)
        practice.clock.forward(minutes=30)


@pytest.fixture
def marked(practice: Practice) -> Marked:
    return Marked(practice)


def count_on(phone: Phone, marked: Marked, item_id: str, quantity: int, unit: str = "each", lot: str = "") -> None:
    """Enter and sync, as a phone that is online does."""
    marked.practice.clock.forward(minutes=1)
    here = {"count_id": marked.id, "place_id": marked.shelf, "item_id": item_id}
    amounts = [{"unit": unit, "quantity": quantity}]
    phone.sync([phone.command("counts.record_amount", {**here, "amounts": amounts, "lot": lot or None})])


def hand_in(phone: Phone, marked: Marked) -> dict[str, Any]:
    marked.practice.clock.forward(minutes=1)
    said = phone.command("counts.submit", {"count_id": marked.id, "place_id": marked.shelf})
    phone.sync([said])
    return phone.receipt(said)


def rounds(marked: Marked, phones: list[Phone]) -> Iterator[str]:
    """A count from its first line to its last decision; after each step, its name."""
    first, second = phones[:2]
    count_on(first, marked, marked.gloves, FOUND_GLOVES)
    count_on(first, marked, marked.syringes, FOUND_FIRST, lot="S1")
    count_on(first, marked, marked.lidocaine, FOUND_VIALS, "vial")
    yield "counted"
    said = hand_in(first, marked)
    assert said["say"] == "3 items handed in. 2 are counted again by somebody else."
    yield "counted again"
    count_on(second, marked, marked.syringes, FOUND_FIRST, lot="S1")
    count_on(second, marked, marked.lidocaine, FOUND_VIALS, "vial")
    said = hand_in(second, marked)
    assert said["say"] == "2 items handed in. 2 were sent to review."
    yield "in review"
    decline, approve = sorted(marked.requests(), key=lambda one: "Lidocaine" not in one["title"])
    fields = {"approval_id": decline["id"], "reason": "Look in the drawer"}
    assert marked.practice.act("maria", "approvals.decline", fields, seen=decline["hash"]).outcome == "applied"
    yield "declined"
    assert marked.approve("maria", approve, "theft_or_loss", "The drawer was open").outcome == "applied"
    yield "approved"
    again = {"task_id": f"{marked.id}/{marked.shelf}/{marked.lidocaine}"}
    marked.practice.act("maria", "counts.count_again", again)
    moment = marked.practice.clock.moment - timedelta(hours=1)
    # By Ben, who does not count: what somebody entered themselves is told to them again.
    late = at(marked, moment, "use_stock", who="ben", quantity=USED_LATE)
    assert (late["outcome"], late["code"]) == ("flagged", "counted_since")
    yield "known too late"


def test_no_phone_is_sent_a_number_that_was_expected_from_the_first_line_to_the_last_decision(marked: Marked) -> None:
    phones = [Phone(marked.practice, f"Phone {who}", who, "count") for who in ("dana", "cleo", "ana")]
    desk = Phone(marked.practice, "Desk of Maria", "maria", "desk")
    kinds = set()
    for step in rounds(marked, phones):
        for phone in phones:
            phone.sync()
            assert phone.told() == set(), step
            kinds |= {kind for rows in phone.sheets.values() for kind, _ in rows}
        desk.sync()
    assert {"count", "count_task", "tally", "count_line", "receipt", "asked"} <= kinds
    # The same search finds every one of them in what a desk of a manager was sent.
    assert desk.told() == SECRETS


def test_no_page_that_a_phone_may_ask_for_says_one_either(marked: Marked) -> None:
    phone, other = (Phone(marked.practice, f"Phone {who}", who, "count") for who in ("dana", "cleo"))
    desk = Phone(marked.practice, "Desk of Maria", "maria", "desk")
    here = f"/counts/{marked.id}"
    paths = [*PAGES, here, f"{here}/sheet", f"{here}/evidence", f"/inventory-reports/{marked.id}"]
    paths += [f"/supplies/{marked.room}", f"/items/{marked.gloves}", f"/stock/{marked.room}"]
    for step in rounds(marked, [phone, other]):
        for path in paths:
            for one in (phone, other):
                one.get(path)
                one.get(f"{path}?_part=counting&item={marked.gloves}")
        assert phone.told() | other.told() == set(), step
    for path in paths:
        desk.get(path)
    assert {FIRST_LOT, FIRST_LOT - FOUND_FIRST} <= desk.told()


def test_a_phone_offers_only_the_pages_that_it_has(marked: Marked) -> None:
    pages = ["/counts", "/attention", "/supplies", "/checkin"]
    for who, purpose, offered in (("dana", "count", pages[:2]), ("maria", "desk", pages)):
        shown = Phone(marked.practice, f"Device of {who}", who, purpose).get("/counts").text
        assert [path for path in pages if f'<a href="{path}"' in shown] == offered


def test_a_form_that_was_wrong_comes_back_without_one(marked: Marked) -> None:
    phone = Phone(marked.practice, "Phone dana", "dana", "count")
    fields = {"place_id": marked.shelf, "item_id": marked.gloves, "amounts.1.unit": "each"}
    for typed in ("many", "-1", "9999999"):
        answer = phone.post(f"/counts/{marked.id}/amounts", {**fields, "amounts.1.quantity": typed}, partial=True)
        assert answer.status_code == 422
    assert phone.told() == set()
