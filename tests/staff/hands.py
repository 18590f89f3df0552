"""What people do with their hands to sign in in more than one step."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pyotp

from tests.practice import Practice
from tests.staff.authenticator import Authenticator
from tests.tablets import PASSWORD, Browser

SCRIPT = {"x-daysheet": "passkey", "accept": "application/json"}


def ask(browser: Browser, path: str, body: Any = None) -> Any:
    """As our script asks."""
    return browser._send("POST", path, SCRIPT, json={} if body is None else body)


def set_up_app(practice: Practice, browser: Browser) -> pyotp.TOTP:
    """Whoever is signed in sets up an app; what it then shows."""
    assert browser.post("/account/app").status_code == 303
    page = browser.get("/account/app").text
    app = pyotp.TOTP("".join(page.partition('class="code-line">')[2].partition("<")[0].split()))
    confirmed = browser.post("/account/app/confirm", {"code": code_of(practice, app)})
    assert confirmed.status_code == 303, confirmed.text
    # The code that confirmed it is used up.
    practice.clock.forward(seconds=30)
    return app


def code_of(practice: Practice, app: pyotp.TOTP, steps: int = 0) -> str:
    """What the app shows now, or so many steps from now."""
    return app.generate_otp(int(practice.clock.now().timestamp()) // 30 + steps)


def make_codes(browser: Browser) -> list[str]:
    """Ten recovery codes as they are printed."""
    page = browser.post("/account/codes").text
    return [piece.partition("<")[0] for piece in page.split('<li class="code-line">')[1:]]


def add_passkey(browser: Browser, name: str = "Blue key", **wrong: Any) -> Authenticator:
    """Whoever is signed in adds a passkey."""
    key = Authenticator()
    answer = offer_passkey(browser, key, name, **wrong)
    assert answer.status_code == 200, answer.text
    return key


def offer_passkey(browser: Browser, key: Authenticator, name: str = "Blue key", **wrong: Any) -> Any:
    options = ask(browser, "/account/passkeys/options")
    assert options.status_code == 200, options.text
    return ask(browser, "/account/passkeys", {"name": name, "credential": key.make(options.json(), **wrong)})


def use_passkey(browser: Browser, key: Authenticator, path: str = "/signin/passkey", **wrong: Any) -> Any:
    """Sign in with it, or prove who one is."""
    options = ask(browser, f"{path}/options")
    assert options.status_code == 200, options.text
    return ask(browser, path, key.sign(options.json(), **wrong))


def both_steps(practice: Practice, browser: Browser, who: str, app: pyotp.TOTP) -> Any:
    """The password, then the code."""
    first = browser.sign_in(who, PASSWORD)
    assert first.headers["location"] == "/signin/second"
    return browser.post("/signin/second", {"code": code_of(practice, app)})


@contextmanager
def policy(practice: Practice, **settings: Any) -> Iterator[None]:
    """The office under other settings."""
    before = practice.office.settings
    object.__setattr__(practice.office, "settings", msgspec.structs.replace(before, **settings))
    try:
        yield
    finally:
        object.__setattr__(practice.office, "settings", before)
