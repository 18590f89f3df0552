"""A morning of 24 visits on two tablets while the office’s server is gone, and what the office knows of it later."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec

import pytest

from tests.forms import text_of
from tests.product.desks import Desk, Morning, morning_of
from tests.product.playing import Player
from tests.product.practice import fixed_id

DAY = "2026-11-23"
BOARD, OFFICE, MONEY = f"/checkin/{DAY}", "/attention/office", f"/payments/{DAY}"
HAVE_A_TIME = ("Alma", "Bruno", "Chiara", "Dev", "Elif", "Farid")
# Booked besides, and what they pay; Elif's visit was called off last week.
BOOKED = {
    "Greta Lund": ("40", "card"), "Hugo Barros": ("12.75", "cash"), "Ines Okafor": None, "Jonas Weber": ("25", "check"),
    "Kamila Nowak": ("35", "card"), "Liam Doyle": ("20", "cash"), "Mei Tanaka": ("18.20", "cash"),
    "Nadia Rossi": ("50", "card"), "Otto Brandt": ("25", "cash"), "Paula Vargas": None, "Rafael Cohen": ("30", "card"),
    "Sana Qureshi": ("22.45", "check"), "Tomas Horak": ("15", "cash"), "Ursula Frei": ("40", "card"),
}  # fmt: skip
KNOWN = ("Viktor Salo", "Wanda Pires")
FOR_A_PERSON = {
    "Alma Castellanos": "A copay was taken twice for this visit.",
    "Bruno O’Hara": "Two people changed the address.",
    "Farid Haddad": "This visit was cancelled, and the patient is here.",
}


class Story:
    """Ana and Ben at their tablets. A visit is named by the first name of who comes."""

    def __init__(self, morning: Morning) -> None:
        self.morning = morning
        self.visits = dict(zip(HAVE_A_TIME, morning.visits, strict=True))
        for number, name in enumerate((*BOOKED, *KNOWN)):
            self.is_known(number, *name.split())
        for number, name in enumerate(BOOKED):
            self.is_booked(number, name)
        self.ana, self.ben = morning.tablet("Tablet 1", "ana"), morning.tablet("Tablet 2", "ben")

    def is_known(self, number: int, given: str, family: str) -> None:
        who = {"patient_id": fixed_id(f"{given} {family}"), "source": family, "given": given, "family": family}
        self.morning.give("patients.import_patient", **who, birth_date=f"{1941 + 3 * number}-0{1 + number % 9}-17")

    def is_booked(self, number: int, name: str) -> None:
        visit = self.visits[name.split()[0]] = fixed_id(f"visit of {name}")
        at = datetime(2026, 11, 23, 15, 30, tzinfo=UTC) + timedelta(minutes=10 * number)
        booking = {"visit_id": visit, "patient_id": fixed_id(name), "provider_id": fixed_id("provider")}
        self.morning.give("scheduling.book_visit", **booking, starts_at=at.isoformat())

    def page(self, name: str) -> str:
        return f"/checkin/{self.visits[name]}"

    def sends(self, desk: Desk, name: str, end: str, **typed: str) -> None:
        """From the page of that visit, half a minute after the last."""
        self.morning.passes(0.5)
        desk.sends(self.page(name), end, **typed)

    def arrives(self, desk: Desk, name: str) -> None:
        self.sends(desk, name, f"{self.visits[name]}/arrival")

    def goes_on(self, desk: Desk, name: str, paid: tuple[str, str] | None) -> None:
        """Who has arrived is identified, pays and is ready."""
        self.sends(desk, name, "/identity")
        if paid:
            self.sends(desk, name, "/copay", cents=paid[0], method=paid[1])
        self.sends(desk, name, "/check-in")

    def walks_in(self, desk: Desk, name: str) -> None:
        desk.sends(f"{BOARD}/walk-in", "/walk-ins", patient_id=fixed_id(name), type="Office visit")
        self.find(desk, name)

    def registers(self, desk: Desk, name: str, birth_date: str) -> None:
        given, family = name.split()
        typed = {"given": given, "family": family, "birth_date": birth_date, "sex": "unknown", "type": "Office visit"}
        desk.sends(f"{BOARD}/walk-in", "/registrations", **typed)
        self.find(desk, name)

    def find(self, desk: Desk, name: str) -> None:
        """Whoever came without a time is on the board of that tablet at once."""
        lines = re.split(r'<li class="visit" id="visit-', desk.page(BOARD))[1:]
        [self.visits[name.split()[0]]] = [line[:36] for line in lines if name in text_of(line)]

    def without_the_office(self) -> None:
        """What happens from 9:12 on."""
        ana, ben, until = self.ana, self.ben, self.morning.until
        until("9:12")
        self.goes_on(ana, "Alma", ("25", "cash"))
        self.sends(ana, "Bruno", "/contact", line="2 Oak St")
        until("9:18")
        self.sends(ben, "Alma", "/copay", cents="25", method="card")
        self.sends(ben, "Bruno", "/contact", line="3 Fir St")
        self.goes_on(ben, "Bruno", ("30", "check"))
        until("9:30")
        self.sends(ana, "Farid", "/cancellation", called="family", reason="weather")
        self.arrives(ben, "Farid")
        self.goes_on(ben, "Farid", ("20", "cash"))
        until("9:35")
        self.arrives(ana, "Chiara")
        self.arrives(ben, "Chiara")
        self.goes_on(ana, "Chiara", ("15.50", "card"))
        self.arrives(ana, "Dev")
        self.goes_on(ana, "Dev", ("25", "cash"))
        for number, (name, paid) in enumerate(BOOKED.items()):
            until(f"9:{40 + 3 * number}" if number < 7 else f"10:{3 * number - 20:02}")
            desk, given = (ana if number % 2 else ben), name.split()[0]
            self.arrives(desk, given)
            self.goes_on(desk, given, paid)
        until("10:25")
        self.registers(ana, "Xavier Amundsen", "3/14/1988")
        self.goes_on(ana, "Xavier", ("60", "card"))
        self.registers(ben, "Yara Boateng", "7/2/1993")
        self.goes_on(ben, "Yara", ("60.05", "cash"))
        self.registers(ana, "Zoltan Kiss", "11/30/1969")
        self.goes_on(ana, "Zoltan", None)
        until("10:33")
        self.walks_in(ben, KNOWN[0])
        self.goes_on(ben, "Viktor", ("25", "cash"))
        self.walks_in(ana, KNOWN[1])
        self.goes_on(ana, "Wanda", ("33.30", "card"))

    def waiting(self) -> list[int]:
        return [desk.ask("waiting") for desk in (self.ana, self.ben)]

    def ready_on(self, desk: Desk) -> set[str]:
        """The visits that its board says are checked in."""
        return set(re.findall(r'data-row="visit:([^"]+)" data-status="checked_in"', desk.page(BOARD)))


@pytest.fixture
def story(player: Player) -> Iterator[Story]:
    with morning_of(player) as morning:
        yield Story(morning)


def test_a_morning_without_the_server_is_whole_again_when_it_is_back(story: Story) -> None:
    morning, ana, ben = story.morning, story.ana, story.ben
    for name in ("Alma", "Bruno"):
        story.arrives(ana, name)
    ana.syncs()
    ben.syncs()
    morning.until("9:10")
    morning.server(running=False)
    story.without_the_office()
    assert story.waiting() == [51, 45]
    morning.until("10:40")
    morning.server(running=True)
    ana.syncs()
    ben.syncs()
    maria = morning.tablet("Desk", "maria")
    assert story.waiting() == [0, 0]

    # Three things are for a person; that Chiara arrived on both is none.
    cards = maria.cards(OFFICE)
    assert len(cards) == 3
    for name, said in FOR_A_PERSON.items():
        assert [name in card for card in cards if said in card] == [True], name
    ana.syncs()
    [told] = ana.cards()
    assert FOR_A_PERSON["Farid Haddad"] in told, "who cancelled it is told too"
    assert len(ben.cards()) == 3
    assert "Total $652.25" in maria.reads(MONEY)
    record = the_record(maria)
    assert 'data-status="to_decide"' in maria.page(record)
    morning.until("10:50")
    for choice in ("stays", "refund", "other"):
        maria.chooses(choice, OFFICE)
    for desk in (ana, ben):
        desk.syncs()
    assert (ana.cards(), ben.cards(), maria.cards(OFFICE)) == ([], [], [])

    the_money_is_right(maria)
    every_visit_is_right(story)
    the_record_tells_it(story, maria, record)


def the_record(maria: Desk) -> str:
    """The address of the only one."""
    [id] = re.findall(r'data-row="outage:([^"]+)"', maria.page("/downtime"))
    return f"/downtime/{id}"


def the_record_tells_it(story: Story, maria: Desk, address: str) -> None:
    """From the first try in vain of each tablet: what each held, when all of it was there, and who decided what."""
    page, text = maria.page(address), maria.reads(address)
    assert 'data-status="closed"' in page
    assert "From 9:12 am to 10:40 am (1 h 28 min). 96 entries were made" in text
    assert "existed on a device alone: 1 h 28 min. The last one reached the office (Nov 23, 2026, 10:40 am)." in text
    assert "All was reconciled (Nov 23, 2026, 10:50 am)." in text
    assert "Tablet 1 9:12 am – 10:40 am 51 Nov 23, 2026, 10:40 am 0" in text
    assert "Tablet 2 9:18 am – 10:40 am 45 Nov 23, 2026, 10:40 am 0" in text
    made = story.morning.query(
        "SELECT command_id FROM journal WHERE device_id IN (?, ?) AND caused_by IS NULL "
        "AND happened_at BETWEEN '2026-11-23 14:10' AND '2026-11-23 15:40'",
        story.ana.device_id,
        story.ben.device_id,
    )
    listed = re.findall(r'data-entry="([^"]+)".*?</tr>', page)
    assert len(listed) == 96
    assert {id for (id,) in made} == set(listed)
    assert len(re.findall(r"<td>10:40 am</td><td>(?:1 h )?\d+ min</td></tr>", page)) == 96
    assert re.findall(r"Decided (.+?) (?=No\.|Worked)", text.partition("What needed a person")[2]) == [
        f"Nov 23, 2026, 10:50 am, Maria Lindqvist: {chosen}"
        for chosen in ("Refund the second", "Put the other back", "The patient is seen")
    ]
    for name in FOR_A_PERSON:
        assert name not in text, "the record says no more of patients than it must"
    if find_spec("weasyprint"):
        assert maria.pdf(f"{address}/record.pdf").startswith(b"%PDF-")


def the_money_is_right(maria: Desk) -> None:
    """By what was entered, less Alma’s second copay."""
    page = maria.reads(MONEY)
    assert "Total $627.25 By method" in page
    assert "Cash $246.00 Check $77.45 Card $303.80" in page
    assert "Ana Garrido $329.00 Ben Ito $323.25 Maria Lindqvist -$25.00" in page


def every_visit_is_right(story: Story) -> None:
    """Each of the 24 is there once and ready, at the office and on both tablets."""
    standing = dict(story.morning.query("SELECT id, status FROM visit WHERE day = ?", DAY))
    assert standing.pop(story.visits.pop("Elif")) == "cancelled_by_patient"
    assert standing == dict.fromkeys(story.visits.values(), "checked_in")
    assert len(standing) == 24
    for desk in (story.ana, story.ben):
        assert story.ready_on(desk) == standing.keys()
    addresses = story.morning.query("SELECT line FROM patient WHERE given = 'Bruno'")
    assert addresses == [("2 Oak St",)]
