"""What a manager approved without a signal had changed meanwhile; and a second manager who comes later is told."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from backend.counts import AskForCount
from backend.ids import new_id
from tests.browser.office import OfficeServer, giving, hire
from tests.browser.shelves import Shelves, drained, on_hand, phone_of, say_yes, use
from tests.browser.tablet import Tablet

NewTablet = Callable[..., Tablet]
ITEM, FOUND = "Item 01-01", 9


def with_olga_and_a_count(office: OfficeServer, shelves: Shelves) -> None:
    """Another manager has just joined, and the one shelf is to be counted."""
    with giving(office.folder) as giver:
        hire(giver, "olga", "Olga Brandt", ["manager"])
        giver.give(AskForCount, count_id=new_id(), kind="full", place_id=shelves.places[1])


def says_yes(phone: Tablet) -> None:
    """With a reason and a root cause, on the card of the one request."""
    phone.open("/approvals")
    card = phone.page.locator("li[data-row^='approval:'][data-status=asked]")
    say_yes(card, "Taken for room 2")
    expect(card.get_by_text("You have approved it.")).to_be_visible()


def test_a_yes_to_what_changed_meanwhile_is_held_shown_and_given_anew_and_a_second_manager_is_told(
    office: OfficeServer, new_tablet: NewTablet
) -> None:
    shelves = Shelves(office, shelves=1, items=1)
    with_olga_and_a_count(office, shelves)
    desk = new_tablet(viewport={"width": 1440, "height": 900})
    desk.enrol("Desk 1", "ana", "desk")
    desk.context.set_offline(True)
    use(desk, shelves, ITEM, 2)
    for name, who in (("Phone 1", "dana"), ("Phone 2", "cleo")):
        counter = phone_of(new_tablet, name, who)
        counter.open_count()
        counter.stand_at(1)
        counter.counts(ITEM, FOUND)
        counter.hands_in()
        drained(counter)
    maria = phone_of(new_tablet, "Maria’s phone", "maria", "manager_phone")
    maria.open("/approvals")
    expect(maria.page.get_by_text(f"On hand: {on_hand(1, 1)} → {FOUND} each")).to_be_visible()

    maria.context.set_offline(True)
    says_yes(maria)
    # What Ana took before anybody counted becomes known only now.
    desk.context.set_offline(False)
    drained(desk)
    maria.context.set_offline(False)
    drained(maria)
    assert shelves.has(ITEM) == on_hand(1, 1) - 2
    maria.open("/attention")
    difference = f"On hand: {on_hand(1, 1)} → {FOUND} each, now {on_hand(1, 1) - 2} → {FOUND} each"
    expect(maria.page.get_by_text(difference).first).to_be_visible()

    olga = phone_of(new_tablet, "Olga’s phone", "olga", "manager_phone")
    olga.open("/approvals")
    olga.context.set_offline(True)
    says_yes(maria)
    drained(maria)
    says_yes(olga)
    olga.context.set_offline(False)
    drained(olga)
    assert shelves.has(ITEM) == FOUND
    assert shelves.differ() == []
    olga.open("/device")
    expect(olga.page.get_by_text(re.compile("Already decided by Maria Lindqvist")).first).to_be_visible()
