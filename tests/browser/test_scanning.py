"""A scanner that types and a camera bring their codes to the form that waits for them, under our own headers."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs
from urllib.request import urlopen

import pytest
import segno
from playwright.sync_api import CDPSession, Page, Playwright, Request, Route, expect

from backend.manifest import HEADERS, WITH_CAMERA
from tests import chromium
from tests.browser.conftest import FLAGS
from tests.browser.office import OfficeServer

LABEL = "(01)00812444023879(17)260430(10)A1"
PAGE = """<!doctype html><html lang="{language}"><title>Scanning</title>
<form method="post" action="/made-up"><label>Code <input name="code" data-scan></label></form>
<label>Note <input id="note" value="kept"></label><label>Many <input id="many" type="number" value="3"></label>
<select id="choice"><option>one<option>zero</select><button id="other" type="button">Other</button>
<button type="button" data-camera hidden>Camera</button>
<script type="module" src="{assets}/scripts/wedge.js"></script>
<script type="module" src="{assets}/scripts/camera.js"></script>"""

Opened = Callable[..., tuple[Page, list[str]]]


def film(path: Path, text: str) -> Path:
    """A QR code as the picture of a camera: one grey frame of raw video, again and again."""
    rows = [bytes(row) for row in segno.make(text, error="m").matrix_iter(scale=6, border=4)]
    width, height = 640, 480
    left, top = (width - len(rows[0])) // 2, (height - len(rows)) // 2
    grey = bytearray(b"\xeb" * (width * height))
    for y, row in enumerate(rows):
        at = (top + y) * width + left
        grey[at : at + len(row)] = bytes(16 if dark else 235 for dark in row)
    frame = b"FRAME\n" + bytes(grey) + b"\x80" * (width * height // 2)
    path.write_bytes(f"YUV4MPEG2 W{width} H{height} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * 2)
    return path


@pytest.fixture
def opened(playwright: Playwright, office: OfficeServer, tmp_path: Path) -> Iterator[Opened]:
    """Opens the made-up page in a browser before whose camera a label lies; what it posts comes into the list."""
    camera = [f"--use-file-for-fake-video-capture={film(tmp_path / 'label.y4m', LABEL)}"]
    camera += ["--use-fake-device-for-media-stream"]
    browser = playwright.chromium.launch(executable_path=chromium.find(), args=[*FLAGS, *camera])
    build = re.search("/w/[0-9a-f]+", urlopen(office.url + "/worker.js").read().decode())
    assert build is not None

    def open(camera: bool = True, language: str = "en") -> tuple[Page, list[str]]:
        posted: list[str] = []
        context = browser.new_context(permissions=["camera"] if camera else [])
        page = context.new_page()
        html = PAGE.format(assets=build[0], language=language)

        def answer(route: Route, request: Request) -> None:
            if request.method == "POST":
                posted.append(parse_qs(request.post_data or "", keep_blank_values=True)["code"][0])
                return route.fulfill(status=204)
            return route.fulfill(body=html, content_type="text/html", headers={**HEADERS, **WITH_CAMERA})

        page.route("**/made-up", answer)
        page.goto(office.url + "/made-up")
        expect(page.get_by_role("button", name="Camera")).to_be_visible()
        return page, posted

    yield open
    browser.close()


def burst(page: Page, text: str, end: str = "Enter", keys: CDPSession | None = None) -> None:
    """As a scanner types: a key every five milliseconds by its own clock, and Ctrl+] for the separator."""
    keys = keys or page.context.new_cdp_session(page)
    pressed = [{"text": one, "key": one} for one in text]
    for one in pressed:
        if one["text"] == "\x1d":
            one.update(text="", key="]", code="BracketRight", modifiers=2)
    number = 13 if end == "Enter" else 9
    pressed.append({"key": end, "code": end, "windowsVirtualKeyCode": number, "text": "\r" if end == "Enter" else ""})
    started = time.time()
    for count, one in enumerate(pressed):
        at = started + count * 0.005
        keys.send(
            "Input.dispatchKeyEvent", {"type": "keyDown" if one["text"] else "rawKeyDown", "timestamp": at, **one}
        )
        keys.send("Input.dispatchKeyEvent", {**one, "type": "keyUp", "timestamp": at + 0.002, "text": ""})


def test_a_scanner_is_recognised_wherever_the_focus_is(opened: Opened) -> None:
    page, posted = opened()
    for count, place in enumerate(["#note", "#many", "#choice", "#other", "[data-scan]", "#note"]):
        code = f"]d2010081244402387910A{count}\x1d17260430"
        page.locator(place).focus()
        with page.expect_response("**/made-up"):
            burst(page, code, "Tab" if count % 2 else "Enter")
        page.goto(page.url)
        assert posted[count:] == [code], place

    page.locator("#note").focus()
    burst(page, "short")
    assert page.locator("#note").input_value() == "shortkept"


def test_a_scan_leaves_the_other_fields_as_they_were(opened: Opened) -> None:
    page, posted = opened()
    for place, value in (("#note", "kept"), ("#many", "3"), ("#choice", "one")):
        page.locator(place).focus()
        with page.expect_response("**/made-up"):
            burst(page, "00812444023879")
        assert page.locator(place).input_value() == value
        # The form is sent again only when it is back, which the page that is answered by nothing never is.
        page.goto(page.url)
    assert posted == ["00812444023879"] * 3


def test_what_a_hand_types_stays_where_it_was_typed(opened: Opened) -> None:
    page, posted = opened()
    page.locator("#note").focus()
    page.keyboard.type("by hand", delay=60)
    page.keyboard.press("Tab")

    assert "by hand" in page.locator("#note").input_value()
    assert posted == []


def test_a_code_before_the_camera_is_scanned_once(opened: Opened) -> None:
    page, posted = opened()
    with page.expect_response("**/made-up"):
        page.get_by_role("button", name="Camera").click()
    expect(page.locator(".camera [role=status]")).to_contain_text("Read: (01)00812444023879")
    page.wait_for_timeout(1500)

    assert posted == [LABEL]
    page.get_by_role("button", name="Camera").click()
    expect(page.locator(".camera")).to_have_count(0)


def test_a_refused_camera_is_said_in_the_language_of_the_page(opened: Opened) -> None:
    page, posted = opened(camera=False, language="es")
    page.get_by_role("button", name="Camera").click()

    expect(page.get_by_text("Este dispositivo no puede usar su cámara.")).to_be_visible()
    assert posted == []
