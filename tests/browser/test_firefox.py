"""Firefox checks a patient in while the server is dead, and hands it in when it is back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.firefox import Firefox, Hands, find_firefox
from tests.browser.office import OfficeServer


@pytest.fixture
def firefox(tmp_path: Path) -> Iterator[Firefox]:
    if not find_firefox():
        pytest.skip("Firefox is not installed here: apt install firefox-esr")
    firefox = Firefox(tmp_path / "browser")
    try:
        firefox.begin()
        yield firefox
    finally:
        firefox.close()


def test_a_patient_checked_in_without_the_server_reaches_it_when_it_is_back(
    office: OfficeServer, firefox: Firefox
) -> None:
    hands = Hands(firefox, office.url)
    hands.enrol()
    hands.shows("Alma Castellanos", "booked", unsent=False)
    office.stop()
    hands.open("/checkin")
    hands.type("", "cas")
    hands.sees("!row('Bruno O’Hara') && !!row('Inês Castro')")
    hands.tap("Arrive Alma Castellanos")
    hands.tap("Identify Alma Castellanos")
    hands.tap("Name and birth date match")
    hands.tap("Check in")
    hands.sees("document.querySelector('#steps')?.dataset.status === 'checked_in'")
    hands.tap("Back to the day")
    hands.shows("Alma Castellanos", "checked_in", unsent=True)
    hands.tap("Walk-in")
    hands.sees("!!document.querySelector('#new-patient')")
    hands.type("", "nov")
    hands.tap("Walk in Dina Novak")
    hands.shows("Dina Novak", "arrived", unsent=True)
    hands.open("/checkin")
    hands.shows("Alma Castellanos", "checked_in", unsent=True)
    hands.pill_says(online=False)
    office.start()
    hands.pill_says(online=True, waiting=0)
    hands.shows("Alma Castellanos", "checked_in", unsent=False)
    assert [visit.status for visit in office.visits("Castellanos")] == ["checked_in"]
    assert [(visit.kind, visit.status) for visit in office.visits("Novak")] == [("walk_in", "arrived")]
    assert office.broken_link() is None
