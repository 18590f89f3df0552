"""What somebody who counts waits for: from the scan until the number stands there and the field is free, offline."""

import base64
import time
from pathlib import Path

import zint
from playwright.sync_api import CDPSession, Page, Playwright

from backend.counts import AskForCount
from backend.ids import new_id
from backend.inventory import ReceiveStock, RecordItem, RecordPlace
from tests.bench import wire
from tests.bench.browser import Chromium, waited
from tests.bench.office import Books, Server, sent
from tests.bench.report import Figure, quantile, tell
from tests.bench.trust import found_assets
from tests.browser.labels import HEIGHT, WIDTH, Label, drawn
from tests.browser.test_scanning import burst
from tests.tablets import Tablet

PLACES, HERE, SCANS, FRAMES = 12, 15, 200, 30
BETWEEN_SECONDS = 0.1

# The clock starts when the page has the last key, whose own time stamp is made up, and stops in the frame that
# shows the new number when the field is empty and the form can be sent again.
LISTEN = """
window.bench = { began: null };
addEventListener("keydown", ({ key }) => { if (key === "Enter") bench.began = performance.now(); }, true);
"""
ARM = """([item]) => {
  const numberOf = () => document.querySelector(`.lines [data-row*="/${item}/"] .number`)?.textContent ?? "";
  const before = numberOf();
  let answered = false;
  bench.began = null;
  bench.ready = new Promise((resolve) => {
    const done = (value) => {
      clearTimeout(late);
      observer.disconnect();
      document.removeEventListener("htmx:finally:request", finished);
      resolve(value);
    };
    const look = () => {
      if (!answered || numberOf() === before || document.querySelector("#scan-code").value !== "") return;
      requestAnimationFrame(() => done(performance.now() - bench.began));
    };
    const finished = ({ detail: { ctx } }) => {
      if (ctx.request.method === "POST") setTimeout(() => { answered = true; look(); });
    };
    const late = setTimeout(() => done(null), 5000);
    const observer = new MutationObserver(look);
    observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    document.addEventListener("htmx:finally:request", finished);
  });
}"""
FRAME = """async ([assets, grey, width, height]) => {
  const { finder } = await import(`${assets}/scripts/finding.js`);
  const { give } = await import(`${assets}/scripts/scanned.js`);
  const pixels = Uint8Array.from(atob(grey), (one) => one.charCodeAt(0));
  const picture = new ImageData(width, height);
  pixels.forEach((value, at) => picture.data.set([value, value, value, 255], at * 4));
  const canvas = Object.assign(document.createElement("canvas"), { width: 1280, height: 720 });
  const drawing = canvas.getContext("2d");
  drawing.fillStyle = "rgb(235 235 235)";
  drawing.fillRect(0, 0, 1280, 720);
  drawing.putImageData(picture, (1280 - width) / 2, (720 - height) / 2);
  Object.assign(canvas, { videoWidth: 1280, videoHeight: 720 });
  bench.finder ??= await finder();
  bench.frame = async (whole) => {
    const began = performance.now();
    const [{ text }] = await bench.finder.find(canvas);
    const decoded = performance.now();
    bench.began = whole ? began : decoded;
    give(text);
    return decoded - began;
  };
  // The first one loads the WASM.
  await bench.finder.find(canvas);
}"""
LEAST = """async (times) => {
  const took = [];
  for (let time = 0; time < times; time += 1) {
    const began = performance.now();
    const headers = { "HX-Request": "true", "HX-Request-Type": "partial" };
    await (await fetch("/device?_part=pill", { headers })).text();
    took.push(performance.now() - began);
  }
  return took;
}"""


def figures(playwright: Playwright, folder: Path) -> list[Figure]:
    """A wedge, a decoded code, and a whole frame before the camera; the server is dead meanwhile."""
    count_id, items = filled(folder)
    server = Server(folder)
    server.start()
    cookies = Tablet(wire.Line(server.base), "Bench 7", "cleo", "count")  # type: ignore[arg-type]
    chromium = Chromium(playwright, folder / "profile-scans", "about:blank")
    try:
        page = chromium.page
        page.goto(f"{server.base}/signin")
        waited(lambda: page.evaluate("() => navigator.serviceWorker.controller !== null"))
        chromium.take_cookies(cookies, server.base)
        page.add_init_script(LISTEN)
        begin = page.get_by_role("button", name="Count in Supply room › Shelf 00")
        waited(lambda: page.goto(f"{server.base}/counts/{count_id}") and begin.count())
        begin.click()
        page.locator(".here").wait_for()
        server.stop()
        return measured(page, chromium.context.new_cdp_session(page), found_assets(page, server), items)
    finally:
        chromium.close()
        server.stop()


