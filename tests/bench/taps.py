"""What a person at a tablet waits for: a tap, the first copy of everything, and the first board after a cold start."""

import time
from pathlib import Path

from playwright.sync_api import Page, Playwright

from tests.bench.browser import Chromium, waited
from tests.bench.office import Server
from tests.bench.report import quantile
from tests.tablets import Browser as Cookies

TAPS = 200
# A quick hand: most of the repainting that one tap causes is over before the next.
BETWEEN_SECONDS = 0.3

LISTEN = """
window.bench = { copied: null };
navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data.type === "status" && data.copy_at && bench.copied === null) bench.copied = performance.now();
});
"""

# The clock starts with the browser's own time stamp of the click, and stops in the frame that shows the changed row.
ARM = """([id, button]) => {
  const row = document.getElementById(id);
  row.scrollIntoView({ block: "center", behavior: "instant" });
  const before = row.dataset.status;
  let began = null;
  window.tapped = new Promise((resolve) => {
    const late = setTimeout(() => resolve(null), 15000);
    const click = ({ timeStamp, isTrusted }) => { if (isTrusted) began = timeStamp; };
    addEventListener("click", click, { capture: true, once: true });
    const observer = new MutationObserver(() => {
      const now = document.getElementById(id);
      if (began === null || !now || now.dataset.status === before) return;
      observer.disconnect();
      clearTimeout(late);
      requestAnimationFrame(() => resolve(performance.now() - began));
    });
    observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ["data-status"] });
  });
  const box = row.querySelector(button).getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""

WAITING = """() => [...document.querySelectorAll("[data-row]")]
  .filter((row) => row.querySelector("form[action$='/arrival'] button")).map(({ id }) => id)"""
BOARD = "() => document.querySelectorAll('[data-row]').length"
SHOWN = """() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  return paint && document.querySelector("[data-row]") ? performance.timeOrigin + paint.startTime : null;
}"""


def first_copy(chromium: Chromium, server: Server, cookies: Cookies) -> tuple[float, int]:
    """Seconds from opening the board on a new device until it holds everything, and the rows that it then holds."""
    page = chromium.page
    # The worker is there before the device is, so that its own download is not in this figure.
    page.goto(f"{server.base}/signin")
    waited(lambda: page.evaluate("() => navigator.serviceWorker.controller !== null"))
    chromium.take_cookies(cookies, server.base)
    page.add_init_script(LISTEN)
    page.goto(f"{server.base}/checkin", wait_until="commit")
    copied_ms = waited(lambda: page.evaluate("() => window.bench?.copied ?? null"))
    return copied_ms / 1000, rows_held(page, server)


def rows_held(page: Page, server: Server) -> int:
    """What the device's own page says."""
    page.goto(f"{server.base}/device")
    said = page.locator("dd", has_text="rows").first.inner_text()
    return int("".join(filter(str.isdigit, said.partition("(")[2])))


def tap_board(page: Page, server: Server) -> list[float]:
    """Milliseconds of trusted taps on the board, the server alive: arrivals, and every fourth an undo of one."""
    page.goto(f"{server.base}/checkin")
    rows = page.evaluate(WAITING)
    if len(rows) < TAPS * 3 // 4:
        raise RuntimeError(f"Only {len(rows)} of {page.evaluate(BOARD)} rows of the board can be tapped.")
    took, fresh, last = [], iter(rows), ""
    time.sleep(1)
    for number in range(TAPS):
        undoes = number % 4 == 3
        id = last if undoes else next(fresh)
        x, y = page.evaluate(ARM, [id, "button.undo" if undoes else "form[action$='/arrival'] button"])
        page.mouse.click(x, y)
        painted = page.evaluate("() => window.tapped")
        if painted is None:
            raise RuntimeError(f"Tap {number + 1} on {id} changed nothing.")
        took.append(painted)
        last = id
        time.sleep(BETWEEN_SECONDS)
    return took


def cold_start(playwright: Playwright, profile: Path, server: Server) -> float:
    """Seconds from starting the browser's process until the board's rows are painted."""
    chromium = Chromium(playwright, profile, f"{server.base}/checkin")
    try:
        shown = waited(lambda: shown_ms(chromium.page))
        return (shown - chromium.started_ms) / 1000
    finally:
        chromium.close()


def shown_ms(page: Page) -> float | None:
    try:
        return page.evaluate(SHOWN)  # type: ignore[no-any-return]
    except Exception:
        # The page was just leaving; the next one is asked.
        return None


def p50_p95(values: list[float]) -> tuple[float, float]:
    return quantile(values, 0.5), quantile(values, 0.95)
