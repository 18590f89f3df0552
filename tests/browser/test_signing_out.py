"""Who is signed in decides what a device shows; what was done on it is handed in whoever that is."""

from playwright.sync_api import expect

from backend.staff.models import StaffMember
from tests.browser.tablet import until
from tests.browser.test_killed import stop_workers


def staff_id(office, name: str) -> str:
    with office.read() as session:
        return session.query(StaffMember.id).where(StaffMember.name == name).scalar()


def lock(tablet) -> None:
    """As after a night: no page is open, and the browser has stopped the worker, so nobody holds the keys."""
    page = tablet.context.new_page()
    tablet.page.close()
    tablet.page = page
    stop_workers(tablet)


def nothing_is_told(tablet, path: str) -> None:
    answer = tablet.open(path)
    assert answer.status == 503
    assert answer.from_service_worker
    for name in ("Castellanos", "Alma", "O’Hara", "Adeyemi"):
        assert name not in tablet.page.content()


def test_after_sign_out_a_device_shows_no_patient_until_somebody_signs_in(office, tablet):
    tablet.follow("Alma Castellanos")
    visit = tablet.page.url.removeprefix(office.url)
    tablet.page.get_by_role("button", name="Sign out").click()
    expect(tablet.page.get_by_role("heading", name="Sign in")).to_be_visible()
    office.stop()

    for path in ("/checkin", visit, "/attention", "/device"):
        nothing_is_told(tablet, path)
    expect(tablet.page.get_by_role("heading", name="This device is locked")).to_be_visible()
    tablet.page.go_back()
    assert "Castellanos" not in tablet.page.content()

    office.start()
    tablet.sign_in("ben")
    tablet.shows("Alma Castellanos", "booked")


def test_a_locked_device_keeps_what_was_done_and_hands_it_in_after_sign_in(office, tablet):
    office.stop()
    tablet.tap("Arrive Alma Castellanos")
    tablet.shows("Alma Castellanos", "arrived", unsent=True)
    lock(tablet)
    nothing_is_told(tablet, "/checkin")

    office.start()
    tablet.sign_in()
    tablet.shows("Alma Castellanos", "arrived")
    tablet.pill_says(online=True, waiting=0)
    tablet.shows("Alma Castellanos", "arrived", unsent=False)
    assert [event.what for event in office.events("Castellanos")] == ["arrived"]


def test_a_colleague_who_signs_in_hands_in_the_work_of_the_one_before_under_their_name(office, tablet):
    office.stop()
    tablet.tap("Arrive Alma Castellanos")
    tablet.shows("Alma Castellanos", "arrived", unsent=True)
    lock(tablet)
    office.start()

    tablet.sign_in("ben")
    tablet.pill_says(online=True, waiting=0)
    tablet.tap("Arrive Bruno O’Hara")
    tablet.shows("Bruno O’Hara", "arrived", unsent=False)

    [entry] = office.events("Castellanos")
    assert entry.actor_id == staff_id(office, "Ana Garrido")
    [later] = office.events("O’Hara")
    assert later.actor_id == staff_id(office, "Ben Ito")


def test_a_session_that_is_over_blocks_no_handing_in(office, tablet):
    office.stop()
    tablet.tap("Arrive Alma Castellanos")
    tablet.shows("Alma Castellanos", "arrived", unsent=True)
    tablet.context.clear_cookies(name="daysheet_session")
    office.start()

    until(lambda: len(office.events("Castellanos")) == 1, "the arrival is at the office")
    [entry] = office.events("Castellanos")
    assert entry.actor_id == staff_id(office, "Ana Garrido")
    tablet.shows("Alma Castellanos", "arrived", unsent=False)
