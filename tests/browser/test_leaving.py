"""Who leaves a page that begins something is kept for that moment; who is leaving is not held back by a reload."""

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.tablet import HOME, Tablet
from tests.tablets import PASSWORD

BEGIN = """async () => {
  const { src } = document.querySelector("script[src$='/register.js']");
  const { stayUntil } = await import(src.replace("register.js", "leaving.js"));
  stayUntil(new Promise((resolve) => { window.done = resolve; }));
}"""
NEWER = """() => {
  const begun = (event) => setTimeout(() => navigator.serviceWorker.dispatchEvent(new Event("controllerchange")));
  addEventListener("beforeunload", begun, { once: true });
}"""


def test_a_sign_in_waits_until_the_page_may_be_left(new_tablet: Callable[..., Tablet]) -> None:
    tablet = new_tablet()
    asked: list[str] = []
    tablet.page.on("request", lambda request: asked.append(request.method))
    tablet.open("/signin")
    tablet.type("User name", "ana")
    tablet.type("Password", PASSWORD)
    tablet.page.evaluate(BEGIN)
    tablet.tap("Sign in")
    # A request that the tap had made would have come before this one.
    tablet.page.evaluate("fetch('/healthz').then((answer) => answer.text())")
    assert "POST" not in asked
    tablet.page.evaluate("window.done()")
    tablet.page.wait_for_url(HOME)
    assert asked.count("POST") == 1


def test_who_goes_to_another_page_while_a_newer_app_takes_over_comes_there(tablet: Tablet) -> None:
    tablet.page.evaluate(NEWER)
    tablet.follow("This device")
    expect(tablet.page.get_by_role("heading", name="This device", exact=True)).to_be_visible()
    tablet.page.evaluate("() => navigator.serviceWorker.dispatchEvent(new Event('controllerchange'))")
    # A page that stays is loaded anew.
    tablet.page.wait_for_function("performance.getEntriesByType('navigation')[0].type === 'reload'")
