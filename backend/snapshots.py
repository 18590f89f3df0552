"""Snapshots: the whole database as one SQLite file, of one moment, whatever engine the office runs on.

SQLite copies itself while it is used. From PostgreSQL every table is read in one snapshot into a file of the same
tables. So a backup opens with nothing but this program, is verified in the same way everywhere, and an office that
outgrew its box moves to PostgreSQL by being restored there; no `pg_dump` of a fitting version has to be at hand.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, delete, insert, make_url, select

from backend.database import Base, Database
from backend.migrating import is_known_revision, is_newer, migrate, newest_revision, revision_of

ROWS_AT_ONCE = 1000
NEWER = "The database is of a newer version of Daysheet than this program. Install that one."


class OtherVersion(Exception):
    """The database is not of this version; the text is a sentence."""


def take_snapshot(url: str, path: Path) -> None:
    """Copy the database at `url` into a new SQLite file. Raises OtherVersion, and OSError or sqlite3.Error."""
    if url.startswith("sqlite"):
        address = f"{path_in(url).resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as source, closing(sqlite3.connect(path)) as target:
            # All pages in one step: writers go on beside it, and it never has to begin again because of them.
            source.backup(target, pages=-1)
            target.execute("PRAGMA journal_mode=DELETE")
            [(revision,)] = target.execute("SELECT version_num FROM alembic_version")
        if not is_known_revision(revision):
            raise OtherVersion(NEWER)
        return
    database = Database(url)
    try:
        with database.read() as session:
            found = revision_of(session.connection())
            if is_newer(found):
                raise OtherVersion(NEWER)
            if found != newest_revision():
                raise OtherVersion(
                    "The database is not of this version of Daysheet. Run ./daysheet migrate, then again."
                )
            migrate(sqlite_url(path))
            fill(session.connection(), sqlite_url(path))
    finally:
        database.close()


def fill(source: Connection, url: str) -> None:
    """Put every row of `source` into the migrated database at `url`, in one transaction."""
    target = Database(url)
    try:
        with target.write() as session:
            for table in Base.metadata.sorted_tables:
                # What migrations put into a new database is in the old one too.
                session.execute(delete(table))
                rows = source.execute(select(table), execution_options={"yield_per": ROWS_AT_ONCE})
                for some in rows.mappings().partitions():
                    session.execute(insert(table), [dict(row) for row in some])
    finally:
        target.close()


def sqlite_url(path: Path) -> str:
    """The SQLAlchemy URL of a file."""
    return f"sqlite:///{path}"


def path_in(url: str) -> Path:
    """The file of a SQLite URL."""
    return Path(make_url(url).database or "")
