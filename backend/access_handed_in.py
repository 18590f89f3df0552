"""What devices hand in of their own access log: opened, checked and appended; hostile until shown otherwise."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal, Protocol

import msgspec
from msgspec import Meta
from sqlalchemy.orm import Session

from backend.access_log import Access, append
from backend.base64url import from_base64url
from backend.clock import Reading, act_time
from backend.fields import Id
from backend.ids import is_id
from backend.keyring import Keyring, Unsealable
from backend.work import Site

MOST_ENTRIES = 500
LONGEST_SEALED = 4_000
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")
NAME = r"^[a-z_]*(\.[a-z_]+)*$"


class Named(Protocol):
    """A device that showed its token, or that a file names."""

    @property
    def id(self) -> str: ...


class HandedIn(msgspec.Struct, frozen=True, kw_only=True):
    """The plain text of one entry. When it was made is told by both of the device's clocks."""

    id: Id
    kind: Literal["read", "search", "print", "unlock", "unlock_refused", "lock", "denied", "device"]
    actor: Id | None = None
    subject: Id | None = None
    page: Annotated[str, Meta(pattern=NAME, max_length=60)] = ""
    rows: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None
    made: Reading | None = None
    code: Annotated[str, Meta(pattern=NAME, max_length=60)] = ""


def take_from_device(
    session: Session,
    keyring: Keyring,
    device: Named,
    site: Site,
    entries: list[Any],
    now: datetime,
    sent_clock: Reading | None,
    source: str = "device",
) -> list[str]:
    """Append what a device noted, and return the ids that it may forget. The chain's lock is held until commit.

    An entry that is known already is taken too; one that cannot be read is noted as such, once, and never asked for
    again. What has no id to answer by is passed over, and what is too much waits for the next request. `source` is
    `file` for what somebody else brought: no token says there that it is the device's.
    """
    accesses: dict[str, Access] = {}
    for given in entries[:MOST_ENTRIES]:
        if isinstance(given, dict) and is_id(given.get("id")):
            id = given["id"]
            accesses[id] = read_entry(keyring, id, given.get("sealed"), now, sent_clock)._replace(
                id=id, device_id=device.id, site_id=site.id, received_at=now, source=source
            )
    append(session, accesses.values())
    return list(accesses)


def read_entry(keyring: Keyring, id: str, sealed: object, now: datetime, sent_clock: Reading | None) -> Access:
    """What the entry says, or that it says nothing."""
    try:
        said = msgspec.json.decode(keyring.unseal("access", envelope_of(sealed)), type=HandedIn)
    except (Unsealable, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Access("unreadable", now, at_about=True)
    if said.id != id:
        return Access("unreadable", now, at_about=True, code="other_id")
    at = act_time(said.made, sent_clock, now)
    known = {"page": said.page, "subject": said.subject, "rows": said.rows, "code": said.code}
    return Access(said.kind, at.at, said.actor, at_about=at.about, **known)


def envelope_of(sealed: object) -> bytes:
    """The bytes of base64url without padding; raises Unsealable for anything else."""
    if not isinstance(sealed, str) or len(sealed) > LONGEST_SEALED or not _BASE64URL.fullmatch(sealed):
        raise Unsealable()
    try:
        return from_base64url(sealed)
    except ValueError as error:
        raise Unsealable() from error
