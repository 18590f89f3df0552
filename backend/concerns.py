"""Concerns: which things an entry of the journal is about, so that the history of a thing is found by an index."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Column, CompoundSelect, Table, insert, select
from sqlalchemy.orm import Session

from backend.database import Base, Id
from backend.ids import is_id
from backend.journal import journal

# More than any entry of ours names; what somebody made up to name more is kept in the journal all the same.
MOST_NAMED = 500

# It follows from the journal, but for what only the handler knew: the item behind a code, the request that was made.
concern = Table(
    "journal_concern",
    Base.metadata,
    Column("thing_id", Id, primary_key=True),
    Column("command_id", Id, primary_key=True),
)
KEEP = insert(concern)


def named_in(value: Any) -> Iterator[str]:
    """Every id in what was said, however deep."""
    if isinstance(value, dict):
        for one in value.values():
            yield from named_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from named_in(one)
    elif is_id(value):
        yield value


def keep_concerns(session: Session, command_id: str, things: Iterable[str]) -> None:
    """Note what an entry is about: what its fields name, and what its handler found out."""
    named = list(dict.fromkeys(things))[:MOST_NAMED]
    if named:
        session.execute(KEEP, [{"thing_id": id, "command_id": command_id} for id in named])


def concerning(things: Iterable[str]) -> CompoundSelect[Any]:
    """A query for the ids of the commands about these things, with what became of those: their undoing, what was
    chosen about them, and the undoing of that."""
    about = select(concern.c.command_id).where(concern.c.thing_id.in_(list(things)))
    then = select(concern.c.command_id).where(concern.c.thing_id.in_(about))
    last = select(concern.c.command_id).where(concern.c.thing_id.in_(then))
    return about.union(then, last)


def taken_back(session: Session, command_ids: Iterable[str]) -> set[str]:
    """Those of these commands that somebody undid."""
    query = select(concern.c.thing_id).join(journal, journal.c.command_id == concern.c.command_id)
    query = query.where(concern.c.thing_id.in_(list(command_ids)), journal.c.command == "undo")
    return set(session.execute(query.where(journal.c.outcome.in_(("applied", "flagged")))).scalars())
