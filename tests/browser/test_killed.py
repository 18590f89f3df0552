"""Whatever is killed between a tap and its sync, nothing that was saved is lost and nothing happens twice."""

import pytest
from playwright.sync_api import Error, expect

from tests.browser.tablet import PATIENCE_MS, Tablet


def the_arrival_happened_once(office, *families: str) -> None:
    for family in families:
        assert [visit.status for visit in office.visits(family)] == ["arrived"]
        assert [event.what for event in office.events(family)] == ["arrived"]
    assert len(office.entries("checkin.record_arrival")) == len(families)
    assert office.broken_link() is None


def stop_workers(tablet: Tablet) -> None:
    """As a browser does with every worker, at any moment."""
    devtools = tablet.context.new_cdp_session(tablet.page)
    devtools.send("ServiceWorker.enable")
    devtools.send("ServiceWorker.stopAllWorkers")
    devtools.detach()


def test_a_worker_stopped_between_tap_and_sync_loses_nothing(office, tablet):
    office.stop()
    tablet.tap("Arrive Alma Castellanos")
    tablet.shows("Alma Castellanos", "arrived", unsent=True)
    stop_workers(tablet)

    tablet.tap("Arrive Bruno O’Hara")
    tablet.shows("Bruno O’Hara", "arrived", unsent=True)
    stop_workers(tablet)
    office.start()

    tablet.pill_says(online=True, waiting=0)
    tablet.shows("Alma Castellanos", "arrived", unsent=False)
    tablet.shows("Bruno O’Hara", "arrived", unsent=False)
    the_arrival_happened_once(office, "Castellanos", "O’Hara")


def test_a_tab_that_crashes_after_a_tap_loses_nothing(office, tablet):
    office.stop()
    tablet.tap("Arrive Alma Castellanos")
    tablet.shows("Alma Castellanos", "arrived", unsent=True)
    with pytest.raises(Error):
        tablet.page.goto("chrome://crash")
    with pytest.raises(Error, match="crashed"):
        tablet.page.wait_for_timeout(PATIENCE_MS)

    # The keys may have gone with the tab; whoever is still signed in needs the office for a moment, and no password.
    office.start()
    tablet.open_another_tab()

    tablet.shows("Alma Castellanos", "arrived")
    tablet.pill_says(online=True, waiting=0)
    the_arrival_happened_once(office, "Castellanos")


def test_a_server_killed_in_the_middle_of_a_morning_has_each_arrival_once(office, tablet):
    for person in ("Alma Castellanos", "Bruno O’Hara"):
        tablet.tap(f"Arrive {person}")
    office.kill()
    tablet.tap("Arrive Farid Haddad")
    tablet.shows("Farid Haddad", "arrived", unsent=True)
    office.start()

    tablet.pill_says(online=True, waiting=0)
    the_arrival_happened_once(office, "Castellanos", "O’Hara", "Haddad")


def test_a_browser_ended_by_kill_9_right_after_a_row_said_saved_loses_nothing(office, chrome):
    complaints: list[str] = []
    Tablet(chrome.start(), office, complaints).enrol()
    chrome.close()

    tablet = Tablet(chrome.start(), office, complaints)
    tablet.sign_in()
    tablet.wait_for_a_copy()
    office.stop()
    tablet.tap("Arrive Alma Castellanos")
    tablet.shows("Alma Castellanos", "arrived")
    chrome.kill()

    tablet = Tablet(chrome.start(), office, complaints)
    assert tablet.open().status == 503
    expect(tablet.page.get_by_role("heading", name="This device is locked")).to_be_visible()
    assert "Castellanos" not in tablet.page.content()
    office.start()
    tablet.sign_in()

    tablet.pill_says(online=True, waiting=0)
    tablet.shows("Alma Castellanos", "arrived", unsent=False)
    the_arrival_happened_once(office, "Castellanos")
    assert complaints == []
