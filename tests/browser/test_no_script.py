"""A browser without scripts does the same jobs by plain forms."""

import pytest
from playwright.sync_api import expect

from tests.browser.tablet import Tablet


@pytest.fixture
def plain(new_tablet) -> Tablet:
    tablet = new_tablet(java_script_enabled=False)
    tablet.sign_in()
    return tablet


def test_a_returning_patient_is_checked_in(office, plain):
    plain.tap("Arrive Alma Castellanos")
    plain.shows("Alma Castellanos", "arrived")
    plain.follow("Identify Alma Castellanos")
    plain.tap("Name and birth date match")
    plain.tap("Check in")
    expect(plain.page.locator("#steps")).to_have_attribute("data-status", "checked_in")
    plain.follow("Back to the day")
    plain.shows("Alma Castellanos", "checked_in")
    assert [event.what for event in office.events("Castellanos")] == ["arrived", "identified", "checked_in"]


def test_an_arrival_is_undone(office, plain):
    plain.tap("Arrive Bruno O’Hara")
    plain.tap("Undo Bruno O’Hara")
    plain.shows("Bruno O’Hara", "booked")
    assert [bool(event.undone_by) for event in office.events("O’Hara")] == [True]


def test_somebody_is_found_by_three_letters(plain):
    plain.find("cas")
    plain.tap("Find")
    expect(plain.row("Alma Castellanos")).to_be_visible()
    expect(plain.row("Bruno O’Hara")).to_have_count(0)
    assert "cas" not in plain.page.url


def test_one_who_is_known_and_one_who_is_new_walk_in(office, plain):
    plain.follow("Walk-in")
    plain.find("nov")
    plain.tap("Find")
    plain.tap("Walk in Dina Novak")
    plain.shows("Dina Novak", "arrived")

    plain.follow("Walk-in")
    plain.type("Last name", "Quiroga")
    plain.tap("Register and record arrival")
    expect(plain.page.get_by_text("Please fill in First name.")).to_be_visible()
    expect(plain.page.get_by_label("Last name", exact=True)).to_have_value("Quiroga")
    plain.type("First name", "Zoë")
    plain.page.locator("#new-patient").get_by_label("Birth date").fill("4/12/1990")
    plain.page.get_by_text("Female", exact=True).click()
    plain.tap("Register and record arrival")
    plain.shows("Zoë Quiroga", "arrived")
    assert len(office.people("Quiroga")) == len(office.visits("Quiroga")) == len(office.visits("Novak")) == 1


def test_two_ticks_are_asked_for_and_enough(office, plain):
    plain.tap("Arrive Emre Yılmaz")
    plain.follow("Identify Emre Yılmaz")
    plain.page.locator("label[for=identifier-name]").click()
    plain.tap("Identity confirmed")
    expect(plain.page.locator("#identifiers-complaint")).to_be_visible()
    plain.page.locator("label[for=identifier-name]").click()
    plain.page.locator("label[for=identifier-phone]").click()
    plain.tap("Identity confirmed")
    expect(plain.page.get_by_role("button", name="Check in")).to_be_visible()
    assert [event.detail for event in office.events("Yılmaz")] == ["", "name phone"]
