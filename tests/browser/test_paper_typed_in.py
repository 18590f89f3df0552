"""After an outage somebody types a stack of sheets in, by the keyboard alone, while the server is still dead."""

from playwright.sync_api import Locator, expect

from tests.browser.tablet import Tablet
from tests.browser.test_keyboard_alone import tab_to


def test_a_stack_of_sheets_is_typed_in_by_keyboard_alone_and_reaches_the_office_as_written(office, tablet):
    tablet.follow("Type in from paper")
    expect(tablet.page.get_by_role("heading", name="Typed in so far")).to_be_visible()
    office.stop()
    tablet.page.reload()

    # Expected: a few letters, the time as it is written, who wrote it, Enter. The next line knows who wrote it.
    find(tablet, "castell", "Came Alma Castellanos")
    press(tablet, "Tab", "0505", "Tab", "CB", "Enter")
    expect(line(tablet, "Alma Castellanos")).to_contain_text("5:05 am")
    # Known, without an appointment.
    find(tablet, "nov", "Walked in Dina Novak")
    press(tablet, "Tab", "5:20 am", "Enter")
    expect(line(tablet, "Dina Novak")).to_contain_text("5:20 am")
    # Of two who are found, Enter in a field chooses neither.
    find(tablet, "cas", "Came Inês Castro")
    press(tablet, "Tab", "05:30", "Enter")
    expect(focused(tablet)).to_have_value("05:30")
    tab_to(tablet, "Came Inês Castro")
    press(tablet, "Enter")
    expect(line(tablet, "Inês Castro")).to_contain_text("5:30 am")
    expect(focused(tablet)).to_have_attribute("name", "q")

    tab_to(tablet, "Registration forms", "Shift+Tab")
    press(tablet, "Enter")
    tablet.page.wait_for_url("**/paper/registrations")
    press(tablet, "Quiroga-Ruiz", "Tab", "Zoë", "Tab", "4/12/1990", "Tab", "Tab", "Tab", "5:40 am", "Enter")
    expect(line(tablet, "Zoë Quiroga-Ruiz")).to_contain_text("5:40 am")
    expect(focused(tablet)).to_have_attribute("name", "family")
    # Inês had been written down by mistake.
    tab_to(tablet, "Undo Inês Castro")
    press(tablet, "Enter")
    expect(line(tablet, "Inês Castro")).to_have_count(0)
    tablet.pill_says(online=False, waiting=5)

    office.start()
    tablet.pill_says(online=True, waiting=0)
    tablet.open()
    for person in ("Alma Castellanos", "Dina Novak", "Zoë Quiroga-Ruiz"):
        tablet.shows(person, "arrived", unsent=False)
        expect(tablet.row(person)).to_contain_text("From paper")
        assert [seen.paper_by for seen in office.events(person.split()[-1])] == ["CB"]
    tablet.shows("Inês Castro", "booked", unsent=False)


def press(tablet: Tablet, *keys: str) -> None:
    """Keys by their names, anything else letter by letter."""
    for key in keys:
        if key in ("Tab", "Enter"):
            tablet.page.keyboard.press(key)
        else:
            tablet.page.keyboard.type(key)


def focused(tablet: Tablet) -> Locator:
    return tablet.page.locator("*:focus")


def find(tablet: Tablet, letters: str, offered: str) -> None:
    """The focus stands in the field to find somebody by itself."""
    expect(focused(tablet)).to_have_attribute("name", "q")
    expect(focused(tablet)).to_have_value("")
    press(tablet, letters)
    expect(tablet.page.get_by_role("button", name=offered, exact=True)).to_be_visible()


def line(tablet: Tablet, person: str) -> Locator:
    """What was typed in about somebody."""
    return tablet.page.locator("#typed li", has=tablet.page.get_by_role("heading", name=person, exact=True))
