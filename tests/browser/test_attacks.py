"""Attacks in a real browser: hostile names run nothing, no page is framed, and an inline script is stopped."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import records
from tests.browser.office import OfficeServer, run, zone_in_the_day
from tests.browser.tablet import Tablet, until

IMAGE = "<img src=x onerror=\"window.ran='image';alert(1)\">"
SCRIPT = "</p><script>window.ran='script';alert(1)</script>"
QUOTE = "\"'><svg/onload=window.ran='svg'><a href=javascript:alert(1)>press"
NAMES = {"image": IMAGE, "script": SCRIPT, "quote": QUOTE}
# Whatever the browser refuses by our policy is told as an error, and so is a complaint.
LISTENING = """addEventListener("securitypolicyviolation",
    (event) => console.error("refused by policy: " + event.effectiveDirective + " " + event.sample));"""


def hostile_records(office: OfficeServer) -> None:
    """As another system may hand them over: nobody there looked at what a name is made of."""
    now = datetime.now(ZoneInfo(zone_in_the_day(datetime.now(ZoneInfo("UTC")))))
    lines: list[dict[str, Any]] = [records.practitioner("adeyemi")]
    for number, (id, text) in enumerate(NAMES.items()):
        person = {**records.patient("alma"), "id": f"hostile-{id}", "identifier": []}
        person |= {"name": [{"use": "official", "family": text, "given": [text]}]}
        person |= {"address": [{"line": [text], "city": text, "state": "NY", "postalCode": "12545"}]}
        visit = records.appointment("alma", now.replace(hour=10, minute=0) + timedelta(minutes=20 * number))
        visit |= {"id": f"visit-hostile-{id}", "description": text, "comment": text}
        visit["participant"][0]["actor"]["reference"] = f"Patient/hostile-{id}"
        lines += [person, visit]
    file = office.folder / "hostile.ndjson"
    file.write_text("\n".join(json.dumps(line) for line in lines) + "\n")
    run("import", "fhir", str(file), folder=office.folder)


@pytest.fixture
def attacked(office: OfficeServer, new_tablet: Callable[..., Tablet]) -> Tablet:
    """A tablet whose own name is hostile, with hostile people on its board."""
    hostile_records(office)
    tablet = new_tablet()
    tablet.context.add_init_script(LISTENING)
    tablet.page.on("dialog", lambda dialog: (tablet.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    tablet.enrol(name="<img src=x onerror=alert(2)>")
    return tablet


def nothing_ran(tablet: Tablet) -> None:
    page = tablet.page
    assert page.evaluate("window.ran") is None
    assert page.locator("img[src='x'], svg[onload], script:not([src]), iframe, [onerror], [onload]").count() == 0
    assert page.locator("a[href^='javascript']").count() == 0


def test_hostile_names_are_only_read_also_without_the_office(office: OfficeServer, attacked: Tablet) -> None:
    page = attacked.page
    expect(page.get_by_text(IMAGE).first).to_be_visible()
    nothing_ran(attacked)
    office.stop()
    attacked.open()
    attacked.pill_says(online=False)
    visits = page.locator("li[data-row^='visit:']", has_text="window.ran")
    expect(visits).to_have_count(len(NAMES))
    nothing_ran(attacked)
    attacked.find("img")
    expect(visits).to_have_count(1)
    nothing_ran(attacked)
    attacked.open()
    first = visits.filter(has_text="'script'")
    first.get_by_role("button", name="Arrive").click()
    expect(first).to_have_attribute("data-status", "arrived")
    first.get_by_role("link", name="Identify").click()
    expect(page.locator("#steps")).to_be_visible()
    expect(page.get_by_text(SCRIPT).first).to_be_visible()
    nothing_ran(attacked)
    for path in ("/attention", "/device"):
        attacked.open(path)
        nothing_ran(attacked)
    expect(page.get_by_text("<img src=x onerror=alert(2)>").first).to_be_visible()
    office.start()
    attacked.open()
    attacked.pill_says(online=True, waiting=0)
    nothing_ran(attacked)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_no_page_is_framed_by_another_site_or_by_ours(browser: Browser, office: OfficeServer, host: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    outer = f"http://{host}:{office.port}/outer"
    context.route("**/outer", lambda route: route.fulfill(body="<p>Somebody’s page", content_type="text/html"))
    for path in ("/signin", "/enrol", "/checkin", "/outer"):
        page.goto(outer)
        page.evaluate(
            "(url) => document.body.replaceChildren(Object.assign(document.createElement('iframe'), { src: url }))",
            office.url + path,
        )
        # Only while Playwright itself waits does it hear of frames.
        until(lambda: page.wait_for_timeout(50) or page.frames[1].url not in ("", "about:blank"), "the frame is done")
        refused = page.frames[1].url.startswith("chrome-error:")
        # The last one may be framed: so it is the policy that keeps the others out, and nothing else here.
        assert refused == (path != "/outer"), path
    context.close()


@pytest.mark.parametrize("offline", [False, True])
def test_a_script_in_the_page_is_stopped_by_the_policy(office: OfficeServer, tablet: Tablet, offline: bool) -> None:
    if offline:
        office.stop()
        tablet.open()
    page = tablet.page
    page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.ran = 'inline'";
            document.body.append(script);
            const far = document.createElement("script");
            far.src = "https://evil.example/x.js";
            document.body.append(far);
            document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=\\"window.ran = 'handler'\\">");
            const link = document.createElement("a");
            link.href = "javascript:window.ran = 'link'";
            document.body.append(link);
            link.click();
        }"""
    )
    until(lambda: len(tablet.complaints) >= 4, "the browser says what it refused")
    assert page.evaluate("window.ran") is None
    assert all("Content Security Policy" in said for said in tablet.complaints)
    tablet.complaints.clear()
