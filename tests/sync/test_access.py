"""What a tablet noted of who looked at whom comes with its sync, also while it is locked, and once however often."""

import os
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.ids import new_id
from tests.practice import Practice
from tests.privacy.looks import looks
from tests.tablets import Tablet, base64url


@pytest.fixture
def tablet(practice: Practice) -> Tablet:
    return practice.tablet("Tablet 1")


def look(tablet: Tablet, **changes: Any) -> dict[str, str]:
    """As the device seals it."""
    practice = tablet.practice
    said = {"id": new_id(), "kind": "read", "actor": tablet.actor, "subject": practice.patients["alma"]}
    said |= {"page": "checkin.visit", "code": "", "made": tablet.reading(), **changes}
    key, ours = practice.office.keyring.office_key, ec.generate_private_key(ec.SECP256R1())
    point = ours.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    shared = ours.exchange(ec.ECDH(), serialization.load_der_public_key(key.public))
    secret = HKDF(hashes.SHA256(), 32, salt=point, info=b"daysheet hand-in access").derive(shared)
    nonce = os.urandom(12)
    text = AESGCM(secret).encrypt(nonce, msgspec.json.encode(said), key.id)
    return {"id": said["id"], "sealed": base64url(b"\x01" + key.id + point + nonce + text)}


def test_a_look_on_a_tablet_is_in_the_log_of_the_office_once(practice: Practice, tablet: Tablet) -> None:
    entry = look(tablet)
    practice.clock.forward(minutes=20)
    for _ in range(2):
        assert tablet.send(access=[entry]).json()["access_taken"] == [entry["id"]]
    [noted] = looks(practice, source="device")
    assert (noted.actor_id, noted.subject, noted.page) == (tablet.actor, practice.patients["alma"], "checkin.visit")
    assert (noted.device_id, noted.at_about) == (tablet.device_id, False)
    assert (noted.received_at - noted.at).total_seconds() == 1200


def test_a_locked_or_retired_tablet_hands_its_log_in_too(practice: Practice, tablet: Tablet) -> None:
    first, second = look(tablet), look(tablet, kind="lock", subject=None)
    locked = tablet.send(access=[first], actor=None, proof=None, epoch=None, sheets={})
    assert locked.json()["access_taken"] == [first["id"]]
    practice.act("maria", "devices.retire", {"device_id": tablet.device_id})
    retired = tablet.send(access=[second])
    assert (retired.status_code, retired.json()["access_taken"]) == (401, [second["id"]])
    assert [noted.kind for noted in looks(practice, source="device")] == ["read", "lock"]


def test_what_is_no_entry_of_ours_blocks_nothing(practice: Practice, tablet: Tablet) -> None:
    odd = [7, None, {"id": "x"}, {"id": new_id(), "sealed": "!"}, look(tablet, kind="sign_in"), look(tablet)]
    told = tablet.send(access=odd).json()
    assert len(told["access_taken"]) == 3
    assert [noted.kind for noted in looks(practice, source="device")] == ["unreadable", "unreadable", "read"]
