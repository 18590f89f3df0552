"""Signatures of the people of a device: who says to have done something has signed it with a key of their own there.

A person's key pair (ECDSA on P-256 with SHA-256, FIPS 186-5) is made on the device when they first unlock it at the
office; its private part never leaves the device, the public one is recorded with the unlock.
"""

import hashlib
from collections.abc import Iterable
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.base64url import from_base64url
from backend.devices.models import PersonKey

ALGORITHM = ec.ECDSA(hashes.SHA256())
LONGEST_KEY = 200
# Put together once: every request of a device asks for them.
KEYS = (
    select(PersonKey.staff_id, PersonKey.public_key)
    .where(PersonKey.device_id == bindparam("device"))
    .order_by(PersonKey.since)
)


@lru_cache(maxsize=1024)
def public_key(spki: str) -> ec.EllipticCurvePublicKey:
    """The key from its SPKI in base64url; ValueError for anything but a key of P-256."""
    if len(spki) > LONGEST_KEY:
        raise ValueError("too long for a key of P-256")
    try:
        key = serialization.load_der_public_key(from_base64url(spki))
    except UnsupportedAlgorithm as error:
        raise ValueError("not a key of P-256") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("not a key of P-256")
    return key


def key_id(spki: str) -> str:
    """The short name of a key: 16 hex digits of SHA-256 over its SPKI."""
    return hashlib.sha256(from_base64url(spki)).hexdigest()[:16]


def is_signed(keys: Iterable[str], text: bytes, signature: object) -> bool:
    """Whether one of these keys signed the text; `signature` is r and s, 32 bytes each, in base64url."""
    try:
        raw = from_base64url(signature if isinstance(signature, str) else "")
    except ValueError:
        return False
    if len(raw) != 64:
        return False
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    for spki in keys:
        try:
            public_key(spki).verify(der, text, ALGORITHM)
        except InvalidSignature:
            continue
        return True
    return False


def keys_of(session: Session, device_id: str) -> dict[str, list[str]]:
    """The public keys of everybody who ever unlocked the device, by person."""
    found: dict[str, list[str]] = {}
    for staff_id, public in session.execute(KEYS, {"device": device_id}):
        found.setdefault(staff_id, []).append(public)
    return found
