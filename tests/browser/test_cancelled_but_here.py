"""The desk gives away the time of a visit that was cancelled, while a tablet without the network sees the patient."""

from playwright.sync_api import expect


def test_a_patient_whose_time_was_given_away_is_here_and_a_reviewer_chooses(office, new_tablet):
    desk, away = new_tablet(), new_tablet()
    desk.enrol("Desk 1", "ana")
    away.enrol("Tablet 2", "ben")
    away.context.set_offline(True)

    desk.follow("Alma Castellanos")
    desk.page.locator("summary", has_text="Cancel this visit").click()
    desk.page.locator("label", has_text="The patient").click()
    desk.page.get_by_label("Why").select_option("feels_better")
    desk.tap("Cancel this visit")
    desk.follow("Give the time to somebody else")
    desk.find("novak")
    desk.tap("Book Dina Novak")
    desk.pill_says(online=True, waiting=0)

    away.tap("Arrive Alma Castellanos")
    away.shows("Alma Castellanos", "arrived", unsent=True)
    away.context.set_offline(False)
    away.pill_says(online=True, waiting=0)
    assert office.visits("Castellanos")[0].status == "arrived"
    for tablet in (desk, away):
        tablet.open()
        tablet.shows("Alma Castellanos", "arrived", unsent=False)

    desk.open("/attention")
    said = "This visit was cancelled and its time given away, and the patient is here."
    expect(desk.page.get_by_text(said).first).to_be_visible()
    chosen = desk.page.get_by_role("button", name="See today as a work-in")
    chosen.click()
    expect(chosen).to_have_count(0)
    desk.pill_says(online=True, waiting=0)
    away.open()
    expect(away.row("Alma Castellanos")).to_contain_text("Walk-in")
