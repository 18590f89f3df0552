"""The app installs like one, its worker answers for it, and its pages run nothing but our own files."""

from urllib.parse import urljoin

from playwright.sync_api import expect

ICONS_NEEDED = {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}


def test_the_manifest_offers_an_app_with_icons_and_shortcuts_that_exist(tablet):
    address = tablet.page.locator("link[rel=manifest]").get_attribute("href")
    fetched = tablet.context.request.get(tablet.office.url + address)
    manifest = fetched.json()

    assert fetched.headers["content-type"].startswith("application/manifest+json")
    assert manifest["name"] == "Daysheet"
    assert manifest["display"] == "standalone"
    base = tablet.office.url + address
    found = set()
    for icon in manifest["icons"]:
        picture = tablet.context.request.get(urljoin(base, icon["src"]))
        assert picture.ok, icon
        assert picture.headers["content-type"] == icon["type"]
        found |= {(icon["sizes"], purpose) for purpose in icon.get("purpose", "any").split()}
    assert found >= ICONS_NEEDED
    for address in [manifest["start_url"], *(shortcut["url"] for shortcut in manifest["shortcuts"])]:
        # A page that this device is not for says so; one that is not there would be 404.
        assert tablet.page.goto(urljoin(base, address)).status in (200, 403), address


def test_pages_of_the_device_are_answered_by_its_worker_with_the_same_policy_as_the_server_s(tablet):
    for path in ("/checkin", "/device", "/attention"):
        from_worker = tablet.open(path)
        from_server = tablet.context.request.get(tablet.office.url + path)

        assert from_worker.from_service_worker
        assert tablet.page.evaluate("navigator.serviceWorker.controller.scriptURL").endswith("/worker.js")
        for name in ("content-security-policy", "x-content-type-options", "referrer-policy", "cache-control"):
            assert from_worker.headers[name] == from_server.headers[name], (path, name)
        assert "unsafe" not in from_worker.headers["content-security-policy"]
        assert from_worker.headers["cache-control"] == "no-store"


def test_a_script_written_into_a_page_does_not_run(new_tablet):
    other = new_tablet()
    other.sign_in()
    refused: list[str] = []
    other.page.on("console", lambda said: refused.append(said.text))
    other.page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'hacked = 1'}))")

    assert other.page.evaluate("typeof hacked") == "undefined"
    assert any("Content Security Policy" in text for text in refused)
    # It was this test's own doing.
    other.complaints.clear()


def test_what_only_the_office_knows_says_so_when_it_cannot_be_reached(office, tablet):
    office.stop()

    answer = tablet.open("/devices")

    assert answer.status == 503
    expect(tablet.page.get_by_role("heading", name="This needs the office")).to_be_visible()
    tablet.follow("Go to check-in")
    tablet.shows("Alma Castellanos", "booked")
