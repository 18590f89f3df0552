"""The manifest of a backup: what must be in it, and how what was read back differs from that."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
from sqlalchemy import func, select

from backend import VERSION
from backend.access_log import access_entry, broken_access
from backend.database import Database
from backend.feed import epoch_and_head
from backend.journal import FIRST_HASH, broken_link, journal
from backend.migrating import migrate, revision_of
from backend.snapshots import sqlite_url


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Counts and heads of the moment. `seq` and `hash` are the journal's newest entry; files are counted in parts."""

    made_at: str
    migration: str
    epoch: str
    head: int
    entries: int
    seq: int
    hash: str
    looks: int
    tables: dict[str, int]
    parts: int = 0
    version: str = VERSION


def describe(snapshot: Path, made_at: str) -> Manifest:
    """The manifest of a snapshot, before the parts of files are counted."""
    database = Database(sqlite_url(snapshot))
    try:
        with database.read() as session:
            epoch, head = epoch_and_head(session)
            newest = session.execute(select(journal.c.seq, journal.c.hash).order_by(journal.c.seq.desc())).first()
            return Manifest(
                made_at=made_at,
                migration=revision_of(session.connection()) or "",
                epoch=epoch,
                head=head,
                entries=session.execute(select(func.count()).select_from(journal)).scalar_one(),
                seq=newest.seq if newest else 0,
                hash=newest.hash if newest else FIRST_HASH,
                looks=session.execute(select(func.count()).select_from(access_entry)).scalar_one(),
                tables=counts_of(snapshot),
            )
    finally:
        database.close()


def counts_of(snapshot: Path) -> dict[str, int]:
    """How many rows each table has."""
    with closing(sqlite3.connect(snapshot)) as opened:
        names = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        tables = sorted(name for (name,) in names)
        return {name: opened.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}


def differences(snapshot: Path, manifest: Manifest, parts: int) -> Iterator[str]:
    """In what a snapshot, beside so many parts of files, is not what its manifest says, a line for each.

    Brings the snapshot to this version on the way; who stops at the first line leaves it as it is.
    """
    if parts != manifest.parts:
        yield f"{parts} parts of files instead of {manifest.parts}"
    with closing(sqlite3.connect(snapshot)) as opened:
        found = opened.execute("PRAGMA integrity_check").fetchone()[0]
    if found != "ok":
        yield "the database is damaged"
        return
    now = counts_of(snapshot)
    for name in sorted(manifest.tables.keys() | now.keys()):
        if manifest.tables.get(name) != now.get(name):
            yield f"the table {name} has {now.get(name)} rows, and had {manifest.tables.get(name)}"
    migrate(sqlite_url(snapshot))
    database = Database(sqlite_url(snapshot))
    try:
        with database.read() as session:
            if (broken := broken_link(session)) is not None:
                yield f"the journal’s chain breaks at entry {broken}"
            if (broken := broken_access(session)) is not None:
                yield f"the access log’s chain breaks at entry {broken}"
            epoch, head = epoch_and_head(session)
            # A step of a newer version may have published something since; nothing goes back.
            if epoch != manifest.epoch or head < manifest.head:
                yield f"the feed of epoch {epoch} ends at {head}, and that of {manifest.epoch} ended at {manifest.head}"
            newest = session.execute(select(journal.c.hash).where(journal.c.seq == manifest.seq)).scalar()
            if (newest or FIRST_HASH) != manifest.hash:
                yield f"the journal does not end with entry {manifest.seq}"
    finally:
        database.close()
