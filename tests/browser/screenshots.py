"""Takes the README's pictures of a tablet with the demonstration practice: `python -m tests.browser.screenshots`."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Locator, sync_playwright

from backend.migrating import migrate
from backend.settings import Settings
from tests import chromium
from tests.browser.conftest import FLAGS
from tests.browser.office import OfficeServer
from tests.browser.tablet import Tablet
from tests.browser.test_two_truths_at_a_desk import collects, reads_back

OUT = Path(__file__).parents[2] / "docs" / "screenshots"
SIZES = {"tablet": (1180, 820), "phone": (390, 844), "desk": (1440, 900)}
SCHEMES = ("light", "dark")
ALL = tuple(SIZES)
HAND_HELD = ("tablet", "phone")


def take(tablet: Tablet, name: str, sizes: Sequence[str] = ALL, row: Locator | None = None) -> None:
    """The page in hand, light and dark. `row` is brought into sight where the screen is too small to show it anyway."""
    page = tablet.page
    for size in sizes:
        width, height = SIZES[size]
        page.set_viewport_size({"width": width, "height": height})
        page.mouse.move(0, height - 1)
        page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
        if row is not None and size == "phone":
            row.evaluate("row => row.scrollIntoView({ block: 'center' })")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
            file = OUT / f"{name}-{size}-{scheme}.png"
            page.screenshot(path=file, animations="disabled", caret="hide")
            print(f"{file.relative_to(OUT.parents[1])}  {file.stat().st_size // 1024} kB")
    width, height = SIZES["tablet"]
    page.set_viewport_size({"width": width, "height": height})


def next_person(tablet: Tablet, action: str, place: int = 0) -> str:
    """Whose row offers this next."""
    button = tablet.page.locator(".visit .next").filter(has_text=action).nth(place)
    return button.inner_text().removeprefix(action).strip()


def spend_a_morning(tablet: Tablet) -> None:
    """Some are checked in, some wait, one is identified."""
    for number in range(3):
        person = next_person(tablet, "Arrive")
        tablet.tap(f"Arrive {person}")
        tablet.shows(person, "arrived")
        if number < 2:
            tablet.follow(f"Identify {person}")
            tablet.tap("Name and birth date match")
            if number < 1:
                tablet.tap("Check in")
            tablet.open()


def picture(browser: Browser, office: OfficeServer) -> None:
    """Board and visit online, then the board with what is not sent yet, the device, and a walk-in."""
    context = browser.new_context(locale="en-US", reduced_motion="reduce", device_scale_factor=1)
    tablet = Tablet(context, office, [])
    tablet.enrol()
    spend_a_morning(tablet)
    tablet.pill_says(online=True, waiting=0)
    take(tablet, "board")
    tablet.follow(next_person(tablet, "Identify"))
    take(tablet, "visit")
    office.stop()
    tablet.open()
    for _ in range(3):
        person = next_person(tablet, "Arrive")
        tablet.tap(f"Arrive {person}")
        tablet.shows(person, "arrived", unsent=True)
    tablet.pill_says(online=False, waiting=3)
    take(tablet, "offline", HAND_HELD, tablet.row(person))
    tablet.open("/device")
    take(tablet, "device", ["phone"])
    tablet.open()
    tablet.follow("Walk-in")
    tablet.find("cas")
    tablet.page.locator(".found").wait_for()
    take(tablet, "walk-in", ["tablet"])
    context.close()


def two_truths(browser: Browser, office: OfficeServer) -> None:
    """Two tablets without the office: what a person then decides, and the record of it."""
    tablets = [Tablet(browser.new_context(locale="en-US", reduced_motion="reduce"), office, []) for _ in range(2)]
    for tablet, name in zip(tablets, ("Front desk left", "Front desk right"), strict=True):
        tablet.enrol(name)
    left, right = tablets
    person = next_person(left, "Arrive")
    left.tap(f"Arrive {person}")
    right.shows(person, "arrived", unsent=False)
    office.stop()
    for tablet, street, method in ((left, "2 Oak St", "Cash"), (right, "3 Fir St", "Card")):
        tablet.follow(person)
        reads_back(tablet, Street=street)
        collects(tablet, method)
    right.context.set_offline(True)
    office.start()
    left.pill_says(online=True, waiting=0)
    right.context.set_offline(False)
    right.pill_says(online=True, waiting=0)
    right.open("/attention")
    right.page.locator("li[data-row^='case:']").nth(1).wait_for()
    take(right, "truths", ["tablet", "phone"])
    right.sign_in("maria")
    right.open("/downtime")
    right.page.locator("li[data-row^='outage:']").get_by_role("link").first.click()
    take(right, "downtime", ["tablet"])
    for tablet in tablets:
        tablet.context.close()


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        empty = Path(folder) / "empty"
        empty.mkdir()
        migrate(Settings(data=empty).database_url)
        office = OfficeServer(empty, Path(folder) / "office", "--demo")
        office.settings["DAYSHEET_OUTAGE_SECONDS"] = "1"
        office.start()
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=FLAGS)
        try:
            picture(browser, office)
            office.start()
            two_truths(browser, office)
        finally:
            browser.close()
            office.kill()


if __name__ == "__main__":
    main()
