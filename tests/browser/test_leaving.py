"""Who taps while a page begins something that leaving would spoil is kept for that moment, and then goes on."""

from collections.abc import Callable

from tests.browser.tablet import HOME, Tablet
from tests.tablets import PASSWORD

BEGIN = """async () => {
  const { src } = document.querySelector("script[src$='/register.js']");
  const { stayUntil } = await import(src.replace("register.js", "leaving.js"));
  stayUntil(new Promise((resolve) => { window.done = resolve; }));
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
