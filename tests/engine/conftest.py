"""A PostgreSQL of its own for the engine layer, whatever the rest of the suite runs on."""

from collections.abc import Iterator

import pytest

from backend.migrating import migrate
from tests.postgres import Postgres, start_postgres


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """One server for all tests of this layer."""
    with start_postgres() as started:
        yield started


@pytest.fixture
def empty(server: Postgres) -> Iterator[str]:
    """The URL of a migrated database with nothing in it."""
    url = server.new_database()
    migrate(url)
    yield url
    server.drop_database(url)
