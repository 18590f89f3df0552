"""Ids: new ones, and ones that both engines make alike from the same things."""

import hashlib
import re

import uuid_utils

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id() -> str:
    """A UUIDv7 in canonical lower-case text."""
    return str(uuid_utils.uuid7())


def is_id(text: object) -> bool:
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def mint(seed: str, label: str, value: str) -> str:
    """The id that this seed, label and value always give, with the seed's own time."""
    digest = hashlib.sha256(f"{seed}\n{label}\n{value}".encode()).hexdigest()
    variant = f"{8 | int(digest[3], 16) & 3:x}"
    time = seed.replace("-", "")[:12]
    return f"{time[:8]}-{time[8:]}-7{digest[:3]}-{variant}{digest[4:7]}-{digest[7:19]}"


def derived(command_id: str, label: str) -> str:
    """The id of something that a command makes, when the form named none."""
    return mint(command_id, label, "")
