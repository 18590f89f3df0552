"""What an import left in the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import func, select

from backend.database import Database
from backend.fhir.taking import shown
from backend.journal import broken_link, journal


@contextmanager
def opened(url: str) -> Iterator[Any]:
    """A look into the database."""
    database = Database(url)
    with database.read() as session:
        yield session
    database.close()


def rows(url: str, kind: str) -> list[dict[str, Any]]:
    """What everybody sees of the things of a kind."""
    with opened(url) as session:
        return list(shown(session, kind).values())


def commands(url: str) -> int:
    """How many commands the journal holds, after a look at its chain."""
    with opened(url) as session:
        assert broken_link(session) is None
        return session.scalar(select(func.count()).select_from(journal))
