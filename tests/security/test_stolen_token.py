"""A device token in the wrong hands."""

from typing import Any

from backend.callers import SESSION_COOKIE
from tests.practice import PATIENTS, Practice

KNOWN = {word for person in PATIENTS.values() for word in person if word}


def test_a_stolen_device_token_without_its_person_brings_no_row(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    tablet.cookies = {name: value for name, value in tablet.cookies.items() if name != SESSION_COOKIE}
    answer: Any = tablet.send([], proof=None)
    assert not any(word in answer.text for word in KNOWN)
    assert not [name for name, page in answer.json().get("sheets", {}).items() if page["rows"]]
