"""What the access log says, for tests."""

from typing import Any

from sqlalchemy import select

from backend.access_log import access_entry
from tests.practice import Practice


def looks(practice: Practice, **known: Any) -> list[Any]:
    """The entries with these values, oldest first; signing in and out is told only where it is asked for."""
    query = select(access_entry).order_by(access_entry.c.seq)
    if "kind" not in known:
        query = query.where(access_entry.c.kind.not_in(("sign_in", "sign_in_refused", "sign_out")))
    for name, value in known.items():
        query = query.where(access_entry.c[name] == value)
    with practice.database.read() as session:
        return list(session.execute(query))
