"""The keyring: the office's own secrets, kept beside the database and never in it, and what is sealed with them.

One file (`DAYSHEET_KEY_FILE`, or the value `DAYSHEET_KEY`) holds one secret for each rotation, newest last. All
keys are derived from these: what the server keeps at rest is sealed under the newest, what devices seal to the
office is sealed to its public key. Older secrets stay, because what was sealed under them must still open.
"""

import base64
import hashlib
import os
import secrets
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.settings import Settings
from backend.writing import write_first, write_whole

SECRET_BYTES = 32
ID_BYTES = 8
NONCE_BYTES = 12
POINT_BYTES = 65  # an uncompressed point of P-256
ENVELOPE = b"\x01"
CURVE = ec.SECP256R1()
# The order of P-256's group (FIPS 186-5): a private key is a number below it.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class Unsealable(Exception):
    """It was sealed under a key that is not on the ring, for another purpose or thing, or was changed since."""


def derive(secret: bytes, info: str, length: int = 32) -> bytes:
    """HKDF-SHA256 (RFC 5869), so that no two purposes share a key."""
    return HKDF(hashes.SHA256(), length, salt=None, info=f"daysheet {info}".encode()).derive(secret)


def derive_number(secret: bytes, info: str) -> int:
    """A private key of P-256."""
    # 16 bytes more than the order has, so that the remainder is as good as evenly spread (FIPS 186-5, A.2.1).
    return int.from_bytes(derive(secret, info, 48)) % (ORDER - 1) + 1


class OfficeKey:
    """One key pair to which devices seal; `id` names it in every envelope, `public` is its SPKI (DER)."""

    def __init__(self, secret: bytes) -> None:
        self.private = ec.derive_private_key(derive_number(secret, "hand-in"), CURVE)
        info = serialization.PublicFormat.SubjectPublicKeyInfo
        self.public = self.private.public_key().public_bytes(serialization.Encoding.DER, info)
        self.id = hashlib.sha256(self.public).digest()[:ID_BYTES]


class Keyring:
    """Seals what is kept, opens what was sealed. `secrets` are 32 bytes each, oldest first."""

    def __init__(self, secrets: list[bytes]) -> None:
        self.secrets = {hashlib.sha256(b"daysheet ring" + secret).digest()[:ID_BYTES]: secret for secret in secrets}
        self.current = list(self.secrets)[-1]
        self.office_keys = {key.id: key for key in map(OfficeKey, secrets)}
        self.office_key = list(self.office_keys.values())[-1]
        # By what the rings of two nodes are compared, also while one of them has a newer secret already.
        self.id = next(iter(self.secrets)).hex()
        # Of the oldest secret, which every ring keeps: with another key, no browser would be told anything any more.
        self.push_key = derive_number(secrets[0], "push").to_bytes(SECRET_BYTES)

    def seal(self, purpose: str, plain: bytes, bound: str = "") -> bytes:
        """AES-256-GCM under the newest secret: key id (8 bytes), nonce (12), ciphertext. `bound` ties it to a thing."""
        nonce = os.urandom(NONCE_BYTES)
        cipher = AESGCM(derive(self.secrets[self.current], f"rest {purpose}"))
        return self.current + nonce + cipher.encrypt(nonce, plain, bound.encode())

    def open(self, purpose: str, sealed: bytes, bound: str = "") -> bytes:
        """What was sealed for this purpose and thing, under any secret of the ring; raises Unsealable."""
        secret = self.secrets.get(sealed[:ID_BYTES])
        nonce, text = sealed[ID_BYTES : ID_BYTES + NONCE_BYTES], sealed[ID_BYTES + NONCE_BYTES :]
        if secret is None or len(nonce) < NONCE_BYTES:
            raise Unsealable()
        try:
            return AESGCM(derive(secret, f"rest {purpose}")).decrypt(nonce, text, bound.encode())
        except InvalidTag as error:
            raise Unsealable() from error

    def is_current(self, sealed: bytes) -> bool:
        """Whether it is sealed under the newest secret; what is not, a rotation seals again."""
        return sealed[:ID_BYTES] == self.current

    def unseal(self, kind: str, envelope: bytes) -> bytes:
        """What a device sealed to the office: ECDH on P-256 with a key of its own, HKDF, AES-256-GCM.

        `envelope` is a byte 1, the office key's id (8), the device's point (65), nonce (12), ciphertext; `kind` is
        what the device said it is (`command`, `file`, `access`). Raises Unsealable.
        """
        key = self.office_keys.get(envelope[1 : 1 + ID_BYTES])
        head = 1 + ID_BYTES
        point, rest = envelope[head : head + POINT_BYTES], envelope[head + POINT_BYTES :]
        if envelope[:1] != ENVELOPE or key is None or len(rest) <= NONCE_BYTES:
            raise Unsealable()
        try:
            shared = key.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point))
            info = f"daysheet hand-in {kind}".encode()
            secret = HKDF(hashes.SHA256(), 32, salt=point, info=info).derive(shared)
            return AESGCM(secret).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], key.id)
        except (InvalidTag, ValueError) as error:
            raise Unsealable() from error


def fresh_secret() -> bytes:
    """A new secret for a ring."""
    return secrets.token_bytes(SECRET_BYTES)


def open_keyring(settings: Settings) -> Keyring:
    """The ring of this office. Its file is made at the first start, readable by its owner only."""
    if settings.key:
        return Keyring([read_secret(text) for text in settings.key.split()])
    path = settings.key_path
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Of two nodes that start together in a new folder, both must go on with the same secret.
        write_first(path, ring_of([fresh_secret()]))
    return Keyring(read_ring(path))


def read_ring(path: Path) -> list[bytes]:
    """The secrets in a ring's file, oldest first; a file that cannot be read is a sentence at start-up."""
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=dict[str, list[str]])["secrets"]
    except (OSError, KeyError, msgspec.MsgspecError) as error:
        raise SystemExit(f"The key file {path} cannot be read. Put back the one that belongs to this data.") from error
    if not kept:
        raise SystemExit(f"The key file {path} is empty. Put back the one that belongs to this data.")
    return [read_secret(text) for text in kept]


def read_secret(text: str) -> bytes:
    """32 bytes in base64; anything else is a sentence at start-up."""
    try:
        secret = base64.b64decode(text, validate=True)
    except ValueError:
        secret = b""
    if len(secret) != SECRET_BYTES:
        raise SystemExit("A key of this office is not 32 bytes in base64. Make one with: openssl rand -base64 32")
    return secret


def write_ring(path: Path, ring: list[bytes]) -> None:
    """Write the file whole or not at all, for its owner's eyes only."""
    write_whole(path, ring_of(ring))


def ring_of(ring: list[bytes]) -> bytes:
    """What a ring's file holds."""
    return msgspec.json.encode({"secrets": [base64.b64encode(secret).decode() for secret in ring]})
