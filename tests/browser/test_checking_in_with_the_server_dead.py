"""A tablet checks patients in while the server is dead, and hands everything in by itself when it is back."""

import time
from collections import Counter

from playwright.sync_api import expect

FEW_TAPS = 5
BACK_WITHIN_SECONDS = 5
DONE_HERE = (
    "checkin.record_arrival",
    "checkin.check_identity",
    "checkin.check_in",
    "checkin.record_walk_in",
    "checkin.register_walk_in",
    "undo",
)


def test_a_morning_without_the_server_reaches_it_whole_within_seconds_of_its_return(office, tablet):
    tablet.shows("Alma Castellanos", "booked")
    office.stop()
    tablet.page.reload()
    tablet.page.close()
    tablet.open_another_tab()
    tablet.shows("Alma Castellanos", "booked")

    tablet.find("cas")
    expect(tablet.row("Bruno O’Hara")).to_have_count(0)
    expect(tablet.row("Inês Castro")).to_be_visible()
    tablet.taps = 0
    tablet.check_in("Alma Castellanos")
    assert tablet.taps <= FEW_TAPS
    tablet.follow("Back to the day")
    tablet.shows("Alma Castellanos", "checked_in", unsent=True)

    walk_in_somebody_known(tablet)
    walk_in_somebody_new(tablet)
    tablet.tap("Arrive Bruno O’Hara")
    tablet.shows("Bruno O’Hara", "arrived", unsent=True)
    tablet.tap("Undo Bruno O’Hara")
    tablet.shows("Bruno O’Hara", "booked")
    tablet.pill_says(online=False, waiting=7)

    tablet.page.reload()
    tablet.shows("Alma Castellanos", "checked_in", unsent=True)
    tablet.shows("Dina Novak", "arrived", unsent=True)
    tablet.shows("Zoë Quiroga-Ruiz", "arrived", unsent=True)
    tablet.shows("Bruno O’Hara", "booked")
    tablet.pill_says(online=False, waiting=7)

    office.start()
    began = time.monotonic()
    tablet.pill_says(online=True, waiting=0)
    assert time.monotonic() - began < BACK_WITHIN_SECONDS
    for person, status in (
        ("Alma Castellanos", "checked_in"),
        ("Dina Novak", "arrived"),
        ("Zoë Quiroga-Ruiz", "arrived"),
    ):
        tablet.shows(person, status, unsent=False)
    expect(tablet.page.locator("[data-unsent]")).to_have_count(0)
    the_server_holds_each_exactly_once(office)


def walk_in_somebody_known(tablet):
    tablet.follow("Walk-in")
    tablet.find("nov")
    tablet.tap("Walk in Dina Novak")
    tablet.shows("Dina Novak", "arrived", unsent=True)


def walk_in_somebody_new(tablet):
    tablet.follow("Walk-in")
    tablet.type("Last name", "Quiroga-Ruiz")
    tablet.type("First name", "Zoë")
    tablet.page.locator("#new-patient").get_by_label("Birth date").fill("4/12/1990")
    tablet.page.get_by_text("Female", exact=True).click()
    tablet.tap("Register and record arrival")
    tablet.shows("Zoë Quiroga-Ruiz", "arrived", unsent=True)


def the_server_holds_each_exactly_once(office):
    assert [visit.status for visit in office.visits("Castellanos")] == ["checked_in"]
    assert [event.what for event in office.events("Castellanos")] == ["arrived", "identified", "checked_in"]
    assert [(visit.kind, visit.status) for visit in office.visits("Novak")] == [("walk_in", "arrived")]
    assert [person.given for person in office.people("Quiroga-Ruiz")] == ["Zoë"]
    assert [(visit.kind, visit.status) for visit in office.visits("Quiroga-Ruiz")] == [("walk_in", "arrived")]
    assert [visit.status for visit in office.visits("O’Hara")] == ["booked"]
    assert [bool(event.undone_by) for event in office.events("O’Hara")] == [True]
    journalled = Counter(entry.command for entry in office.entries(*DONE_HERE))
    assert journalled == dict.fromkeys(DONE_HERE, 1) | {"checkin.record_arrival": 2}
    assert office.broken_link() is None
