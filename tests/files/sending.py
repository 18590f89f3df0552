"""Sending files in tests: pictures of no kind in particular, and parts as devices send them."""

import hashlib
import os
from dataclasses import replace
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.files.keeping import PART_BYTES, Cabinet
from backend.files.models import StoredFile
from backend.house import FileField, Room
from backend.ids import new_id
from backend.keyring import Keyring
from backend.scheduling import BookVisit
from tests.practice import MORNING, Practice
from tests.tablets import Browser

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
# No room has files of its own yet: in these tests, the reason of a visit is one.
PLANTED = Room("cards", files=[FileField("visit", "reason")])


def picture(size: int = 1000) -> bytes:
    """What begins as a JPEG, and is unlike every other."""
    return JPEG + os.urandom(size - len(JPEG))


def id_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def send(who: Browser, content: bytes, part: int = 0, **changes: Any) -> Any:
    """One part; `changes` are what is sent otherwise than a device would."""
    id, size = changes.pop("id", id_of(content)), changes.pop("size", len(content))
    body = changes.pop("body", content[part * PART_BYTES : (part + 1) * PART_BYTES])
    headers = {"x-daysheet": "file", "x-file-size": str(size), "content-type": "application/octet-stream"}
    return who._send("POST", f"/files/{id}/{part}", {**headers, **changes}, content=body)


def send_whole(who: Browser, content: bytes) -> str:
    for part in range(-(-len(content) // PART_BYTES)):
        answer = send(who, content, part)
        assert answer.status_code == 200, answer.text
    assert answer.json()["complete"]
    return id_of(content)


def parts_there(who: Browser, id: str) -> Any:
    return who._send("GET", f"/files/{id}/parts", {"x-daysheet": "file", "accept": "application/json"}).json()


def plant(practice: Practice) -> None:
    """From now on the reason of a visit carries a file."""
    app = practice.client.app
    app.state.office = practice.office = replace(practice.office, rooms=[*practice.office.rooms, PLANTED])  # type: ignore[misc]


def attach(practice: Practice, id: str) -> str:
    """A visit of this morning that carries the file."""
    visit_id = new_id()
    about = {"patient_id": practice.patients["alma"], "provider_id": practice.cast.provider, "reason": id}
    practice.giver().give(BookVisit, visit_id=visit_id, starts_at=f"{MORNING.date()}T16:00:00Z", **about)
    return visit_id


def known(practice: Practice, id: str) -> StoredFile | None:
    with practice.database.read() as session:
        found = session.get(StoredFile, id)
        session.expunge_all()
        return found


def cabinet(practice: Practice) -> Cabinet:
    return Cabinet(practice.office.settings.data, practice.office.keyring)


def envelope(ring: Keyring, plain: bytes, kind: str = "file") -> bytes:
    """As a device seals to the office."""
    ours = ec.generate_private_key(ec.SECP256R1())
    theirs = serialization.load_der_public_key(ring.office_key.public)
    assert isinstance(theirs, ec.EllipticCurvePublicKey)
    point = ours.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    shared = ours.exchange(ec.ECDH(), theirs)
    key = HKDF(hashes.SHA256(), 32, salt=point, info=f"daysheet hand-in {kind}".encode()).derive(shared)
    nonce, id = os.urandom(12), ring.office_key.id
    return b"\x01" + id + point + nonce + AESGCM(key).encrypt(nonce, plain, id)
