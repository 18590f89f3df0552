"""Twelve shelves, 180 items, three people, no signal: counted, counted again, approved offline, and it all adds up."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from backend.counts.models import CountTask, Finding, StockCount
from backend.staff.models import StaffMember
from tests.browser.chrome import Chrome
from tests.browser.office import OfficeServer
from tests.browser.shelves import (
    CONTROLLED,
    LOTS,
    ROOM,
    Counter,
    Shelves,
    drained,
    name_of,
    on_hand,
    phone_of,
    say_yes,
    use,
)
from tests.browser.tablet import PHONE, Tablet, until

NewTablet = Callable[..., Tablet]
PASSPHRASE = "slow rivers carry warm stones"
# What is really on the shelves, where the book is wrong: two people find the same, and a manager decides.
SHORT = {"Item 02-02": 9, "Item 06-03": 14, "Item 10-04": 12, CONTROLLED: 35}
# Miscounted by who came first.
MISCOUNTED = {"Item 03-01": 5, "Item 07-01": 4}
# Counted by Dana too, and otherwise.
TWICE = {"Item 05-01": 8, "Item 05-02": 9}


@pytest.fixture
def shelves(office: OfficeServer) -> Shelves:
    return Shelves(office)


def there_is(shelf: int, number: int, used: dict[str, int]) -> int:
    """What a person sees on the shelf."""
    name = name_of(shelf, number)
    return SHORT.get(name, on_hand(shelf, number)) - used.get(name, 0)


def count_shelf(phone: Counter, shelf: int, used: dict[str, int], numbers: range = range(1, 16)) -> None:
    """All of it, one after the other; some by their code."""
    for number in numbers:
        name = name_of(shelf, number)
        if name in LOTS:
            for lot, quantity in LOTS[name].items():
                phone.counts(name, quantity, lot)
            continue
        if number % 5 == 0:
            phone.scans(name)
        phone.counts(name, MISCOUNTED.get(name, there_is(shelf, number, used)))


def who_is(office: OfficeServer, name: str) -> str:
    with office.read() as session:
        found = session.scalar(select(StaffMember.id).where(StaffMember.username == name))
    assert found is not None
    return found


def to_recount(office: OfficeServer) -> dict[str, set[str]]:
    """Task -> who counted it, of what must be counted again."""
    with office.read() as session:
        tasks = session.scalars(select(CountTask.id).where(CountTask.state == "recount")).all()
        return {id: set(session.scalars(select(Finding.by).where(Finding.task_id == id))) for id in tasks}


def taken(office: OfficeServer, again: dict[str, set[str]]) -> bool:
    """Whether each of these has somebody more who counted it, or need not be counted again any more."""
    now = to_recount(office)
    return all(now.get(task) != counted for task, counted in again.items())


def state_of(office: OfficeServer) -> str:
    with office.read() as session:
        return session.scalars(select(StockCount.state)).one()


def test_a_whole_supply_room_is_counted_without_a_signal_and_everything_adds_up(
    office: OfficeServer, new_tablet: NewTablet, shelves: Shelves, chrome: Chrome
) -> None:
    manager = new_tablet(viewport=PHONE)
    manager.enrol("Maria’s phone", "maria", "manager_phone")
    manager.open("/counts/new")
    manager.page.get_by_label("Place", exact=True).select_option(label=ROOM)
    manager.tap("Ask for the count")
    expect(manager.page.locator("li[data-row^='count:']")).to_have_count(1)
    drained(manager)
    desk = new_tablet(viewport={"width": 1440, "height": 900})
    desk.enrol("Desk 1", "ana", "desk")
    dana, ben = phone_of(new_tablet, "Phone 1", "dana"), phone_of(new_tablet, "Phone 3", "ben")
    complaints: list[str] = []
    cleo = Counter(chrome.start(), office, complaints)
    cleo.enrol("Phone 2", "cleo", "count")
    cleo.set_passphrase(PASSPHRASE)

    # Ben counts a shelf while there is a signal, and goes on without; then his phone is dropped.
    ben.open_count()
    ben.stand_at(9)
    count_shelf(ben, 9, {}, range(1, 4))
    drained(ben)
    for phone in (dana, cleo, desk):
        phone.open("/device")
        phone.pill_says(online=True, waiting=0)
    office.stop()
    ben.stand_at(10)
    count_shelf(ben, 10, {}, range(1, 3))
    ben.context.close()

    used: dict[str, int] = {}
    dana.open_count()
    cleo.open_count()
    for shelf in (1, 2, 3, 4):
        dana.stand_at(shelf)
        count_shelf(dana, shelf, used)
        dana.hands_in()
    # Ana takes some off the shelf for a patient, before Cleo comes there and after Dana was.
    for name in ("Item 04-05", "Item 08-05"):
        use(desk, shelves, name, 3)
        used[name] = 3
    cleo.stand_at(5)
    count_shelf(cleo, 5, used)
    cleo.hands_in()
    cleo.stand_at(6)
    count_shelf(cleo, 6, used, range(1, 8))
    chrome.kill()
    cleo = Counter(chrome.start(), office, complaints)
    cleo.open("/counts")
    cleo.type("Passphrase of Cleo Marsh", PASSPHRASE)
    cleo.tap("Open with the passphrase")
    expect(cleo.page.locator("li[data-row^='count:']")).to_be_visible()
    cleo.open_count()
    expect(cleo.page.locator(".here h2")).to_have_text(f"{ROOM} › Shelf 06")
    assert cleo.left() == [name_of(6, number) for number in range(8, 16)]
    count_shelf(cleo, 6, used, range(8, 16))
    cleo.hands_in()
    for shelf in (7, 8):
        cleo.stand_at(shelf)
        count_shelf(cleo, shelf, used)
        cleo.hands_in()
    # Dana takes over what was Ben's, and has counted two things of Cleo's.
    for shelf in (9, 10, 11, 12):
        dana.stand_at(shelf)
        assert len(dana.left()) == 15
        count_shelf(dana, shelf, used)
        dana.hands_in()
    dana.stand_at(5)
    for name, quantity in TWICE.items():
        dana.counts(name, quantity)
    dana.hands_in()

    office.start()
    drained(dana, cleo, desk)
    people = {who_is(office, "dana"): dana, who_is(office, "cleo"): cleo}
    third = phone_of(new_tablet, "Phone 4", "ben")
    people[who_is(office, "ben")] = third
    assert len(to_recount(office)) >= len(MISCOUNTED) + len(SHORT)
    while again := to_recount(office):
        for task, counted in again.items():
            phone = next(phone for id, phone in people.items() if id not in counted)
            count_again(phone, shelves, task, used)
        drained(*people.values())
        # A place stands as handed in since the first time, and a pill may be read before it knows of the tap.
        until(lambda again=again: taken(office, again), "the office has what was counted again")

    # Her phone locked itself meanwhile. She decides without a signal as well.
    manager.sign_in("maria")
    manager.wait_for_a_copy()
    drained(manager)
    manager.open("/approvals")
    expect(manager.page.locator("li[data-row^='approval:'][data-status=asked]")).to_have_count(len(SHORT))
    office.stop()
    for _ in range(len(SHORT)):
        undecided = manager.page.get_by_role("button", name=re.compile("^Approve"))
        card = manager.page.locator("li[data-row^='approval:'][data-status=asked]", has=undecided).first
        title = card.get_by_role("heading").first.inner_text()
        say_yes(card, "Taken for a room, not recorded")
        decided = manager.page.locator("li[data-row^='approval:']", has_text=title)
        expect(decided.get_by_text("You have approved it.")).to_be_visible()
    manager.pill_says(waiting=len(SHORT))
    office.start()
    drained(manager)
    until(lambda: state_of(office) == "done", "the count is done")

    for shelf in range(1, 13):
        for number in range(1, 16):
            name = name_of(shelf, number)
            really = sum(LOTS[name].values()) if name in LOTS else there_is(shelf, number, used)
            assert shelves.has(name) == really, name
    assert shelves.differ() == []
    every_line_is_in_the_evidence(office, manager)
    assert complaints == []


def count_again(phone: Counter, shelves: Shelves, task: str, used: dict[str, int]) -> None:
    """Somebody who has not counted it yet looks, sees what is there, and hands it in."""
    _, place, item = task.split("/")
    name = next(name for name, id in shelves.ids.items() if id == item)
    shelf = next(shelf for shelf, id in shelves.places.items() if id == place)
    phone.open_count()
    phone.stand_at(shelf)
    expect(phone.page.locator(f"li[data-row='count_task:{task}']")).to_contain_text("Count again")
    phone.counts(name, there_is(shelf, int(name[8:10]), used))
    phone.hands_in()


def every_line_is_in_the_evidence(office: OfficeServer, manager: Tablet) -> None:
    manager.open("/counts")
    manager.page.get_by_role("link", name=ROOM, exact=True).first.click()
    evidence = manager.page.locator("#evidence")
    expect(evidence.locator("tbody[data-row^='count_review:']")).to_have_count(180)
    with office.read() as session:
        found: list[Any] = list(session.scalars(select(Finding.id)))
        states = set(session.scalars(select(CountTask.state)))
    expect(evidence.locator("tr[data-row^='count_finding:']")).to_have_count(len(found))
    assert states == {"posted"}
    # What Ben saw and never handed in stands there too.
    expect(evidence.get_by_text("Entered, not handed in")).to_be_visible()
