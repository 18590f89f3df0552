"""In an emergency a colleague whose role does not open the patient pages reads them, and it is reviewed."""

from playwright.sync_api import expect
from sqlalchemy import select

from backend.access_log import access_entry
from tests.browser.tablet import until
from tests.browser.test_locking import ANAS, enter_pin, lock, set_pin
from tests.browser.test_signing_out import staff_id

CLEOS = "904172"


def test_a_nurse_opens_the_board_in_an_emergency_without_the_office_and_may_only_read(office, tablet, new_tablet):
    tablet.sign_in("cleo")
    set_pin(tablet, CLEOS)
    tablet.sign_in("ana")
    set_pin(tablet, ANAS)
    tablet.wait_for_a_copy()
    lock(tablet)
    office.stop()
    enter_pin(tablet, "Cleo Marsh", CLEOS)

    expect(tablet.page.get_by_role("heading", name="This page is not yours to open")).to_be_visible()
    assert "Castellanos" not in tablet.page.content()
    tablet.page.get_by_label("What is the emergency?").fill("He collapsed at the desk")
    tablet.tap("Open for 30 minutes")
    tablet.shows("Alma Castellanos", "booked")
    tablet.tap("Arrive Alma Castellanos")
    expect(tablet.page.locator("#complaint")).to_contain_text("Your role does not open this page.")
    tablet.shows("Alma Castellanos", "booked")
    tablet.follow("Alma Castellanos")
    expect(tablet.page.get_by_role("heading", name="Alma Castellanos")).to_be_visible()

    office.start()
    until(lambda: len(office.entries("privacy.break_glass")) == 1, "the office knows of the emergency")
    [entry] = office.entries("privacy.break_glass")
    assert (entry.outcome, entry.actor_id) == ("flagged", staff_id(office, "Cleo Marsh"))

    def looks():
        with office.read() as session:
            query = select(access_entry).where(
                access_entry.c.page == "checkin.visit", access_entry.c.source == "device"
            )
            return list(session.execute(query))

    until(lambda: len(looks()) == 1, "the look is in the access log")
    assert (looks()[0].actor_id, looks()[0].code) == (staff_id(office, "Cleo Marsh"), "break_glass")
    officer = new_tablet()
    officer.sign_in("petra")
    officer.open("/privacy")
    expect(officer.page.get_by_text("He collapsed at the desk")).to_be_visible()
