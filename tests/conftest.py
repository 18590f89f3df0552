"""What every test is given: a database of the kind the suite runs on, with the practice on its Monday morning in it."""

import copy
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from backend.migrating import migrate
from tests.postgres import Postgres, start_postgres
from tests.practice import Cast, Practice, open_practice

# How long an example takes says something about the machine, never about what it shows.
settings.register_profile("daysheet", deadline=None)
settings.load_profile("daysheet")


KIND = os.environ.get("DAYSHEET_TEST_DATABASE", "sqlite")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, what asks for a database: for the rest it would be the same test once more.

    Who may do what is decided before any database is asked.
    """
    if KIND == "postgresql":
        apart = [item.path.is_relative_to(config.rootpath / "tests/security") for item in items]
        uses = [isinstance(item, pytest.Function) and "databases" in item.fixturenames for item in items]
        asks = [used and not away for used, away in zip(uses, apart, strict=True)]
        config.hook.pytest_deselected(items=[item for item, asked in zip(items, asks, strict=True) if not asked])
        items[:] = [item for item, asked in zip(items, asks, strict=True) if asked]


class Databases:
    """Copies of one filled database, made for one test each and thrown away after it."""

    def __init__(self, folder: Path, server: Postgres | None) -> None:
        self.folder, self.server, self.copies = folder, server, 0
        self.free: list[str] = []
        self.empty = server.new_database() if server else f"sqlite:///{folder / 'empty.sqlite3'}"
        migrate(self.empty)
        self.filled, self.cast = self.copy(self.empty), Cast()
        with open_practice(self.filled, folder) as practice:
            self.cast = practice.cast

    def copy(self, url: str) -> str:
        """The URL of a copy of the database at `url`, which nobody may be using.

        It may have been another's before: what was put together for an address is used again.
        """
        if self.server:
            return self.server.new_database(template=url, name=self.free.pop() if self.free else None)
        self.copies += not self.free
        path = self.folder / (self.free.pop() if self.free else f"copy-{self.copies}.sqlite3")
        shutil.copy(url.removeprefix("sqlite:///"), path)
        return f"sqlite:///{path}"

    def drop(self, url: str) -> None:
        """Throw a copy away."""
        self.free.append(url.rpartition("/")[2].partition("?")[0])
        if self.server:
            self.server.drop_database(url)
        else:
            for path in self.folder.glob(Path(url.removeprefix("sqlite:///")).name + "*"):
                path.unlink()


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """SQLite, or a real PostgreSQL started for this run."""
    assert KIND in ("sqlite", "postgresql"), f"there is no database called {KIND}"
    with ExitStack() as stack:
        server = stack.enter_context(start_postgres()) if KIND == "postgresql" else None
        yield Databases(tmp_path_factory.mktemp("databases"), server)


@pytest.fixture
def practice(databases: Databases, tmp_path: Path) -> Iterator[Practice]:
    """The practice on its Monday morning, with nobody arrived yet."""
    url = databases.copy(databases.filled)
    # A copy: what one test adds to its cast is nobody's in the next.
    with open_practice(url, tmp_path, copy.deepcopy(databases.cast)) as opened:
        yield opened
    databases.drop(url)


@pytest.fixture
def empty_database(databases: Databases) -> Iterator[str]:
    """The URL of a migrated database with nothing in it."""
    url = databases.copy(databases.empty)
    yield url
    databases.drop(url)
