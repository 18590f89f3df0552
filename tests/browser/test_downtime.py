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


def test_a_drill_on_a_quiet_afternoon_is_worked_through_and_leaves_its_record(office, new_tablet):
    ana, maria = new_tablet(), new_tablet()
    ana.enrol("Tablet 1", "ana")
    maria.sign_in("maria")
    maria.open("/downtime")
    maria.page.get_by_text("Make a drill", exact=True).click()
    maria.page.get_by_text("Tablet 1", exact=True).click()
    maria.tap("Begin the drill")
    expect(maria.page.get_by_role("heading", name="Downtime record")).to_be_visible()
    ana.context.set_offline(True)
    ana.tap("Arrive Alma Castellanos")
    ana.shows("Alma Castellanos", "arrived", unsent=True)
    ana.pill_says(online=False)
    ana.context.set_offline(False)
    ana.pill_says(online=True, waiting=0)

    maria.type("What was learned", "Nobody knew where flight mode is")
    maria.tap("End the drill")
    record = maria.page.get_by_role("article")
    expect(record).to_contain_text("Begun by Maria")
    for said in ("Drill", "tested under 164.308(a)(7)(ii)(D)", "1 entry was made without the office by Ana Garrido.",
                 "Nobody knew where flight mode is", "Tablet 1"):  # fmt: skip
        expect(record).to_contain_text(said)
    expect(record).not_to_contain_text("Castellanos")
    if (link := maria.page.get_by_role("link", name="As a PDF")).count():
        paper = maria.context.request.get(office.url + str(link.get_attribute("href")))
        assert paper.body().startswith(b"%PDF-")
    maria.open("/downtime")
    expect(maria.page.locator("li[data-row^='outage:'][data-drill]")).to_have_count(1)
