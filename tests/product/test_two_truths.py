"""When two truths meet: on two tablets without a network, by the real worker; who entered it sees it on their own."""

from collections.abc import Iterator

import pytest

from tests.product.desks import Desk, Morning, morning_of
from tests.product.playing import Player

OFFICE = "/attention/office"
ARRIVAL = "checkin.record_arrival"


class Three:
    """Ana and Ben at their tablets, Maria at her desk; and Alma’s visit."""

    def __init__(self, morning: Morning) -> None:
        self.morning = morning
        self.ana, self.ben, self.maria = (
            morning.tablet(name, who) for name, who in (("Tablet 1", "ana"), ("Tablet 2", "ben"), ("Desk", "maria"))
        )
        self.alma, self.visit = morning.patients[0], f"/checkin/{morning.visits[0]}"

    def arrived(self) -> None:
        """Alma is here, and everybody knows."""
        self.ana.sends("/checkin", f"{self.visit}/arrival".removeprefix("/checkin"))
        self.everybody_hears()

    def cut(self) -> None:
        self.ana.cut()
        self.ben.cut()

    def back(self) -> None:
        """Ana’s tablet is heard first, then Ben’s; then everybody hears of everything."""
        self.ana.back()
        self.ben.back()
        self.everybody_hears()

    def everybody_hears(self) -> None:
        for desk in (self.ana, self.ben, self.maria):
            desk.syncs()

    def nobody_has_cards(self) -> None:
        self.everybody_hears()
        assert (self.ana.cards(), self.ben.cards(), self.maria.cards(OFFICE)) == ([], [], [])

    def patient(self, columns: str) -> tuple[str, ...]:
        [row] = self.morning.query(f"SELECT {columns} FROM patient WHERE id = ?", self.alma)
        return tuple(row)


@pytest.fixture
def three(player: Player) -> Iterator[Three]:
    with morning_of(player) as morning:
        yield Three(morning)


def arrives(desk: Desk, visit: str) -> None:
    desk.sends("/checkin", f"{visit.removeprefix('/checkin')}/arrival")


def test_the_same_patient_arrived_on_both_and_nobody_has_anything_to_decide(three: Three) -> None:
    three.cut()
    arrives(three.ben, three.visit)
    three.morning.passes(3)
    arrives(three.ana, three.visit)
    three.back()
    assert three.morning.outcomes(ARRIVAL) == [("applied", "applied"), ("applied", "already_arrived")]
    assert "Already arrived at 9:03 am by Ana Garrido on Tablet 1." in three.ben.reads("/device")
    for desk in (three.ana, three.ben):
        page = desk.reads(three.visit)
        assert "Also recorded at 9:00 am by Ben Ito on Tablet 2." in page
        # The earlier is when Alma came, though it reached the office later.
        assert "Arrival , done 9:00 am" in page
    three.nobody_has_cards()


def test_of_two_who_changed_the_contact_only_the_same_field_needs_somebody(three: Three) -> None:
    three.arrived()
    three.cut()
    three.ana.sends(three.visit, "/contact", phone="(555) 010-7777", line="2 Oak St")
    three.morning.passes(5)
    three.ben.sends(three.visit, "/contact", email="alma@example.org", line="3 Fir St")
    three.back()
    assert three.ana.cards() == []
    for card in (three.ben.card(), three.maria.card(OFFICE)):
        assert "Two people changed the address. What was entered later stands now." in card
        assert "2 Oak St – Ana Garrido on Tablet 1, at 9:00 am" in card
        assert "Street: 3 Fir St" in card
    assert three.patient("phone, email, line") == ("5550107777", "alma@example.org", "3 Fir St")
    three.ben.chooses("other")
    assert three.patient("phone, email, line") == ("5550107777", "alma@example.org", "2 Oak St")
    three.nobody_has_cards()


