"""What devices noted themselves is taken once, believed with care, and does no harm."""

import base64
import os
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

from backend.access_handed_in import MOST_ENTRIES, take_from_device
from backend.access_log import broken_access
from backend.clock import Reading, instant
from backend.ids import new_id
from backend.keyring import CURVE
from backend.work import Device
from tests.practice import SITE, Practice
from tests.privacy.looks import looks


def broken(practice: Practice) -> int | None:
    with practice.database.read() as session:
        return broken_access(session)


def sealed(practice: Practice, plain: dict[str, Any] | bytes, kind: str = "access") -> str:
    """As a device seals to the office."""

    key = practice.office.keyring.office_key
    own, nonce = ec.generate_private_key(CURVE), os.urandom(12)
    point = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    public = load_der_public_key(key.public)
    assert isinstance(public, ec.EllipticCurvePublicKey)
    shared = own.exchange(ec.ECDH(), public)

    secret = HKDF(hashes.SHA256(), 32, salt=point, info=f"daysheet hand-in {kind}".encode()).derive(shared)
    body = plain if isinstance(plain, bytes) else msgspec.json.encode(plain)
    envelope = b"\x01" + key.id + point + nonce + AESGCM(secret).encrypt(nonce, body, key.id)
    return base64.urlsafe_b64encode(envelope).decode().rstrip("=")


TABLET = Device(new_id(), "Tablet 1")


def look_on_tablet(practice: Practice, minutes_ago: float = 0, **changes: Any) -> dict[str, Any]:
    made = practice.clock.now().timestamp() * 1000 - minutes_ago * 60_000
    reading = {"wall": instant(practice.clock.now()), "mono": made, "boot": "one"}
    who = {"actor": practice.staff["ana"], "subject": practice.patients["alma"], "page": "checkin.visit"}
    return {"id": new_id(), "kind": "read", **who, "made": reading, **changes}


def hand_in(practice: Practice, entries: list[Any]) -> list[str]:
    now = practice.clock.now()
    sent = Reading(instant(now), now.timestamp() * 1000, "one")
    with practice.database.write() as session:
        return take_from_device(session, practice.office.keyring, TABLET, SITE, entries, now, sent)  # type: ignore[arg-type]


def wrapped(practice: Practice, look: dict[str, Any]) -> dict[str, str]:
    return {"id": look["id"], "sealed": sealed(practice, look)}


def test_what_a_device_noted_is_taken_once_with_the_time_it_was(practice: Practice) -> None:
    look = look_on_tablet(practice, minutes_ago=28, code="break_glass")
    entry = wrapped(practice, look)
    assert hand_in(practice, [entry, entry]) == [look["id"]]
    assert hand_in(practice, [entry]) == [look["id"]]
    [found] = looks(practice)
    assert (found.id, found.source, found.device_id, found.code) == (look["id"], "device", TABLET.id, "break_glass")
    assert (practice.clock.now() - found.at).total_seconds() == 28 * 60
    assert found.received_at == practice.clock.now()
    assert not found.at_about
    assert found.subject == practice.patients["alma"]


def test_a_clock_that_cannot_be_compared_gives_a_time_that_is_about_right(practice: Practice) -> None:
    reading = {"wall": instant(practice.clock.now()), "mono": 1.0, "boot": "another"}
    hand_in(practice, [wrapped(practice, look_on_tablet(practice, made=reading))])
    [found] = looks(practice)
    assert found.at_about


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "export"},
        {"kind": "gossip"},
        {"actor": "ana"},
        {"subject": "alma"},
        {"page": "/checkin/Alma Castellanos"},
        {"code": "x" * 61},
        {"made": {"wall": 7}},
        {"id": new_id()},
    ],
)
def test_what_makes_no_sense_is_taken_and_noted_as_unreadable(practice: Practice, changes: dict[str, Any]) -> None:
    look = look_on_tablet(practice)
    entry = {"id": look["id"], "sealed": sealed(practice, {**look, **changes})}
    assert hand_in(practice, [entry]) == [look["id"]]
    [found] = looks(practice)
    assert (found.kind, found.actor_id, found.page) == ("unreadable", None, "")
    assert broken(practice) is None


@pytest.mark.parametrize("bad", ["", "é" * 40, "A" * 40, "A" * 90_000, "A", None, 7, ["x"], {}])
def test_a_hostile_envelope_does_no_harm(practice: Practice, bad: Any) -> None:
    id = new_id()
    assert hand_in(practice, [{"id": id, "sealed": bad}]) == [id]
    assert [look.kind for look in looks(practice)] == ["unreadable"]


def test_what_was_sealed_as_something_else_is_not_opened(practice: Practice) -> None:
    look = look_on_tablet(practice)
    hand_in(practice, [{"id": look["id"], "sealed": sealed(practice, look, kind="command")}])
    hand_in(practice, [{"id": new_id(), "sealed": sealed(practice, b"[" * 900)}])
    assert [look.kind for look in looks(practice)] == ["unreadable", "unreadable"]


def test_what_has_no_id_is_passed_over_and_too_much_waits(practice: Practice) -> None:
    assert hand_in(practice, [7, None, "x", {}, {"id": "7"}, {"sealed": "A"}]) == []
    assert looks(practice) == []
    many = [{"id": new_id(), "sealed": "A"} for _ in range(MOST_ENTRIES + 1)]
    assert hand_in(practice, many) == [one["id"] for one in many[:-1]]
    assert len(looks(practice)) == MOST_ENTRIES
    assert broken(practice) is None
