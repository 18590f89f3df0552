"""The server was gone, and Ana worked on: what Maria reads of it afterwards."""

from playwright.sync_api import expect


def test_an_outage_tells_of_itself_once_the_server_is_back(office, new_tablet):
    office.settings["DAYSHEET_OUTAGE_SECONDS"] = "5"
    ana, maria = new_tablet(), new_tablet()
    ana.enrol("Tablet 1", "ana")
    office.stop()
    ana.tap("Arrive Alma Castellanos")
    ana.shows("Alma Castellanos", "arrived", unsent=True)
    ana.page.wait_for_timeout(4_000)
    ana.tap("Arrive Farid Haddad")
    ana.page.wait_for_timeout(4_000)
    office.start()
    ana.pill_says(online=True, waiting=0)

    maria.sign_in("maria")
    maria.open("/downtime")
    outage = maria.page.locator("li[data-row^='outage:']")
    expect(outage).to_have_count(1)
    outage.get_by_role("link").click()
    record = maria.page.get_by_role("article")
    expect(record).to_contain_text("2 entries were made without the office by Ana Garrido.")
    expect(record.locator("[data-entry]")).to_have_count(2)
    expect(record).not_to_contain_text("Castellanos")
    expect(record).to_contain_text("Evidence for the emergency mode operation plan")
    maria.open("/devices/where")
    expect(maria.page.locator("[data-exposure]")).to_contain_text("All that devices told of is at the office.")
