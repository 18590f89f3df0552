"""What a push says, to whom, and when: how many things wait, and never what or who."""

import base64
import json

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from backend.base64url import from_base64url, to_base64url
from backend.keyring import Keyring, fresh_secret
from backend.settings import Settings, read_settings
from backend.today import sending
from tests.approvals.cast import asked, seen
from tests.practice import PATIENTS, Practice
from tests.tablets import Tablet
from tests.today.push_service import PushService, Subscription


def test_the_phone_is_told_how_many_things_wait_and_nothing_else(
    practice: Practice, browser: Subscription, service: PushService
) -> None:
    asked(practice)
    practice.act("ana", "checkin.check_in", {"visit_id": practice.visits["bruno"]})  # flagged: nobody saw him arrive
    assert service.taken == [], "no command waits for a push service"
    practice.later()
    assert browser.read == [{"waiting": 2}]
    [(_, headers, body)] = service.taken
    assert headers["content-encoding"] == "aes128gcm"
    assert b"waiting" not in body, "who carries it cannot read it"
    whole = body + json.dumps(headers).encode() + json.dumps(browser.read).encode()
    known = [*(word for person in PATIENTS.values() for word in person if word), "Alba", "name", "Maria", "Ana"]
    assert not [word for word in known if word.encode() in whole.replace(b"\x00", b"")]
    assert not [id for id in (*practice.patients.values(), *practice.visits.values()) if id.encode() in whole]


def test_it_is_told_once_and_again_only_for_something_new(practice: Practice, browser: Subscription) -> None:
    request = asked(practice)
    for _ in range(5):
        practice.later()
    assert browser.read == [{"waiting": 1}]
    second = asked(practice, name="Elma")
    practice.later()
    assert browser.read[1:] == [{"waiting": 2}]
    for one in (request, second):
        practice.act("olga", "approvals.decline", {"approval_id": one, "reason": "No"}, seen=seen(practice, one))
        practice.later()
    assert len(browser.read) == 2, "less that waits is no news"


def test_what_begins_to_press_and_what_is_passed_to_her_is_news(
    practice: Practice, browser: Subscription, service: PushService
) -> None:
    request = asked(practice)
    practice.later()
    practice.act("marco", "approvals.pass_on", {"approval_id": request, "staff_id": practice.staff["maria"]})
    practice.later()
    assert len(browser.read) == 2
    assert service.taken[-1][1]["urgency"] == "normal"
    practice.later(days=1, hours=12)
    practice.later(hours=12)
    assert len(browser.read) == 3
    assert service.taken[-1][1]["urgency"] == "high"


def test_what_she_asked_for_counted_or_approved_herself_does_not_wait_for_her(
    practice: Practice, browser: Subscription
) -> None:
    asked(practice, counted_by=practice.staff["maria"])
    practice.later()
    assert browser.read == []


def test_a_push_service_that_fails_is_tried_again_and_stops_nothing(
    practice: Practice, browser: Subscription, service: PushService
) -> None:
    service.answers[browser.path] = 503
    asked(practice)
    practice.later()
    service.answers.clear()
    practice.later()
    practice.later()
    assert [len(browser.bodies), *browser.read] == [2, {"waiting": 1}, {"waiting": 1}]


def test_a_service_that_sends_us_elsewhere_is_not_followed(
    practice: Practice, browser: Subscription, service: PushService
) -> None:
    service.answers[browser.path] = 307
    asked(practice)
    practice.later()
    assert len(service.taken) == 1


def test_the_office_signs_with_the_key_that_the_page_was_given(
    practice: Practice, phone: Tablet, browser: Subscription, service: PushService
) -> None:
    asked(practice)
    practice.later()
    given = phone.get("/today/push-key", accept="application/json").json()["key"]
    scheme, _, rest = service.taken[0][1]["authorization"].partition(" ")
    said = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (scheme, said["k"]) == ("vapid", given)
    signed, _, signature = said["t"].rpartition(".")
    raw = from_base64url(signature)
    r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64url(given))
    point.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(hashes.SHA256()))
    claims = json.loads(base64.urlsafe_b64decode(signed.split(".")[1] + "=="))
    assert claims["aud"] == service.origin
    assert claims["sub"].startswith("mailto:")


def test_without_the_packages_the_page_is_given_no_key_and_nothing_is_sent(
    practice: Practice, phone: Tablet, browser: Subscription, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "find_spec", lambda name: None)
    assert phone.get("/today/push-key").status_code == 404
    asked(practice)
    practice.later()
    assert browser.bodies == []


def test_a_key_of_the_offices_own_is_the_one_that_is_used(practice: Practice) -> None:
    given = Settings(push_key=to_base64url(bytes(31) + b"\x01"))
    assert sending.private_key(given, practice.office.keyring) == bytes(31) + b"\x01"
    ring, later = [fresh_secret()], fresh_secret()
    assert Keyring(ring).push_key == Keyring([*ring, later]).push_key, "also after the keyring was renewed"
    with pytest.raises(SystemExit, match="push_key"):
        read_settings({"DAYSHEET_PUSH_KEY": "too short"})


def test_nobody_but_a_manager_is_given_the_key(practice: Practice) -> None:
    assert practice.browser("ana").get("/today/push-key").status_code == 403
