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
from backend.feed import feed_head
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
        if newer := newer_than(config, connection):
            log.warning("newer_database", revision=newer)
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


def newer_than(config: Config, connection: Connection) -> str | None:
    """The revision of a database that a newer version has migrated; None for one that this version knows."""
    found = MigrationContext.configure(connection).get_current_revision()
    connection.commit()
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    newest = scripts.get_current_head() or ""
    return found if found is not None and found not in known and found > newest else None
