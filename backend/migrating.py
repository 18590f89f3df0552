"""Bringing the database to this version, and giving a new one its epoch."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, select, text

from backend.database import Database
from backend.feed_tables import feed_head
from backend.logs import log

# "daysheet", as the number of an advisory lock.
MIGRATING = int.from_bytes(b"daysheet")
MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def alembic_config(url: str) -> Config:
    """Alembic's settings, without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["url"] = url
    return config


def migrate(url: str) -> None:
    """Every step that is missing, by one process at a time; then the counter, if there is none yet.

    A newer version may have been here before, as while one node after the other is replaced. Steps only add, so this
    one runs on what that left behind.
    """
    config, database = alembic_config(url), Database(url)
    with alone(database) as connection:
        found = revision_of(connection)
        connection.commit()
        if is_newer(found):
            log.warning("newer_database", version=found)
        else:
            command.upgrade(config, "head")
        with database.write() as session:
            if session.execute(select(feed_head.c.value)).scalar() is None:
                session.execute(insert(feed_head).values(id=1, value=0, epoch=uuid.uuid4().hex[:12]))
    database.close()


@contextmanager
def alone(database: Database) -> Iterator[Connection]:
    """While no other process migrates: on PostgreSQL they queue up; SQLite's own lock does that for one file."""
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATING})
        # The lock is this connection's, whichever transaction took it.
        connection.commit()
        try:
            yield connection
        finally:
            connection.invalidate()


def is_newer(revision: str | None) -> bool:
    """Whether a newer version has migrated a database that is at `revision`."""
    return revision is not None and not is_known_revision(revision) and revision > (newest_revision() or "")


def revision_of(connection: Connection) -> str | None:
    """The migration that a database is at."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """The migration that this version is at."""
    return scripts().get_current_head()


def is_known_revision(revision: str) -> bool:
    """Whether this version knows the migration, and can go on from it."""
    return any(script.revision == revision for script in scripts().walk_revisions())


def scripts() -> ScriptDirectory:
    """This version's migrations."""
    return ScriptDirectory.from_config(alembic_config(""))
