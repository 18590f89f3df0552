"""Placing: a restored database takes the present one's place in one step, and the present one is kept aside."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import inspect, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from backend.database import Base, Database
from backend.migrating import migrate
from backend.snapshots import fill, path_in, sqlite_url
from backend.writing import move, name_also, sync_folder

BESIDE = ("-wal", "-shm")
IN_USE = (
    "A server of this office still has its database open. Stop every server of the office first, then run this again."
)


class InUse(Exception):
    """Somebody still works with the database; the text is a sentence."""


def is_empty(url: str) -> bool:
    """Whether nothing was ever done there. What cannot be read counts as something."""
    if url.startswith("sqlite") and not path_in(url).exists():
        return True
    database = Database(url)
    try:
        with database.read() as session:
            if not inspect(session.connection()).has_table("journal"):
                return True
            return session.execute(text("SELECT 1 FROM journal LIMIT 1")).first() is None
    except (SQLAlchemyError, sqlite3.Error):
        return False
    finally:
        database.close()


@contextmanager
def held(url: str) -> Iterator[None]:
    """Nobody else has the database open, and on SQLite nobody can begin to. Raises InUse."""
    if not url.startswith("sqlite"):
        refuse_others(url)
        yield
        return
    path = path_in(url)
    if not path.exists():
        yield
        return
    with closing(sqlite3.connect(path, timeout=1, isolation_level=None)) as holding:
        try:
            # Every connection in WAL mode keeps a lock for as long as it is open, also while it does nothing; leaving
            # that mode needs all of them gone, and puts what stands in the log into the file itself.
            holding.execute("PRAGMA journal_mode=DELETE")
            holding.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise InUse(IN_USE) from error
        except sqlite3.DatabaseError:
            # It is damaged, which is why somebody restores. It is kept aside with all that lies beside it.
            pass
        yield


def refuse_others(url: str) -> None:
    """Raise InUse while another program is connected to the PostgreSQL database."""
    database = Database(url)
    # Of the same account: whoever watches over the server has another.
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user"
    clients = "backend_type = 'client backend' AND pid <> pg_backend_pid()"
    try:
        with database.read() as session:
            if session.execute(text(f"{others} AND {clients}")).scalar_one():
                raise InUse(IN_USE)
    finally:
        database.close()


def put_in_place(staged: Path, url: str, data: Path, now: datetime) -> str:
    """Let the staged SQLite file be the office's database; says where the one before is, or nothing."""
    moment = now.strftime("%Y%m%d_%H%M%S")
    if url.startswith("sqlite"):
        return swap_files(staged, path_in(url), data / f"before_restore_{moment}")
    with filled_schema(staged, url, f"restoring_{moment}") as (schema, _):
        return swap_schemas(url, schema, f"before_restore_{moment}")


def swap_files(staged: Path, place: Path, aside: Path) -> str:
    """At every moment there is a whole database in the place: the old one has two names before it loses one."""
    with closing(sqlite3.connect(staged)) as opened:
        opened.execute("PRAGMA journal_mode=DELETE")
    place.parent.mkdir(parents=True, exist_ok=True)
    # On the place's own disk first, where it may not fit, so that the last step is a change of names.
    near = place.with_name(f".{place.name}.restored")
    move(staged, near)
    # A log that outlived its database would be read as the new one's.
    beside = [place.with_name(f"{place.name}{end}") for end in BESIDE]
    present = [path for path in (place, *beside) if path.exists()]
    try:
        if present:
            keep_aside(present, aside)
        for path in beside:
            path.unlink(missing_ok=True)
        near.replace(place)
    finally:
        near.unlink(missing_ok=True)
    sync_folder(place.parent)
    return str(aside) if present else ""


def keep_aside(paths: list[Path], folder: Path) -> None:
    """The files under a second name each, in a folder of their own; all of them or none."""
    folder.mkdir(parents=True, mode=0o700)
    try:
        for path in paths:
            name_also(path, folder / path.name)
        sync_folder(folder)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@contextmanager
def filled_schema(staged: Path, url: str, schema: str) -> Iterator[tuple[str, str]]:
    """The staged rows in a PostgreSQL schema of their own, migrated as the office's is: its name and URL.

    Backups, drills and restores of one office are made one at a time: what has such a name was left by a killed one.
    """
    for left in schemas_left(url):
        execute(url, f'DROP SCHEMA "{left}" CASCADE')
    own = make_url(url).update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(hide_password=False)
    source = Database(sqlite_url(staged))
    try:
        execute(url, f'CREATE SCHEMA "{schema}"')
        migrate(own)
        with source.read() as session:
            fill(session.connection(), own)
        yield schema, own
    finally:
        source.close()
        execute(url, f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')


def schemas_left(url: str) -> list[str]:
    """The schemas of restores and drills that did not end."""
    database = Database(url)
    try:
        with database.read() as session:
            names = inspect(session.connection()).get_schema_names()
            return [name for name in names if name.startswith(("restoring_", "drill_"))]
    finally:
        database.close()


def swap_schemas(url: str, filled: str, aside: str) -> str:
    """In one transaction the present tables go aside and the filled ones come in."""
    names = [*Base.metadata.tables, "alembic_version"]
    database = Database(url)
    try:
        with database.write() as session:
            connection = session.connection()
            place = session.execute(text("SELECT current_schema()")).scalar_one()
            present = set(inspect(connection).get_table_names(place))
            session.execute(text("SET LOCAL lock_timeout = '10s'"))
            session.execute(text(f'CREATE SCHEMA "{aside}"'))
            for name in names:
                if name in present:
                    session.execute(text(f'ALTER TABLE "{place}"."{name}" SET SCHEMA "{aside}"'))
                session.execute(text(f'ALTER TABLE "{filled}"."{name}" SET SCHEMA "{place}"'))
            return f"the schema {aside}" if present else ""
    finally:
        database.close()


def execute(url: str, statement: str) -> None:
    """One statement in a transaction of its own."""
    database = Database(url)
    try:
        with database.write() as session:
            session.execute(text(statement))
    finally:
        database.close()