def test_of_two_birth_dates_the_first_stays_until_somebody_chooses(three: Three) -> None:
    three.cut()
    three.ana.sends(three.visit, "/corrections", birth_date="4/12/1951", sex="female")
    three.morning.passes(5)
    three.ben.sends(three.visit, "/corrections", birth_date="4/12/1952", sex="female", given="Almah")
    three.back()
    assert three.ana.cards() == []
    for card in (three.ben.card(), three.maria.card(OFFICE)):
        assert "Birth date: 04/12/1951 – Ana Garrido on Tablet 1, at 9:00 am" in card
        assert "Birth date: 04/12/1952 Who Ben Ito When Mon, Nov 23, 9:05 am On Tablet 2" in card
    assert three.patient("given, birth_date") == ("Almah", "1951-04-12")
    three.maria.chooses("entered", OFFICE)
    assert three.patient("given, birth_date") == ("Almah", "1952-04-12")
    three.nobody_has_cards()
    assert "Birth date 04/12/1952" in three.ana.reads(three.visit)


def test_a_copay_taken_on_both_is_money_twice_until_a_manager_says_what_it_was(three: Three) -> None:
    three.arrived()
    three.cut()
    three.ana.sends(three.visit, "/copay", cents="25", method="cash")
    three.morning.passes(5)
    three.ben.sends(three.visit, "/copay", cents="25", method="card", reference="0042")
    three.back()
    assert three.ana.cards() == []
    card = three.ben.card()
    assert "Both are in the book; the second is $25.00." in card
    assert "Receipt 1-1 – Ana Garrido on Tablet 1, at 9:00 am" in card
    assert "Refund the second A manager’s to choose" in card
    assert "Total $50.00" in three.maria.reads("/payments/2026-11-23")
    three.maria.chooses("refund", OFFICE)
    assert "Total $25.00" in three.maria.reads("/payments/2026-11-23")
    three.nobody_has_cards()
    assert "2-1 Refunded" in three.ana.reads(three.visit)


def test_a_clock_wrong_by_hours_changes_a_time_at_most_and_asks_nobody(three: Three) -> None:
    three.cut()
    three.ana.ask("clock", offset=3 * 3_600_000)
    arrives(three.ana, three.visit)
    three.ana.ask("stop")
    three.morning.passes(20)
    arrives(three.ana, f"/checkin/{three.morning.visits[1]}")
    three.back()
    # The worker was stopped in between, so the first time is worked out from the clock's error.
    assert "Arrival , done about 9:00 am" in three.ben.reads(three.visit)
    assert "Arrival , done 9:20 am" in three.ben.reads(f"/checkin/{three.morning.visits[1]}")
    three.nobody_has_cards()


@pytest.mark.parametrize(("state", "code"), [("retire", "device_retired"), ("lost", "device_lost")])
def test_what_waits_on_a_device_out_of_use_is_recorded_by_a_managers_tap(three: Three, state: str, code: str) -> None:
    three.ana.cut()
    arrives(three.ana, three.visit)
    three.maria.sends(f"/devices/{three.ana.device_id}", f"/{state}")
    three.morning.passes(2)
    three.ana.ask("online", online=True)
    three.morning.passes(10)
    assert three.ana.ask("waiting") == 0
    assert three.morning.outcomes(ARRIVAL) == [("held", code)]
    three.maria.syncs()
    card = three.maria.card(OFFICE)
    assert "Alma Castellanos 04/12/1950 Arrived Who Ana Garrido When Mon, Nov 23, 9:00 am On Tablet 1" in card
    three.maria.chooses("record", OFFICE)
    assert three.morning.outcomes(ARRIVAL) == [("held", code), ("applied", "applied")]
    three.ben.syncs()
    assert "Arrival , done 9:00 am · Ana Garrido" in three.ben.reads(three.visit)
    assert three.maria.cards(OFFICE) == []


def test_who_left_meanwhile_is_told_apart_and_what_they_did_is_recorded_by_a_managers_tap(three: Three) -> None:
    three.ana.cut()
    arrives(three.ana, three.visit)
    three.morning.give("staff.end_membership", staff_id=three.morning.staff["ana"])
    three.ana.ask("online", online=True)
    three.morning.passes(10)
    three.maria.syncs()
    card = three.maria.card(OFFICE)
    assert "Who entered this is not on the staff any more. A manager decides." in card
    assert "Alma Castellanos" in card
    three.maria.chooses("record", OFFICE)
    three.ben.syncs()
    assert "Arrival , done 9:00 am" in three.ben.reads(three.visit)
    assert three.maria.cards(OFFICE) == []
