"""A tablet whose browser was killed before it wrote its cookie down comes back as the tablet that it was."""

from typing import Any

import pytest

from backend.callers import DEVICE_COOKIE
from tests.devices.cast import Signer
from tests.practice import Practice
from tests.tablets import Browser, Tablet


@pytest.fixture
def tablet(practice: Practice) -> Tablet:
    return practice.tablet("Tablet 3")


def ask(browser: Browser, **given: Any) -> Any:
    return browser._send("POST", "/devices/return", {"x-daysheet": "return"}, json=given)


def come_back(browser: Browser, signer: Signer, device_id: str) -> Any:
    asked = ask(browser, device_id=device_id)
    assert asked.status_code == 200, asked.text
    text = f"daysheet return\n{device_id}\n{asked.json()['challenge']}"
    return ask(browser, device_id=device_id, signature=signer.sign(text))


def test_a_tablet_that_lost_its_cookie_hands_in_what_it_had_saved(practice: Practice, tablet: Tablet) -> None:
    signer = Signer(practice, tablet)
    stolen = tablet.cookies.pop(DEVICE_COOKIE)
    arrival = tablet.command("checkin.record_arrival", {"visit_id": practice.visits["chiara"]})
    assert tablet.send([arrival]).json() == {"error": "unknown_device"}

    assert come_back(tablet, signer, tablet.device_id).json() == {"returned": tablet.device_id}

    tablet.sync([arrival])
    assert tablet.receipt(arrival)["outcome"] == "applied"
    tablet.cookies[DEVICE_COOKIE] = stolen
    assert tablet.send().json() == {"error": "unknown_device"}, "there is one cookie of a device"


def test_a_signature_is_good_for_one_return_and_anothers_for_none(practice: Practice, tablet: Tablet) -> None:
    signer, other = Signer(practice, tablet), Signer(practice, practice.tablet("Tablet 4"))
    browser = practice.browser()
    challenge = ask(browser, device_id=tablet.device_id).json()["challenge"]
    text = f"daysheet return\n{tablet.device_id}\n{challenge}"
    for wrong in (other.sign(text), signer.sign("daysheet return"), "", None, 7):
        assert ask(browser, device_id=tablet.device_id, signature=wrong).status_code == 404
    assert DEVICE_COOKIE not in browser.cookies
    assert ask(browser, device_id=tablet.device_id, signature=signer.sign(text)).status_code == 200
    assert ask(practice.browser(), device_id=tablet.device_id, signature=signer.sign(text)).status_code == 404


def test_who_is_another_device_by_now_or_none_is_not_given_back(practice: Practice, tablet: Tablet) -> None:
    other = practice.tablet("Tablet 4")
    assert ask(other, device_id=tablet.device_id).json() == {"error": "unknown_device"}
    for device_id in ("nobody", None, ["x"]):
        assert ask(practice.browser(), device_id=device_id).json() == {"error": "unknown_device"}


def test_a_copy_of_what_wiped_itself_hands_in_what_it_has_and_is_told_to_go_too(
    practice: Practice, tablet: Tablet
) -> None:
    signer = Signer(practice, tablet)
    arrival = tablet.command("checkin.record_arrival", {"visit_id": practice.visits["chiara"]})
    practice.act("maria", "devices.retire", {"device_id": tablet.device_id})
    assert come_back(practice.browser(), signer, tablet.device_id).status_code == 200, "it still hands in"
    signer.send(signer.receipt())
    assert tablet.send([arrival]).json() == {"error": "unknown_device"}

    assert come_back(tablet, signer, tablet.device_id).status_code == 200

    answer = tablet.send([arrival])
    assert (answer.status_code, answer.json()["mode"]) == (401, "retire")
    assert practice.entry(arrival["command_id"]).outcome == "held"
    assert "sheets" not in answer.json()
