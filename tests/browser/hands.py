"""Hands for a browser of any engine: they tap what is read out, and wait for what is to be seen."""

import json
from contextlib import suppress

from tests.browser.engines import Engine
from tests.browser.office import OfficeServer
from tests.browser.tablet import until
from tests.tablets import PASSWORD

# Finding what a person sees: by the name it is read out with, among what is on the screen. Nobody's hand is as quick as
# to touch a page before its scripts have begun.
EYES = """
const ready = () => document.readyState === "complete";
const said = (each) => (each.ariaLabel ?? each.textContent).replace(/\\s+/g, " ").trim();
const seen = (kinds) => [...document.querySelectorAll(kinds)].filter((each) => each.checkVisibility());
const named = (kinds, words) => seen(kinds).find((each) => said(each) === words);
const tap = (words) => {
  const found = ready() && named("button, a, label, summary", words);
  if (found) found.click();
  return !!found;
};
const type = (words, text) => {
  if (!ready()) return false;
  const field = words ? seen("label").find((each) => said(each) === words)?.control : seen("[type=search]")[0];
  if (!field) return false;
  field.value = text;
  for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
  return true;
};
const row = (person) => seen("li[data-row^='visit:']").find((each) => said(each.querySelector("h2, h3")) === person);
"""


class Hands:
    """What a person does with a browser, waiting for what is to be seen."""

    def __init__(self, engine: Engine, url: str) -> None:
        self.engine, self.url = engine, url

    def open(self, path: str) -> None:
        self.engine.go(self.url + path)

    def sees(self, script: str) -> None:
        """Waits until the expression is true."""

        def true() -> bool:
            # A page that is just being left has nothing to say.
            with suppress(AssertionError):
                return bool(self.engine.run(f"(() => {{ {EYES} return !!({script}); }})()"))
            return False

        until(true, script)

    def tap(self, words: str) -> None:
        self.sees(f"tap({json.dumps(words)})")

    def type(self, label: str, text: str) -> None:
        self.sees(f"type({json.dumps(label)}, {json.dumps(text)})")

    def reads(self, words: str) -> None:
        self.sees(f"document.body.innerText.includes({json.dumps(words)})")

    def pill_says(self, **said: object) -> None:
        for name, value in said.items():
            self.sees(f"document.querySelector('#pill').dataset.{name} === {json.dumps(str(value).lower())}")

    def shows(self, person: str, status: str, unsent: bool) -> None:
        found = f"row({json.dumps(person)})?.dataset"
        self.sees(f"{found}?.status === {json.dumps(status)} && ('unsent' in {found}) === {json.dumps(unsent)}")

    def sign_in(self, who: str) -> None:
        self.open("/signin")
        self.type("User name", who)
        self.type("Password", PASSWORD)
        self.tap("Sign in")
        self.sees("!location.pathname.startsWith('/signin') && document.readyState === 'complete'")

    def enrol(self) -> None:
        """As `Tablet.enrol`: a manager enrols this browser, Ana signs in, and it holds a copy."""
        self.sign_in("maria")
        self.open("/devices/enrol")
        self.type("Name of the device", "Tablet 1")
        self.tap("Enrol this device")
        self.reads("This device is enrolled")
        self.knows_it_is_a_device()
        self.sign_in("ana")
        self.knows_it_is_a_device()
        self.open("/device")
        self.reads("This copy is from")
        self.open("/checkin")

    def knows_it_is_a_device(self) -> None:
        """The worker has the keys."""
        self.sees("!document.querySelector('[data-lock]').hidden")


def check_in_without_the_server(hands: Hands, office: OfficeServer) -> None:
    """Journey 1, in a browser of any engine: a patient is checked in, another walks in, and the office hears of it."""
    hands.enrol()
    hands.shows("Alma Castellanos", "booked", unsent=False)
    office.stop()
    hands.open("/checkin")
    hands.type("", "cas")
    hands.sees("!row('Bruno O’Hara') && !!row('Inês Castro')")
    hands.tap("Arrive Alma Castellanos")
    hands.tap("Identify Alma Castellanos")
    hands.tap("Name and birth date match")
    hands.tap("Check in")
    hands.sees("document.querySelector('#steps')?.dataset.status === 'checked_in'")
    hands.tap("Back to the day")
    hands.shows("Alma Castellanos", "checked_in", unsent=True)
    hands.tap("Walk-in")
    hands.sees("!!document.querySelector('#new-patient')")
    hands.type("", "nov")
    hands.tap("Walk in Dina Novak")
    hands.shows("Dina Novak", "arrived", unsent=True)
    hands.open("/checkin")
    hands.shows("Alma Castellanos", "checked_in", unsent=True)
    hands.pill_says(online=False)
    office.start()
    hands.pill_says(online=True, waiting=0)
    hands.shows("Alma Castellanos", "checked_in", unsent=False)
    assert [visit.status for visit in office.visits("Castellanos")] == ["checked_in"]
    assert [(visit.kind, visit.status) for visit in office.visits("Novak")] == [("walk_in", "arrived")]
    assert office.broken_link() is None
