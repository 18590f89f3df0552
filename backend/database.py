"""The database: SQLite or PostgreSQL behind one write transaction and one reading snapshot."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    DateTime,
    Engine,
    Insert,
    Select,
    String,
    Table,
    TypeDecorator,
    bindparam,
    create_engine,
    event,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session
from sqlalchemy.pool import StaticPool

from backend.errors import Busy

LONGEST_WAIT = 5  # seconds that a writer waits for its turn on SQLite


class Base(DeclarativeBase):
    """All tables."""


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant. SQLite keeps no zone, so it is put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant without a zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = String(36)


class Database:
    """One engine with its two ways in: `write()` and `read()`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        in_memory = url in ("sqlite://", "sqlite:///:memory:")
        options: dict[str, Any] = {"pool_pre_ping": not self.is_sqlite}
        if in_memory:
            options = {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
        self.engine: Engine = create_engine(url, **options)
        if self.is_sqlite:
            event.listen(self.engine, "connect", prepare_sqlite)
            event.listen(self.engine, "begin", begin_sqlite)
        writing = {"sqlite_begin": "IMMEDIATE"} if self.is_sqlite else {"isolation_level": "READ COMMITTED"}
        reading = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        # SQLite has one writer at a time and lets the others poll, which can starve one; a queue is fair.
        self.turn = threading.Lock() if self.is_sqlite else None
        self.writing = self.engine.execution_options(**writing)
        self.reading = self.engine.execution_options(**reading)

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction that commits at the end, or leaves nothing. Raises Busy where a retry will do."""
        if self.turn is not None and not self.turn.acquire(timeout=LONGEST_WAIT):
            raise Busy()
        try:
            with Session(self.writing, autoflush=False) as session, session.begin():
                yield session
        except OperationalError as error:
            raise Busy() from error
        finally:
            if self.turn is not None:
                self.turn.release()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One snapshot: everything read inside is of the same moment."""
        with Session(self.reading, autoflush=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def prepare_sqlite(connection: Any, _record: Any) -> None:
    """WAL for readers beside the writer; FULL because *Saved* means on the disk."""
    # The driver's own transaction handling would begin late (at the first write) and break the snapshot.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")


def begin_sqlite(connection: Any) -> None:
    """Writers take the write lock at once: a reader that upgrades later could only fail."""
    connection.exec_driver_sql("BEGIN " + connection.get_execution_options().get("sqlite_begin", "DEFERRED"))


@cache
def among(*columns: InstrumentedAttribute[Any]) -> Select[Any]:
    """The things whose column, or columns together, are among `ids`; kept, as putting it together costs more than
    running it."""
    wanted = columns[0] if len(columns) == 1 else tuple_(*columns)
    return select(columns[0].class_).where(wanted.in_(bindparam("ids", expanding=True)))


def upsert(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert the rows, replacing those whose primary key exists."""
    if not rows:
        return
    session.execute(upserting(session.get_bind().dialect.name, table, tuple(rows[0])), rows)


def insert_missing(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert those whose primary key does not exist, waiting for whoever is just inserting it; the others stay."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(dialect.insert(table).on_conflict_do_nothing(), rows)


@cache
def upserting(dialect_name: str, table: Table, names: tuple[str, ...]) -> Insert:
    """The statement for rows of these columns; kept, because putting it together costs more than running it."""
    dialect = sqlite if dialect_name == "sqlite" else postgresql
    keys = [column.name for column in table.primary_key]
    insert = dialect.insert(table)
    changes = {name: insert.excluded[name] for name in names if name not in keys}
    if not changes:
        return insert.on_conflict_do_nothing(index_elements=keys)
    return insert.on_conflict_do_update(index_elements=keys, set_=changes)
