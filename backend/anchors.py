"""Anchors: once a day the heads of both chains are written to a file that nobody has to rewrite.

A chain proves that no entry was changed in the middle; only a copy of its head, kept elsewhere, shows that its end
was cut off or all of it made anew. Each line carries the hash of the line before. Put the folder
(`DAYSHEET_ANCHORS`) on a disk that can only be added to, or copy the file away.
"""

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.access_log import access_entry, access_head_of
from backend.clock import instant
from backend.database import Database
from backend.feed import encode
from backend.journal import FIRST_HASH, journal

FILE = "anchors.log"


class Head(msgspec.Struct, frozen=True):
    """The newest entry of a chain."""

    seq: int
    hash: str


class Anchor(msgspec.Struct, frozen=True):
    """One line of the file."""

    at: str
    journal: Head
    access: Head
    previous: str


def write_anchor(database: Database, folder: Path, now: datetime) -> int:
    """Add one line, and see it on the disk."""
    with database.read() as session:
        newest = session.execute(select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)).first()
        entries = Head(newest.seq, newest.hash) if newest else Head(0, FIRST_HASH)
        looks = Head(*access_head_of(session))
    folder.mkdir(parents=True, exist_ok=True)
    lines = lines_of(folder)
    line = encode(Anchor(instant(now), entries, looks, digest(lines[-1]) if lines else FIRST_HASH))
    with (folder / FILE).open("ab") as file:
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return 1


def lines_of(folder: Path) -> list[bytes]:
    """The file's lines; none while there is no file."""
    path = folder / FILE
    return path.read_bytes().splitlines() if path.exists() else []


def digest(line: bytes) -> str:
    """What the next line says of this one."""
    return hashlib.sha256(line).hexdigest()


def anchors_that_differ(session: Session, folder: Path) -> Iterator[str]:
    """Lines that were changed or taken out, and heads that are not in the chains any more."""
    previous = FIRST_HASH
    for number, line in enumerate(lines_of(folder), 1):
        try:
            anchor = msgspec.json.decode(line, type=Anchor)
        except msgspec.MsgspecError:
            yield f"line {number} cannot be read"
            previous = digest(line)
            continue
        if anchor.previous != previous:
            yield f"line {number} does not follow the line before it"
        previous = digest(line)
        for name, table, head in (("journal", journal, anchor.journal), ("access log", access_entry, anchor.access)):
            kept = session.execute(select(table.c.hash).where(table.c.seq == head.seq)).scalar()
            if kept != head.hash and not (head.seq == 0 and head.hash == FIRST_HASH):
                yield f"the {name}’s entry {head.seq}, anchored {anchor.at}, is gone or another"
