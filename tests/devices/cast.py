"""Devices as the tests of their room know them: made without a browser, with a key of their own to sign with."""

import base64
import re
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from sqlalchemy import select

from backend.devices.models import DeviceSecret, Invitation
from backend.ids import new_id
from tests.practice import Practice
from tests.tablets import Tablet

FORM = {"name": "Tablet 7", "place": "Window", "purpose": "front_desk"}


def code_shown(page: str) -> str:
    found = re.search(r'id="code">([^<]+)<', page)
    assert found is not None, page
    return found[1]


def invited(practice: Practice, **changes: str) -> str:
    """The code on Maria's phone."""
    answer = practice.browser("maria").post("/devices/invitations", {**FORM, **changes})
    assert answer.status_code == 200, answer.text
    return code_shown(answer.text)


def the_invitation(practice: Practice) -> Invitation:
    with practice.database.read() as session:
        [found] = session.scalars(select(Invitation))
        session.expunge(found)
        return found


def enrolled(practice: Practice, name: str = "Tablet 3") -> str:
    """The id of a device that Maria enrolled."""
    device_id = new_id()
    fields = {"device_id": device_id, "name": name, "purpose": "front_desk", "place": "Window"}
    assert practice.act("maria", "devices.enrol", fields).outcome == "applied"
    return device_id


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Signer:
    """The identity key of a tablet, which the office was told."""

    def __init__(self, practice: Practice, tablet: Tablet) -> None:
        self.practice, self.tablet = practice, tablet
        self.key = ec.generate_private_key(ec.SECP256R1())
        info = serialization.PublicFormat.SubjectPublicKeyInfo
        self.public = base64url(self.key.public_key().public_bytes(serialization.Encoding.DER, info))
        with practice.database.write() as session:
            secret = session.get(DeviceSecret, tablet.device_id)
            assert secret is not None
            secret.identity_key = self.public

    def receipt(self, **changes: Any) -> dict[str, Any]:
        """What the tablet sends when nothing is left on it; `changes` come after it was signed."""
        told = {
            "device_id": self.tablet.device_id,
            "replica_id": self.tablet.replica_id,
            "at": "2026-11-23T13:31:00.000Z",
            "entries_left": 2,
        }
        text = "wiped\n{device_id}\n{replica_id}\n{at}\n{entries_left}".format(**told)
        return {**told, "signature": self.sign(text), **changes}

    def sign(self, text: str) -> str:
        r, s = decode_dss_signature(self.key.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        return base64url(r.to_bytes(32) + s.to_bytes(32))

    def send(self, receipt: dict[str, Any], **headers: str) -> Any:
        """Without any cookie: a wiped browser has none."""
        return self.practice.browser()._send("POST", "/devices/wiped", {"x-daysheet": "wiped", **headers}, json=receipt)
