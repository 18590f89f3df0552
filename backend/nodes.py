"""Nodes: what the processes of one office on one PostgreSQL tell each other, and how each knows of the others.

Every node holds one connection of its own on which it listens. It is also how a node is known to be there: it ends
with the process, however that ends. On SQLite there is one process, and nothing of this happens.
"""

import asyncio
from typing import Any

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.database import Database
from backend.listeners import Listeners
from backend.logs import log

CHANNEL = "daysheet_head"
# After it stand the build that a node serves and, after RING, what its keyring is known by.
NAMED, RING = "daysheet build ", " ring "
# Seconds: without a word for so long, the connection is asked whether it still is one; and between two tries.
QUIET, AGAIN = 20.0, 1.0
# A machine that lost its power says goodbye to nobody; both ends find out by themselves within a minute.
CLIENT_NOTICES = {"keepalives_idle": 20, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000}
SERVER_NOTICES = "-c tcp_keepalives_idle=20 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"

ANNOUNCE = text("SELECT pg_notify(:channel, '')")
SERVED = text(
    "SELECT DISTINCT split_part(substr(application_name, :after), :ring, :part) FROM pg_stat_activity"
    " WHERE datname = current_database() AND starts_with(application_name, :named)"
)
HEAD = "SELECT value FROM feed_head"


def announce(session: Session) -> None:
    """Tell every node that the feed goes on: PostgreSQL does when this transaction commits, and only then."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(ANNOUNCE, {"channel": CHANNEL})


def builds_served(session: Session) -> set[str]:
    """The builds of the front end that the office's nodes serve at this moment; none on SQLite."""
    return served(session, 1)


def other_rings(session: Session, ring: str) -> set[str]:
    """What the keyrings of the office's nodes are known by that are not `ring`; none on SQLite."""
    return served(session, 2) - {ring, ""}


def served(session: Session, part: int) -> set[str]:
    """One part of what the nodes that run are called."""
    if session.get_bind().dialect.name != "postgresql":
        return set()
    given = {"named": NAMED, "after": len(NAMED) + 1, "ring": RING, "part": part}
    return set(session.execute(SERVED, given).scalars())


async def hear(database: Database, listeners: Listeners, called: str) -> None:
    """Wake this process's streams whenever any node has written, until cancelled. On SQLite it returns at once."""
    while not database.is_sqlite:
        try:
            await hear_one(database, listeners, called)
        except psycopg.Error as error:
            log.warning("not_hearing", error=type(error).__name__)
        await asyncio.sleep(AGAIN)


async def hear_one(database: Database, listeners: Listeners, called: str) -> None:
    """Listen until the connection fails, with a psycopg.Error."""
    async with await psycopg.AsyncConnection.connect(**way_to(database), application_name=NAMED + called) as connection:
        await connection.set_autocommit(True)
        await connection.execute(f"LISTEN {CHANNEL}")
        while True:
            # Asked for, and not told: whoever may use the database may say anything on this channel. At first it is
            # what was written while nobody listened; when all is quiet, it shows that the connection still is one.
            found = await (await connection.execute(HEAD)).fetchone()
            if found is not None:
                listeners.poke(found[0])
            async for _ in connection.notifies(timeout=QUIET, stop_after=1):
                pass


def way_to(database: Database) -> dict[str, Any]:
    """How psycopg reaches the database by itself, outside of the pool."""
    _, options = database.engine.dialect.create_connect_args(database.engine.url)
    # Kept as it was set, where somebody set it.
    given = f"{SERVER_NOTICES} {options.pop('options', '')}".strip()
    return {**CLIENT_NOTICES, **options, "options": given}
