"""The journal: every command ever received and what became of it, chained; and what needs a person."""

import hashlib
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Session

from backend.clock import instant
from backend.database import Base, Id, Instant, upsert
from backend.feed import encode

Outcome = Literal["applied", "noop", "flagged", "held", "refused"]
NEEDS_A_PERSON = ("flagged", "held", "refused")
FIRST_HASH = "0" * 64

replica = Table(
    "replica",
    Base.metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(10), nullable=False),  # device, session or server
    Column("device_id", Id),
    Column("last_n", BigInteger, nullable=False),
    # Receipts of entries up to this one are no longer on the device: it knew of them long ago.
    Column("forgotten_seq", BigInteger, nullable=False),
    Column("since", Instant, nullable=False),
)
journal = Table(
    "journal",
    Base.metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("command_id", Id, unique=True, nullable=False),
    Column("replica_id", Id, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("actor_id", Id, nullable=False),
    Column("device_id", Id),
    Column("command", String(80), nullable=False),
    Column("v", Integer, nullable=False),
    Column("payload", Text),  # null once a retention rule has purged it; the chain holds by its hash
    Column("payload_hash", String(64), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("code", String(60), nullable=False),
    Column("say", Text, nullable=False),
    Column("happened_at", Instant, nullable=False),
    Column("happened_about", Boolean, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("caused_by", Id),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("journal_replica", "replica_id", "n"),
)
# A command that came again through another replica (a clone, a hand-in) is receipted there as well.
receipt_copy = Table(
    "receipt_copy",
    Base.metadata,
    Column("command_id", Id, primary_key=True),
    Column("replica_id", Id, primary_key=True),
)
open_case = Table(
    "open_case",
    Base.metadata,
    Column("command_id", Id, primary_key=True),
    Column("site_id", String(40), nullable=False),
    Column("subject", Id),
    Column("device", String(60), nullable=False),
    Column("details", Text, nullable=False),  # JSON list of texts: what was entered, each with its label
    Column("alarm", Text),
    Column("closed_by", Id),
    Column("closed_reason", Text),
    Column("closed_at", Instant),
    # What goes on the card besides, as JSON: see `Case`. Cases from before have none of it.
    Column("act", Id),
    Column("stands", Text),
    Column("choices", Text),
    Column("entered", Text),
    Column("told", Text),
)


# Put together once: that costs more than the database takes to answer.
NEWEST = select(journal.c.hash).order_by(journal.c.seq.desc()).limit(1)
APPEND = insert(journal)
ENTRY = select(journal).where(journal.c.command_id == bindparam("id"))
DEVICE = select(replica.c.device_id).where(replica.c.id == bindparam("id"))


class Receipt(NamedTuple):
    """What became of a command: one of the five outcomes, a stable code, and a sentence (may be empty)."""

    command_id: str
    outcome: Outcome
    code: str
    say: str


class Entry(NamedTuple):
    """What the journal keeps of a command when it is decided."""

    command_id: str
    replica_id: str
    n: int
    actor_id: str
    device_id: str | None
    command: str
    v: int
    payload: str
    happened_at: datetime
    happened_about: bool
    received_at: datetime
    caused_by: str | None


def digest_of(payload: str) -> str:
    """The hash by which a payload stays in the chain after it was purged, and by which a changed resend is known."""
    return hashlib.sha256(payload.encode()).hexdigest()


def chain(values: dict[str, Any]) -> str:
    """The hash of an entry: over the previous hash and everything but the payload, which its own hash stands for."""
    kept = {name: value for name, value in values.items() if name not in ("payload", "hash")}
    for name in ("happened_at", "received_at"):
        kept[name] = instant(kept[name])
    return hashlib.sha256(encode(kept)).hexdigest()


def write_entry(session: Session, entry: Entry, receipt: Receipt, seq: int) -> None:
    """Append to the chain. Call with the counter held, so that the previous entry is final."""
    newest = session.execute(NEWEST).scalar()
    values = {**entry._asdict(), "outcome": receipt.outcome, "code": receipt.code, "say": receipt.say}
    values |= {"seq": seq, "payload_hash": digest_of(entry.payload), "previous": newest or FIRST_HASH}
    session.execute(APPEND, {**values, "hash": chain(values)})


def device_of(session: Session, replica_id: str) -> str | None:
    """The device whose replica this is; None while nothing came from it."""
    return session.execute(DEVICE, {"id": replica_id}).scalar()


def find_entry(session: Session, command_id: str) -> Any | None:
    """The journal's row of a command, or None."""
    return session.execute(ENTRY, {"id": command_id}).one_or_none()


def broken_link(session: Session) -> int | None:
    """The seq of the first entry whose chain or payload does not hold; None when all do."""
    previous = FIRST_HASH
    with session.execute(select(journal).order_by(journal.c.seq).execution_options(yield_per=1000)) as entries:
        for found in entries:
            values = dict(found._mapping)
            payload = values["payload"]
            if payload is not None and digest_of(payload) != values["payload_hash"]:
                return int(found.seq)
            if values["previous"] != previous or chain(values) != values["hash"]:
                return int(found.seq)
            previous = found.hash
    return None


class Case(NamedTuple):
    """Something a person must look at; `details` is what was entered, each with its label.

    `act` is the command that caused it, itself or another; `stands` is what the office has instead; `choices` are
    {code, label, does, command, fields, was, managers}; `entered` is what may be entered again: [name, label, text];
    `told` are the people besides its author whose own entry it is about.
    """

    command_id: str
    site_id: str
    device: str
    subject: str | None
    details: list[str]
    alarm: str | None = None
    act: str | None = None
    stands: list[str] = []  # noqa: RUF012
    choices: list[dict[str, Any]] = []  # noqa: RUF012
    entered: list[list[str]] = []  # noqa: RUF012
    told: list[str] = []  # noqa: RUF012


def open_a_case(session: Session, case: Case) -> None:
    """It stays until a person closes it; an alarm about an old case opens it again."""
    lists = {name: encode(getattr(case, name)).decode() for name in ("details", "stands", "choices", "entered", "told")}
    values = {**case._asdict(), **lists}
    upsert(session, open_case, [{**values, "closed_by": None, "closed_reason": None, "closed_at": None}])


def find_case(session: Session, command_id: str) -> Any | None:
    """The case of a command, open or closed."""
    return session.execute(
        select(open_case, journal.c.actor_id)
        .join(journal, journal.c.command_id == open_case.c.command_id)
        .where(open_case.c.command_id == command_id)
    ).one_or_none()


def close_case(session: Session, command_id: str, by: str, reason: str, at: datetime) -> None:
    """A person has dealt with it; the journal keeps what it was."""
    session.execute(
        update(open_case)
        .where(open_case.c.command_id == command_id)
        .values(closed_by=by, closed_reason=reason, closed_at=at)
    )


def reopen_case(session: Session, command_id: str) -> None:
    """What had been done about it was taken back."""
    session.execute(
        update(open_case)
        .where(open_case.c.command_id == command_id)
        .values(closed_by=None, closed_reason=None, closed_at=None)
    )
