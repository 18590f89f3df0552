"""Everything the office answers, asked by everybody: no fault, a sentence for each refusal, headers of the house."""

import re
from typing import Any

import msgspec
import pytest
import schemathesis
from hypothesis import Phase, given, settings

from tests.practice import PATIENTS
from tests.security.surface import document
from tests.security.test_fuzz import BOUNDED, LONG, Opened, open_office
from tests.security.test_table import give_roles
from tests.tablets import Browser

__all__ = ["open_office"]

SENTENCE = re.compile(r">\s*[A-Z][^<>]{8,}[.!?]\s*<")
KNOWN = {word for person in PATIENTS.values() for word in person if word}
# Who shows a role, and whether it opens patients at all.
CAST = {"ana": "front_desk", "ben": "owner", "maria": "manager", "cleo": "clinical", "dana": "supplies"}
CAST |= {"petra": "privacy_officer", "": ""}
SEES_PATIENTS = {"ana", "ben", "maria"}
# The worker of a device reads these codes and has sentences of its own for them.
CODES = {"signed_out", "not_enrolled", "unknown_device", "epoch", "new_replica", "gap"}
A_FEW = settings(BOUNDED, max_examples=LONG or 2, phases=[Phase.generate])


@pytest.fixture(scope="module")
def everybody(open_office: Opened) -> dict[str, Browser]:
    """A browser for each role, and one for nobody."""
    practice, _ = open_office
    for who, role in CAST.items():
        if who:
            give_roles(practice, who, {role})
    return {who: practice.browser(who or None) for who in CAST}


def test_everything_answers_everybody_well(open_office: Opened, everybody: dict[str, Browser]) -> None:
    practice, _ = open_office
    schema = schemathesis.openapi.from_dict(document(practice.office.answering.manifest))
    asked = 0
    for found in schema.get_all_operations():
        one = found.ok()

        @A_FEW
        @given(case=one.as_strategy())
        def ask(case: Any) -> None:
            nonlocal asked
            for who, browser in everybody.items():
                answer = send(browser, case)
                asked += 1
                answers_well(answer, who, f"{case.method} {case.path} as {CAST[who] or 'nobody'}")
                if (who and answer.headers.get("location") == "/signin") or answer.status_code == 401:
                    practice.clock.forward(minutes=20)
                    browser.sign_in(who)

        ask()
    assert asked > 500


def send(browser: Browser, case: Any) -> Any:
    """The case as a browser sends it."""
    headers = {"x-daysheet": "sync"} if case.media_type == "application/json" else {}
    query = dict(case.query or {})
    path = case.formatted_path
    if case.method == "GET":
        return browser._send("GET", path, headers, params=query)
    body = case.body if isinstance(case.body, dict) else {}
    if case.media_type == "application/json":
        sent = {**headers, "content-type": "application/json"}
        return browser._send("POST", path, sent, content=msgspec.json.encode(body))
    return browser._send("POST", path, headers, data={name: str(value) for name, value in body.items()})


def answers_well(answer: Any, who: str, said: str) -> None:
    """What holds of every answer, whoever asked."""
    assert answer.status_code < 500, said
    assert answer.headers["content-security-policy"], said
    assert answer.headers["x-content-type-options"] == "nosniff", said
    assert answer.headers["cache-control"] == "no-store", said
    if who not in SEES_PATIENTS or answer.status_code in (400, 401, 403, 404, 405, 413, 415, 429):
        assert not [word for word in KNOWN if word in answer.text], said
    if answer.status_code >= 400 and not is_gone(answer):
        assert tells(answer), f"{said}: {answer.status_code} {answer.text[:300]}"


def is_gone(answer: Any) -> bool:
    """A piece of a page that is not there any more: htmx takes it away, and shows nothing in its place."""
    return answer.status_code == 404 and "_part=" in str(answer.request.url) and answer.text == ""


def tells(answer: Any) -> bool:
    """Whether a refusal carries a sentence, or a code that a device knows."""
    if answer.headers["content-type"].startswith("application/json"):
        told = answer.json()
        return len(told.get("say", "")) > 8 or told.get("error") in CODES
    return bool(SENTENCE.search(answer.text))
