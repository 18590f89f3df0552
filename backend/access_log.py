"""The access log: who looked at what, in a chain of its own, kept beside the journal and never in its way.

Names, addresses and what was typed are not in it: ids, the name of a page, and when. Nothing is deleted from it;
45 CFR 164.316(b)(2)(i) asks for six years.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, insert, select, update
from sqlalchemy.orm import Session

from backend.clock import Clock, instant
from backend.database import Base, Database, Id, Instant
from backend.feed import chunks, encode
from backend.ids import new_id
from backend.journal import FIRST_HASH

KINDS = (
    "read", "search", "print", "export", "sign_in", "sign_in_refused", "sign_out", "unlock", "unlock_refused", "lock",
    "denied", "break_glass", "device", "unreadable",
)  # fmt: skip
# Looking again at the same thing within one of these is the same look.
ONE_LOOK = timedelta(minutes=10)

access_entry = Table(
    "access_entry",
    Base.metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Id, unique=True, nullable=False),
    Column("kind", String(20), nullable=False),
    # Null for somebody unknown. What they typed is not kept, not even hashed: people type passwords there.
    Column("actor_id", Id),
    Column("device_id", Id),
    Column("site_id", String(40)),
    Column("page", String(60), nullable=False),
    Column("subject", Id),
    Column("rows", Integer),
    Column("at", Instant, nullable=False),
    Column("at_about", Boolean, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("source", String(10), nullable=False),  # office, device or file
    Column("code", String(60), nullable=False),
    Column("look", String(64), unique=True),  # the same for the same look; null for what is never the same
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("access_subject", "subject", "seq"),
    Index("access_actor", "actor_id", "seq"),
    Index("access_at", "at"),
)
# One row: the newest entry. A read takes this lock, and never the office's one counter.
access_head = Table(
    "access_head",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)
HEAD = select(access_head.c.seq, access_head.c.hash).where(access_head.c.id == 1).with_for_update()
APPEND = insert(access_entry)


class Access(NamedTuple):
    """One thing that somebody did or was refused. `look` tells looks apart that are to be told apart."""

    kind: str
    at: datetime
    actor_id: str | None = None
    site_id: str | None = None
    device_id: str | None = None
    page: str = ""
    subject: str | None = None
    rows: int | None = None
    code: str = ""
    id: str = ""
    at_about: bool = False
    received_at: datetime | None = None
    source: str = "office"
    look: str | None = None


class Noting(Protocol):
    """What noting needs of the running house."""

    @property
    def database(self) -> Database: ...
    @property
    def clock(self) -> Clock: ...


def note(office: Noting, kind: str, **known: Any) -> None:
    """One entry, in a transaction of its own: `note(office, "sign_out", actor_id=…, site_id=…)`."""
    with office.database.write() as session:
        append(session, [Access(kind, office.clock.now(), **known)])


def note_look(office: Noting, access: Access) -> None:
    """A look at something, unless the same look is already there. Raises Busy: what cannot be noted is not shown."""
    look = look_of(access)
    with office.database.read() as session:
        if session.execute(select(access_entry.c.seq).where(access_entry.c.look == look)).scalar() is not None:
            return
    with office.database.write() as session:
        append(session, [access._replace(look=look)])


def look_of(access: Access) -> str:
    """What makes two looks one: the same person, device, page, patient and reason within the same ten minutes."""
    window = int(access.at.timestamp() // ONE_LOOK.total_seconds())
    same = [access.kind, access.actor_id, access.device_id, access.site_id, access.page, access.subject, access.code]
    return hashlib.sha256(encode([*same, window])).hexdigest()


def append(session: Session, accesses: Iterable[Access]) -> int:
    """Append to the chain; returns how many there were. What is known by its id or look is not appended again."""
    newest = session.execute(HEAD).one()
    seq, previous = newest.seq, newest.hash
    given = [access._replace(id=access.id or new_id()) for access in accesses]
    known = known_of(session, given)
    entries = []
    for access in given:
        if access.kind not in KINDS:
            raise ValueError(f"the access log knows no {access.kind!r}")
        if access.id in known or access.look in known:
            continue
        known |= {access.id} | ({access.look} if access.look else set())
        seq += 1
        values = {**access._asdict(), "received_at": access.received_at or access.at, "seq": seq, "previous": previous}
        previous = chain(values)
        entries.append({**values, "hash": previous})
    if entries:
        session.execute(APPEND, entries)
        session.execute(update(access_head).where(access_head.c.id == 1).values(seq=seq, hash=previous))
    return len(entries)


def known_of(session: Session, accesses: Sequence[Access]) -> set[str | None]:
    """The ids and looks of these that the log already has."""
    known: set[str | None] = set()
    for name in ("id", "look"):
        column = access_entry.c[name]
        for some in chunks([value for access in accesses if (value := getattr(access, name))]):
            known |= set(session.execute(select(column).where(column.in_(some))).scalars())
    return known


def chain(values: dict[str, Any]) -> str:
    """The hash of an entry: over the previous hash and everything else in it."""
    kept = {name: value for name, value in values.items() if name != "hash"}
    for name in ("at", "received_at"):
        kept[name] = instant(kept[name])
    return hashlib.sha256(encode(kept)).hexdigest()


def broken_access(session: Session) -> int | None:
    """The number of the first entry that is missing or does not hold; None when all do, the newest included."""
    previous, seq = FIRST_HASH, 0
    query = select(access_entry).order_by(access_entry.c.seq).execution_options(yield_per=1000)
    with session.execute(query) as entries:
        for found in entries:
            seq += 1
            values = dict(found._mapping)
            if values["seq"] != seq or values["previous"] != previous or chain(values) != values["hash"]:
                return seq
            previous = found.hash
    head = access_head_of(session)
    return None if head == (seq, previous) else seq + 1


def access_head_of(session: Session) -> tuple[int, str]:
    """The number and hash of the newest entry."""
    found = session.execute(select(access_head.c.seq, access_head.c.hash).where(access_head.c.id == 1)).one()
    return int(found.seq), found.hash
