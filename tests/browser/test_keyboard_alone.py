"""The journeys by the keyboard alone: where the focus stands is always to be seen, and no act loses it."""

from playwright.sync_api import expect

from backend.counts import AskForCount
from backend.ids import new_id
from backend.inventory import AskToWriteOff, ReceiveStock
from tests.browser.office import giving
from tests.browser.shelves import Shelves, on_hand, phone_of
from tests.browser.tablet import Tablet, until
from tests.tablets import PASSWORD

FURTHER = 120
# What has the focus: how it is read out, whether it shows it, and whether it is on the screen.
FOCUSED = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect();
  const words = at.ariaLabel || at.labels?.[0]?.textContent || at.textContent || "";
  const shows = [at, at.closest(".tile"), at.parentElement].some((one) => {
    const { outlineStyle, boxShadow } = one ? getComputedStyle(one) : { outlineStyle: "none", boxShadow: "none" };
    return outlineStyle !== "none" || boxShadow !== "none";
  });
  return { words: words.replace(/\\s+/g, " ").trim(), tag: at.tagName, shows,
           seen: box.bottom > 0 && box.top < innerHeight };
}"""


def test_a_visit_somebody_new_and_a_card_are_dealt_with_by_the_keyboard_alone(office, tablet):
    tablet.open("/signin")
    write(tablet, "User name", "ana")
    write(tablet, "Password", PASSWORD)
    follow(tablet, "Sign in")
    press(tablet, "Arrive Alma Castellanos")
    stands_on(tablet, "Undo Alma Castellanos")
    press(tablet, "Undo Alma Castellanos")
    stands_on(tablet, "Arrive Alma Castellanos")
    press(tablet, "Arrive Alma Castellanos")
    follow(tablet, "Identify Alma Castellanos")
    press(tablet, "Name and birth date match")
    press(tablet, "Read back or change")
    write(tablet, "Street (optional)", "2 Oak St")
    press(tablet, "These are right")
    press(tablet, "Collect the copay")
    write(tablet, "Amount", "25")
    tab_to(tablet, "Cash")
    tablet.page.keyboard.press("Space")
    press(tablet, "Collect")
    press(tablet, "Check in")
    # There may be another step to undo, so the button stays as it is.
    enter(tablet, "Undo the last step")
    expect(tablet.page.locator("#steps")).to_have_attribute("data-status", "arrived")
    has_focus(tablet, "Undo the last step")
    press(tablet, "Check in")
    tablet.pill_says(waiting=0)
    assert [visit.status for visit in office.visits("Castellanos")] == ["checked_in"]

    # Somebody with the name and birth date of a patient: a card asks who that is.
    follow(tablet, "Check-in")
    follow(tablet, "Walk-in")
    for label, text in (("Last name", "Haddad"), ("First name", "Farid"), ("Birth date", "1/5/1944")):
        write(tablet, label, text)
    tab_to(tablet, "Female")
    tablet.page.keyboard.press("ArrowRight")
    follow(tablet, "Register and record arrival")
    tablet.pill_says(waiting=0, attention=1)
    follow(tablet, "Attention")
    write(tablet, "What was done about it?", "They are father and son")
    # A form that was sent by Enter in its field needs no button.
    tablet.page.keyboard.press("Enter")
    until(lambda: tablet.page.get_by_text("Nothing needs attention").is_visible(), "the card is closed")
    has_focus(tablet, "Closing the card")
    tablet.pill_says(waiting=0, attention=0)
    assert office.broken_link() is None


def test_a_shelf_is_counted_and_a_request_approved_by_the_keyboard_alone(office, new_tablet):
    shelves = Shelves(office, shelves=1, items=1)
    where = {"item_id": shelves.ids["Item 01-01"], "place_id": shelves.places[1]}
    with giving(office.folder) as giver:
        giver.give(AskForCount, count_id=new_id(), kind="full", place_id=shelves.places[1])
        giver.give(ReceiveStock, **where, quantity=200)
        giver.give(AskToWriteOff, **where, quantity=200, reason="Recalled by the maker")
    phone = phone_of(new_tablet, "Phone 1", "dana")
    phone.open("/counts")
    follow(phone, "Supply room › Shelf 01")
    press(phone, "Count in Supply room › Shelf 01")
    press(phone, "Item 01-01")
    write(phone, "each", "22")
    enter(phone, "So many are here")
    expect(phone.tally("Item 01-01")).to_contain_text("22 each")
    has_focus(phone, "So many are here")
    enter(phone, "Hand in this place")
    expect(phone.page.locator(".here .line").first).to_contain_text("Handed in")
    has_focus(phone, "Hand in this place")
    phone.pill_says(waiting=0)

    maria = phone_of(new_tablet, "Maria’s phone", "maria", "manager_phone")
    maria.open("/approvals")
    expect(maria.page.locator("li[data-row^='approval:']")).to_have_count(1)
    enter(maria, "Approve: Write off 200 each of Item 01-01")
    expect(maria.page.locator("li[data-row^='approval:'][data-status=asked]")).to_have_count(0)
    has_focus(maria, "Approve")
    maria.pill_says(waiting=0)
    assert shelves.has("Item 01-01") == on_hand(1, 1)


def focused(tablet: Tablet) -> dict:
    return tablet.page.evaluate(FOCUSED)


def tab_to(tablet: Tablet, words: str, key: str = "Tab") -> None:
    """Until the focus is on what is read out so, from wherever it stands."""
    passed = []
    for _ in range(FURTHER):
        at = focused(tablet)
        if at["words"] == words and at["tag"] not in ("BODY", "H2", "H3"):
            assert at["seen"], f"{words} has the focus and is not on the screen"
            assert at["shows"], f"{words} does not show that it has the focus"
            return
        passed.append(at["words"][:25])
        tablet.page.keyboard.press(key)
    raise AssertionError(f"{words} is not reached; passed {passed}")


def enter(tablet: Tablet, words: str) -> None:
    tab_to(tablet, words)
    tablet.page.keyboard.press("Enter")


def has_focus(tablet: Tablet, after: str) -> None:
    assert focused(tablet)["tag"] != "BODY", f"{after} lost the focus"


def press(tablet: Tablet, words: str) -> None:
    """By Enter, and it is gone or opens; the focus stays on the page."""
    enter(tablet, words)
    until(lambda: focused(tablet)["words"] != words or focused(tablet)["tag"] == "SUMMARY", f"{words} is done")
    has_focus(tablet, words)


def follow(tablet: Tablet, words: str) -> None:
    """By Enter, to another page."""
    tab_to(tablet, words)
    with tablet.page.expect_navigation():
        tablet.page.keyboard.press("Enter")


def stands_on(tablet: Tablet, words: str) -> None:
    until(lambda: focused(tablet)["words"] == words, f"the focus is on {words}")


def write(tablet: Tablet, label: str, text: str) -> None:
    tab_to(tablet, label)
    tablet.page.keyboard.press("ControlOrMeta+A")
    tablet.page.keyboard.type(text)
