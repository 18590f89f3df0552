"""Two tablets told different things of one patient while the server was dead: people read both, and people decide."""

from playwright.sync_api import Locator, expect
from sqlalchemy import select

from backend.staff.models import StaffMember
from tests.browser.office import OfficeServer
from tests.browser.tablet import Tablet

ALMA = "Alma Castellanos"
CARD = "li[data-row^='case:']"


def reads_back(tablet: Tablet, **changed: str) -> None:
    """The contact details of the visit at hand, with what the patient says is no longer so."""
    tablet.page.locator("summary", has_text="Read back or change").click()
    for label, text in changed.items():
        tablet.page.locator("#contact").get_by_label(label).fill(text)
    tablet.tap("These are right")
    expect(tablet.page.get_by_text("Read back ").first).to_be_visible()


def collects(tablet: Tablet, method: str) -> None:
    """Twenty-five dollars."""
    tablet.page.locator("summary", has_text="Collect").click()
    form = tablet.page.locator("#copay")
    form.get_by_label("Amount").fill("25")
    form.get_by_text(method, exact=True).click()
    form.get_by_role("button", name="Collect").click()
    expect(tablet.page.locator("[data-row^='payment:']")).to_contain_text("$25.00")


def card(tablet: Tablet, said: str) -> Locator:
    return tablet.page.locator(CARD, has=tablet.page.get_by_role("heading", name=said))


def says(card: Locator, *lines: str) -> None:
    for line in lines:
        expect(card).to_contain_text(line)


def test_what_two_tablets_told_differently_is_read_side_by_side_and_decided_by_people(office, new_tablet):
    ana, ben, maria = new_tablet(), new_tablet(), new_tablet()
    ana.enrol("Tablet 1", "ana")
    ben.enrol("Tablet 2", "ben")
    ana.tap(f"Arrive {ALMA}")
    ben.shows(ALMA, "arrived", unsent=False)
    office.stop()
    ana.follow(ALMA)
    reads_back(ana, Phone="(555) 010-7777", Street="2 Oak St")
    collects(ana, "Cash")
    ben.follow(ALMA)
    reads_back(ben, Street="3 Fir St")
    collects(ben, "Card")
    ben.context.set_offline(True)
    office.start()
    ana.pill_says(online=True, waiting=0, attention=0)
    ben.context.set_offline(False)
    ben.pill_says(online=True, waiting=0, attention=2)

    # The phone went in without a word; of the rest, Ben reads both truths.
    [alma] = office.people("Castellanos")
    assert (alma.phone, alma.line) == ("5550107777", "3 Fir St")
    ben.open("/attention")
    expect(ben.page.locator(CARD)).to_have_count(2)
    address, copay = card(ben, "Two people changed the address."), card(ben, "A copay was taken twice")
    says(address, ALMA, "What the office had", "2 Oak St, Millbrook, NY, 12545 – Ana Garrido on Tablet 1, at ")
    says(address, "What was entered", "Street: 3 Fir St", "WhoBen Ito", "OnTablet 2")
    says(copay, ALMA, "Copay: $25.00, cash", "Receipt 1-1 – Ana Garrido on Tablet 1, at ", "Paid by: card")
    says(copay, "Refund the second A manager’s to choose", "$25.00 is given back and booked out.")
    expect(copay.get_by_role("button", name="Refund the second")).to_have_count(0)

    # One is dismissed, which takes a reason; the other is a manager's to choose.
    close = address.get_by_role("button", name="Close this")
    close.click()
    expect(ben.page.locator("#complaint")).to_contain_text("Please fill in")
    address.get_by_label("What was done about it?").fill("Alma moved again: Fir St is right")
    close.click()
    expect(address).to_have_count(0)
    ben.pill_says(waiting=0, attention=1)
    maria.sign_in("maria")
    maria.open("/attention/office")
    expect(maria.page.locator(CARD)).to_have_count(1)
    card(maria, "A copay was taken twice").get_by_role("button", name="Refund the second").click()
    expect(maria.page.get_by_role("heading", name="Nothing needs attention")).to_be_visible()
    ben.pill_says(attention=0)
    expect(ben.page.get_by_role("heading", name="Nothing needs attention")).to_be_visible()
    maria.open()
    maria.follow("Day’s money")
    expect(maria.page.locator(".total")).to_have_text("Total $25.00")
    expect(maria.page.get_by_role("main")).to_contain_text("Cash$25.00")
    assert office.people("Castellanos")[0].line == "3 Fir St"


def test_what_somebody_did_whose_role_was_taken_meanwhile_is_refused_or_held_in_words_and_nothing_is_lost(
    office, new_tablet
):
    ana, maria = new_tablet(), new_tablet()
    ana.enrol("Tablet 1", "ana")
    ana.context.set_offline(True)
    ana.tap(f"Arrive {ALMA}")
    ana.shows(ALMA, "arrived", unsent=True)
    ana.follow(ALMA)
    reads_back(ana, Street="2 Oak St")
    maria.sign_in("maria")
    maria.open("/staff")
    maria.follow("Ana Garrido")
    for role in ("Front desk", "Supplies"):
        maria.page.locator("#main").get_by_text(role, exact=True).click()
    maria.tap("Save")
    expect(maria.page.get_by_role("listitem").filter(has_text="Ana Garrido")).to_contain_text("Supplies")
    ana.context.set_offline(False)
    ana.pill_says(online=True, waiting=0, attention=2)

    # She reads what became of each, and what she typed can be entered by somebody who may.
    ana.open("/attention")
    said = card(ana, "Ana Garrido may not do this. Ask the office manager.")
    expect(said).to_have_count(2)
    says(said.filter(has_text="Held for a decision"), "Arrived", "Record it A manager’s to choose")
    says(said.filter(has_text="Refused"), "Street: 2 Oak St")
    maria.open("/attention/office")
    both = card(maria, "Ana Garrido may not do this.")
    expect(both).to_have_count(2)
    held, refused = both.filter(has_text="Held for a decision"), both.filter(has_text="Refused")
    held.get_by_role("button", name="Record it").click()
    expect(held).to_have_count(0)
    refused.locator("summary", has_text="Enter it again with changes").click()
    expect(refused.get_by_label("Street")).to_have_value("2 Oak St")
    refused.get_by_role("button", name="Enter again").click()
    expect(maria.page.get_by_role("heading", name="Nothing needs attention")).to_be_visible()
    ana.pill_says(attention=0)
    [visit], [alma] = office.visits("Castellanos"), office.people("Castellanos")
    assert (visit.status, alma.line) == ("arrived", "2 Oak St")
    assert office.events("Castellanos")[0].actor_id == next(one.id for one in staff(office) if one.username == "ana")


def staff(office: OfficeServer) -> list[StaffMember]:
    with office.read() as session:
        found = list(session.scalars(select(StaffMember)))
        session.expunge_all()
        return found
