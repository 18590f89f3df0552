"""Every screen, in every state people meet, passes axe: light and dark, on a tablet and on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.names import breaches_of_names
from tests.browser.tablet import Tablet

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# A colour on its way from one scheme to the other is neither, and one that arrives may send its heirs on theirs.
SETTLED = """(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    for (let still = 0; still < 3; still += 1) {
        await frame();
        // What lies folded in a closed <details> never arrives.
        const seen = ({ effect }) => effect?.target?.checkVisibility({ contentVisibilityAuto: true }) ?? true;
        const moving = document.getAnimations().filter(seen);
        if (moving.length) still = 0;
        await Promise.allSettled(moving.map(({ finished }) => finished));
    }
})()"""
# What can be scrolled sideways by itself, such as a wide table or the bar at the foot, hides nothing.
CUT = """[...document.querySelectorAll("button, a, input, select, textarea, summary")].filter((each) => {
    const { left, right, width } = each.getBoundingClientRect();
    if (!width || !each.checkVisibility() || (left >= 0 && right <= innerWidth + 1)) return false;
    for (let at = each; at; at = at.parentElement) {
        if (["auto", "scroll"].includes(getComputedStyle(at).overflowX)) return false;
    }
    return !each.closest(".visually-hidden");
}).map((each) => each.outerHTML.slice(0, 160))"""
# What is written over a page, a name of any length, does not run into what stands beside it.
RUN_OUT = """[...document.querySelectorAll("h1, h1 *")].filter((each) =>
    each.checkVisibility() && each.clientWidth && each.scrollWidth > each.clientWidth + 1
    && !each.closest(".visually-hidden")).map((each) => each.textContent.slice(0, 80))"""
# Nothing but the colours differs between the schemes.
RULES = {"light": {"type": "tag", "values": TAGS}, "dark": {"type": "rule", "values": ["color-contrast"]}}
WIDTHS = {"tablet": 1180, "phone": 390}


class Looking:
    """Looks at what a tablet shows, and remembers every breach with the screen it was seen on."""

    def __init__(self, tablet: Tablet) -> None:
        self.tablet = tablet
        self.breaches: list[str] = []
        self.axe = AXE.read_text(encoding="utf-8")

    def look(self, screen: str, page: Page | None = None) -> None:
        page = page or self.tablet.page
        before = page.viewport_size
        page.evaluate(self.axe)
        for width_name, width in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": 820})
            # The bar that stays at the foot of a phone covers whatever was not scrolled up yet.
            height = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": height + 100})
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.evaluate(SETTLED)
                self.note(f"{screen}, {width_name}, {scheme}", page, RULES[scheme])
        # A tablet at 200 %: half as many pixels each way.
        page.set_viewport_size({"width": WIDTHS["tablet"] // 2, "height": 410})
        self.note_width(f"{screen}, zoomed to 200 %", page)
        page.set_viewport_size(before)
        self.breaches += [f"{screen}: {breach}" for breach in breaches_of_names(page)]

    def note(self, where: str, page: Page, rules: dict) -> None:
        # Somebody is here: a device that nobody touches locks, and looking takes long on a busy machine.
        page.keyboard.press("Shift")
        found = page.evaluate("rules => axe.run({runOnly: rules, resultTypes: ['violations']})", rules)
        self.breaches += [
            f"{where}: {violation['id']}: {node['html'][:160]}"
            for violation in found["violations"]
            for node in violation["nodes"][:3]
        ]
        self.note_width(where, page)

    def note_width(self, where: str, page: Page) -> None:
        """Whoever reads a page scrolls it up and down, never sideways, and no control hangs over its edge."""
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        cut = page.evaluate(CUT)
        self.breaches += [f"{where}: cut off: {each}" for each in cut]
        self.breaches += [f"{where}: runs out of its place: {each}" for each in page.evaluate(RUN_OUT)]
        self.breaches += [f"{where}: {wide} px wider than the screen"] if wide > 0 else []


@pytest.fixture
def looking(new_tablet) -> Iterator[Looking]:
    looking = Looking(new_tablet())
    yield looking
    assert not looking.breaches, "\n".join(looking.breaches)


def test_signing_in_and_enrolling(looking):
    tablet = looking.tablet
    tablet.open("/signin")
    looking.look("sign-in")
    tablet.type("User name", "maria")
    tablet.type("Password", "not her password")
    tablet.tap("Sign in")
    looking.look("sign-in with a wrong password")
    tablet.sign_in("maria")
    tablet.open("/device")
    expect(tablet.page.get_by_text("This browser keeps nothing")).to_be_visible()
    looking.look("a browser that is no device")
    tablet.open("/devices")
    looking.look("no devices")
    tablet.open("/devices/enrol")
    looking.look("enrol")
    tablet.tap("Enrol this device")
    expect(tablet.page.get_by_text("Please fill in Name")).to_be_visible()
    looking.look("enrol with a complaint")
    tablet.type("Name of the device", "Tablet 1")
    tablet.tap("Enrol this device")
    looking.look("enrolled")
    tablet.open("/devices")
    expect(tablet.page.get_by_text("As of")).to_be_visible()
    looking.look("devices")
    tablet.open("/devices/table")
    looking.look("who may do what where")


def test_the_board_and_a_visit_step_by_step(looking):
    tablet = looking.tablet
    tablet.enrol()
    looking.look("board")
    tablet.find("zzz")
    expect(tablet.page.get_by_text("Nobody on this day matches")).to_be_visible()
    looking.look("board where nobody matches")
    tablet.open("/checkin/2026-01-01")
    expect(tablet.page.get_by_text("No visits on this day")).to_be_visible()
    looking.look("board of an empty day")
    tablet.open()
    tablet.follow("Alma Castellanos")
    looking.look("visit, not here yet")
    tablet.tap("Arrive")
    looking.look("visit, arrived")
    tablet.page.locator("label[for=identifier-name]").click()
    tablet.tap("Identity confirmed")
    expect(tablet.page.locator("#complaint")).not_to_be_empty()
    looking.look("visit with a complaint")
    tablet.tap("Name and birth date match")
    looking.look("visit, identified")
    tablet.tap("Check in")
    expect(tablet.page.locator("#steps")).to_have_attribute("data-status", "checked_in")
    looking.look("visit, checked in")


def test_walking_in_and_what_needs_attention(looking):
    tablet = looking.tablet
    tablet.enrol()
    tablet.open("/attention")
    looking.look("nothing needs attention")
    tablet.open()
    tablet.follow("Walk-in")
    looking.look("walk-in")
    tablet.find("cas")
    expect(tablet.page.get_by_role("button", name="Walk in Inês Castro")).to_be_visible()
    looking.look("walk-in, two found")
    tablet.find("zzz")
    expect(tablet.page.get_by_text("Nobody found")).to_be_visible()
    tablet.tap("Register and record arrival")
    expect(tablet.page.get_by_text("Please fill in First name.")).to_be_visible()
    looking.look("walk-in with complaints")
    # The same name and birth date as somebody known: kept, and shown to a person.
    tablet.type("Last name", "Castellanos")
    tablet.type("First name", "Alma")
    tablet.page.locator("#new-patient").get_by_label("Birth date").fill("4/12/1957")
    tablet.page.get_by_text("Female", exact=True).click()
    tablet.tap("Register and record arrival")
    tablet.pill_says(waiting=0, attention=1)
    tablet.open("/attention")
    expect(tablet.page.locator("li[data-row^='case:']")).to_have_count(1)
    looking.look("a case that needs attention")
    tablet.open("/device")
    looking.look("the device")


def test_without_the_office(office, looking):
    tablet = looking.tablet
    tablet.enrol()
    office.stop()
    tablet.tap("Arrive Alma Castellanos")
    tablet.shows("Alma Castellanos", "arrived", unsent=True)
    tablet.pill_says(online=False, waiting=1)
    looking.look("board, offline")
    tablet.open("/device")
    looking.look("the device, offline")
    tablet.open("/devices")
    looking.look("needs the office")
    office.start()
    tablet.open()
    tablet.pill_says(online=True, waiting=0)
    tablet.page.get_by_role("button", name="Sign out").click()
    expect(tablet.page.get_by_role("heading", name="Sign in")).to_be_visible()
    office.stop()
    tablet.open()
    expect(tablet.page.get_by_role("heading", name="This device is locked")).to_be_visible()
    looking.look("locked")


def test_an_emergency_its_review_and_the_access_log(looking):
    tablet = looking.tablet
    tablet.sign_in("cleo")
    tablet.open()
    looking.look("a page that a role does not open")
    tablet.type("What is the emergency?", "Help")
    tablet.tap("Open for 30 minutes")
    expect(tablet.page.get_by_text("needs at least 10 characters")).to_be_visible()
    looking.look("an emergency without a reason")
    tablet.type("What is the emergency?", "A patient collapsed in the hall")
    tablet.tap("Open for 30 minutes")
    tablet.follow("Alma Castellanos")
    tablet.sign_in("maria")
    tablet.open("/privacy")
    expect(tablet.page.get_by_text("Cleo Marsh opened a visit of Alma Castellanos")).to_be_visible()
    looking.look("an emergency to review")
    tablet.type("What you found", "She helped until the ambulance came.")
    tablet.page.get_by_text("Appropriate", exact=True).click()
    tablet.page.get_by_role("button", name="Close the review").click()
    expect(tablet.page.get_by_text("No emergency waits for a review")).to_be_visible()
    looking.look("a reviewed emergency")
    tablet.open("/access")
    looking.look("the access log")
    tablet.type("Who saw this patient?", "castell")
    tablet.tap("Find")
    looking.look("patients found in the access log")
    tablet.page.locator(".people a").click()
    expect(tablet.page.get_by_role("heading", name="Who saw this patient")).to_be_visible()
    looking.look("who saw a patient")
    tablet.open("/access?start=2031-01-01")
    expect(tablet.page.get_by_text("Nothing was noted")).to_be_visible()
    looking.look("the access log with nothing to show")
