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
from sqlalchemy import Table, select
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


class Anchor(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of the file. `restored` is the line of a restore: what was anchored beyond its heads went with it."""

    at: str
    journal: Head
    access: Head
    previous: str
    restored: bool = False


def write_anchor(database: Database, folder: Path, now: datetime) -> int:
    """Add one line of where both chains end now."""
    with database.read() as session:
        return write_line(folder, now, heads_of(session))


def heads_of(session: Session) -> tuple[Head, Head]:
    """The newest entry of the journal, and of the access log."""
    newest = session.execute(select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc()).limit(1)).first()
    return Head(newest.seq, newest.hash) if newest else Head(0, FIRST_HASH), Head(*access_head_of(session))


def write_line(folder: Path, now: datetime, heads: tuple[Head, Head], restored: bool = False) -> int:
    """Add one line, and see it on the disk."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = lines_of(folder)
    line = encode(Anchor(instant(now), *heads, digest(lines[-1]) if lines else FIRST_HASH, restored))
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
    lines = lines_of(folder)
    anchors = [read_line(line) for line in lines]
    previous = FIRST_HASH
    for number, (line, anchor) in enumerate(zip(lines, anchors, strict=True), 1):
        if anchor is None:
            yield f"line {number} cannot be read"
        elif anchor.previous != previous:
            yield f"line {number} does not follow the line before it"
        previous = digest(line)
        if anchor is None:
            continue
        restores = [later for later in anchors[number:] if later is not None and later.restored]
        if is_gone(session, journal, anchor.journal, [later.journal for later in restores]):
            yield f"the journal’s entry {anchor.journal.seq}, anchored {anchor.at}, is gone or another"
        if is_gone(session, access_entry, anchor.access, [later.access for later in restores]):
            yield f"the access log’s entry {anchor.access.seq}, anchored {anchor.at}, is gone or another"


def read_line(line: bytes) -> Anchor | None:
    """The anchor, or None for what is none."""
    try:
        return msgspec.json.decode(line, type=Anchor)
    except msgspec.MsgspecError:
        return None


def is_gone(session: Session, table: Table, head: Head, restored: list[Head]) -> bool:
    """Whether an anchored head is not in its chain, and no later restore to an earlier one explains that."""
    if head.seq == 0 and head.hash == FIRST_HASH:
        return False
    kept = session.execute(select(table.c.hash).where(table.c.seq == head.seq)).scalar()
    return kept != head.hash and not any(later.seq < head.seq for later in restored)