def measured(page: Page, keys: CDPSession, assets: str, items: list[tuple[str, str]]) -> list[Figure]:
    tell(f"{SCANS} scans in a place of {HERE} items, {PLACES * HERE} in the count")
    page.locator("#scan-code").focus()
    for item_id, code in items:
        by_wedge(page, keys, item_id, code)
    least = quantile(page.evaluate(LEAST, SCANS), 0.95)
    beside = (least, "p95 of the worker's smallest answer")
    took = [by_wedge(page, keys, *items[number % HERE]) for number in range(SCANS)]
    tell(f"p50 {quantile(took, 0.5):.0f} ms, p95 {quantile(took, 0.95):.0f} ms")
    found = [
        Figure("scan-to-ready, from the wedge's last key, p50", quantile(took, 0.5), "ms"),
        Figure("scan-to-ready, from the wedge's last key, p95", quantile(took, 0.95), "ms", 50, *beside),
    ]
    tell(f"{FRAMES} frames of 1280×720")
    item_id, code = items[0]
    for kind in (zint.Symbology.DATAMATRIX, zint.Symbology.GS1_128):
        name = "DataMatrix" if kind == zint.Symbology.DATAMATRIX else "GS1-128"
        label = Label(kind, f"[01]{code}[17]290131[10]A1", "", "", "")
        page.evaluate(FRAME, [assets, base64.b64encode(drawn(label)).decode(), WIDTH, HEIGHT])
        decoding, given = frames(page, item_id, whole=False)
        found.append(Figure(f"decoding a frame with a {name}, p95", quantile(decoding, 0.95), "ms"))
        found.append(Figure("  from its text to ready, p95", quantile(given, 0.95), "ms", 50, *beside))
        _, whole = frames(page, item_id, whole=True)
        found.append(Figure("  from the frame to ready, p50", quantile(whole, 0.5), "ms"))
        found.append(Figure("  from the frame to ready, p95", quantile(whole, 0.95), "ms", 150, *beside))
    return found


def frames(page: Page, item_id: str, whole: bool) -> tuple[list[float], list[float]]:
    decoding, took = [], []
    for _ in range(FRAMES):
        page.evaluate(ARM, [item_id])
        decoding.append(float(page.evaluate("(whole) => bench.frame(whole)", whole)))
        took.append(ready(page))
        time.sleep(BETWEEN_SECONDS)
    return decoding, took


def by_wedge(page: Page, keys: CDPSession, item_id: str, code: str) -> float:
    """The keys are as quick by their own clock as a scanner's, however slow this machine is at the moment."""
    page.evaluate(ARM, [item_id])
    burst(page, f"01{code}1729013110A1", keys=keys)
    took = ready(page)
    time.sleep(BETWEEN_SECONDS)
    return took


def ready(page: Page) -> float:
    took = page.evaluate("() => bench.ready")
    if took is None:
        raise RuntimeError("A scan changed nothing within five seconds.")
    return float(took)


def filled(folder: Path) -> tuple[str, list[tuple[str, str]]]:
    """A full count of 12 shelves with 15 items each; returns it, and item and code of what is on the first."""
    tell("Filling a supply room to count")
    books = Books(folder)
    books.open()
    room, count_id = new_id(), new_id()
    books.give(iter([sent(RecordPlace, {"place_id": room, "kind": "room", "name": "Supply room"})]))
    items: list[tuple[str, str]] = []
    for shelf in range(PLACES):
        place_id = new_id()
        known = {"place_id": place_id, "kind": "bin", "name": f"Shelf {shelf:02d}", "parent_id": room}
        books.give(iter([sent(RecordPlace, known)]))
        for number in range(HERE):
            item_id, code = new_id(), gtin(shelf * HERE + number)
            named = {"item_id": item_id, "name": f"Item {shelf:02d}-{number:02d}", "base_unit": "each", "abc": "C"}
            dated = {"has_lots": True, "has_expiry": True, "codes": [{"code": code}]}
            stock = {"item_id": item_id, "place_id": place_id, "quantity": 20, "lot": "A1", "expires": "2029-01-31"}
            books.give(iter([sent(RecordItem, {**named, **dated}), sent(ReceiveStock, stock)]))
            items.append((item_id, code))
    books.give(iter([sent(AskForCount, {"count_id": count_id, "kind": "full", "place_id": room})]))
    books.database.close()
    return count_id, items[:HERE]


def gtin(number: int) -> str:
    digits = f"0061414{number:06d}"
    total = sum(int(digit) * (1 if at % 2 else 3) for at, digit in enumerate(reversed(digits)))
    return digits + str(-total % 10)
