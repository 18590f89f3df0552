"""The recovery phrase: what opens a backup when nothing of the office but the backup and a sheet of paper is left.

The office keeps only the public half (`recovery.json` in the data folder), so that backups can be made at night with
no secret on the server, and whoever takes the server cannot open the backups of the years before. The phrase is 160
random bits, shown once; from it follows the private key of X25519 (RFC 7748) to which every backup is sealed.
"""

import hashlib
import secrets
from pathlib import Path
from typing import NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend.base64url import from_base64url, to_base64url
from backend.crockford import ALPHABET, read_typed
from backend.keyring import ID_BYTES, derive
from backend.settings import Settings
from backend.writing import write_whole

LENGTH, CHECKED, GROUP = 32, 4, 4
# Every backup has a key of its own, so one fixed nonce under a key agreed for it alone is used once.
NONCE = bytes(12)

MISTYPED = "That is no recovery phrase: 9 groups of 4 letters and digits, and one of them is not as it was shown."
WRONG_PHRASE = "This recovery phrase belongs to another key than the one this backup is sealed to. Try an older phrase."
NO_KEY = "There is no recovery phrase for this office yet. Make one, and write it down: ./daysheet recovery-phrase"


class WrongPhrase(Exception):
    """It is mistyped or opens something else; the text is a sentence for who typed it."""


class SealedKey(msgspec.Struct, frozen=True):
    """A file's key as it stands in its header: for which recovery key, the point to agree with, the key sealed."""

    recovery: str
    point: str
    sealed: str


class RecoveryKey(NamedTuple):
    """The public half, and since when the office seals to it."""

    public: bytes
    since: str

    @property
    def id(self) -> str:
        """What the paper and the server can be told to belong together by."""
        return id_of(self.public)


class Kept(msgspec.Struct, frozen=True):
    """The file with the public half."""

    public: str
    since: str


def new_phrase() -> str:
    """160 random bits and 20 to notice a slip of the pen, in groups of four."""
    said = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    whole = said + check_of(said)
    return "-".join(whole[at : at + GROUP] for at in range(0, len(whole), GROUP))


def check_of(said: str) -> str:
    """The last group, which follows from the others."""
    digest = hashlib.sha256(b"daysheet recovery " + said.encode()).digest()
    return "".join(ALPHABET[byte & 31] for byte in digest[:CHECKED])


def private_key(phrase: str) -> X25519PrivateKey:
    """The key that follows from a phrase, however it was typed; raises WrongPhrase for a mistyped one."""
    typed = read_typed(phrase)
    said, check = typed[:LENGTH], typed[LENGTH:]
    if len(typed) != LENGTH + CHECKED or set(typed) - set(ALPHABET) or check != check_of(said):
        raise WrongPhrase(MISTYPED)
    return X25519PrivateKey.from_private_bytes(derive(said.encode(), "recovery"))


def public_of(key: X25519PrivateKey) -> bytes:
    """The half that the office keeps."""
    return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def id_of(public: bytes) -> str:
    """A short name of a recovery key, which gives nothing away."""
    return hashlib.sha256(b"daysheet recovery key" + public).hexdigest()[: 2 * ID_BYTES]


def seal_key(public: bytes, file_key: bytes) -> SealedKey:
    """Seal a file's key so that only the phrase opens it."""
    ours = X25519PrivateKey.generate()
    point = public_of(ours)
    agreed = ours.exchange(X25519PublicKey.from_public_bytes(public))
    sealed = AESGCM(derive(agreed, wrapping(point, public))).encrypt(NONCE, file_key, None)
    return SealedKey(id_of(public), to_base64url(point), to_base64url(sealed))


def open_key(phrase: str, sealed: SealedKey) -> bytes:
    """The file's key; raises WrongPhrase."""
    key = private_key(phrase)
    public = public_of(key)
    if id_of(public) != sealed.recovery:
        raise WrongPhrase(WRONG_PHRASE)
    try:
        point = from_base64url(sealed.point)
        agreed = key.exchange(X25519PublicKey.from_public_bytes(point))
        return AESGCM(derive(agreed, wrapping(point, public))).decrypt(NONCE, from_base64url(sealed.sealed), None)
    except (InvalidTag, ValueError) as error:
        raise WrongPhrase(WRONG_PHRASE) from error


def wrapping(point: bytes, public: bytes) -> str:
    """What ties the agreed key to both halves."""
    return f"backup {point.hex()} {public.hex()}"


def path_of(settings: Settings) -> Path:
    """Where the public half is kept."""
    return settings.data / "recovery.json"


def find_recovery_key(settings: Settings) -> RecoveryKey | None:
    """The key that backups are sealed to; None while there is no phrase."""
    path = path_of(settings)
    if not path.exists():
        return None
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=Kept)
        return RecoveryKey(from_base64url(kept.public), kept.since)
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise SystemExit(
            f"{path} cannot be read. Make a new recovery phrase: ./daysheet recovery-phrase --new"
        ) from error


def keep_recovery_key(settings: Settings, phrase: str, since: str) -> RecoveryKey:
    """From now on backups are sealed to this phrase; those made before need the phrase of their own time."""
    key = RecoveryKey(public_of(private_key(phrase)), since)
    settings.data.mkdir(parents=True, exist_ok=True)
    write_whole(path_of(settings), msgspec.json.encode(Kept(to_base64url(key.public), since)))
    return key
