"""One patient was registered on two tablets while the server was dead; people make them one, and two again."""

from playwright.sync_api import Locator, expect

from tests.browser.tablet import Tablet

BOTH = ("Marta Quiroga", "Martha Quiroga")


def registers(tablet: Tablet, given: str, phone: str) -> None:
    tablet.follow("Walk-in")
    tablet.type("Last name", "Quiroga")
    tablet.type("First name", given)
    form = tablet.page.locator("#new-patient")
    form.get_by_label("Birth date").fill("3/4/1980")
    form.get_by_label("Phone").fill(phone)
    form.get_by_text("Female", exact=True).click()
    tablet.tap("Register and record arrival")
    tablet.shows(f"{given} Quiroga", "arrived")


def chooses(pair: Locator, of_what: str, value: str) -> None:
    pair.get_by_role("group", name=of_what, exact=True).get_by_text(value, exact=True).click()


def test_who_was_registered_twice_is_merged_field_by_field_and_separated_again(office, new_tablet):
    ana, ben = new_tablet(), new_tablet()
    ana.enrol("Tablet 1", "ana")
    ben.enrol("Tablet 2", "ben")
    office.stop()
    registers(ana, "Marta", "")
    registers(ben, "Martha", "555 010 4400")
    ben.context.set_offline(True)
    office.start()
    ana.pill_says(online=True, waiting=0, attention=0)
    ben.context.set_offline(False)
    ben.pill_says(online=True, waiting=0, attention=1)

    # Ben is asked, with both beside each other, and takes each thing from where it is right.
    ben.open("/attention")
    card = ben.page.locator("li[data-row^='case:']")
    expect(card).to_contain_text("Is this the same person as Marta Quiroga")
    expect(card).to_contain_text("Both records are kept until somebody says so.")
    card.get_by_role("link", name="Compare").click()
    pair = ben.page.locator("#pair")
    expect(pair).to_contain_text("the same person")
    chooses(pair, "First name", "Martha")
    chooses(pair, "Phone", "(555) 010-4400")
    ben.tap("Same person: merge")
    expect(pair.get_by_role("heading", name="Merged")).to_be_visible()
    ben.pill_says(waiting=0, attention=0)
    for tablet in (ana, ben):
        tablet.open()
        expect(tablet.row("Martha Quiroga")).to_have_count(2)
        expect(tablet.row("Marta Quiroga")).to_have_count(0)
        tablet.follow("Walk-in")
        tablet.find("quiroga")
        expect(tablet.page.get_by_role("button", name="Walk in Martha Quiroga")).to_have_count(1)
        expect(tablet.page.get_by_role("button", name="Walk in Marta Quiroga")).to_have_count(0)

    # They are two after all.
    ana.open("/patients/duplicates")
    ana.follow("Martha Quiroga")
    ana.tap("Undo")
    ana.pill_says(waiting=0)
    expect(ana.page.get_by_role("button", name="Not the same person")).to_be_visible()
    for tablet in (ana, ben):
        tablet.open()
        for person in BOTH:
            tablet.shows(person, "arrived", unsent=False)
    ben.pill_says(attention=1)
    assert {(one.given, one.phone) for one in office.people("Quiroga")} == {("Marta", None), ("Martha", "5550104400")}
    ben.follow("Marta Quiroga")
    ben.follow("History of the patient")
    told = ben.page.get_by_role("main")
    expect(told).to_contain_text("Ben Ito merged two records of the patient")
    expect(told).to_contain_text("Ana Garrido took back")
    assert office.broken_link() is None
