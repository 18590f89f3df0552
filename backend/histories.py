"""Histories: what a room says of the things whose history can be read, and how one is found for who asks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from litestar import Request
from sqlalchemy.orm import Session

from backend.callers import Caller
from backend.emergencies import may_see
from backend.errors import Missing
from backend.ids import is_id
from backend.work import Site

PREFIX = "/history/"


class Thing(NamedTuple):
    """One thing whose history is read: its name, what else tells it from others, and the page it is kept on.

    `ids` are what entries call it: its own, and those of what belongs to it. `patient_id` is whose it is, for the
    access log; `more` leads to other pages about it, as [path, words]; `at` is the instant that it is for.
    """

    name: str
    facts: Sequence[str]
    page: str
    ids: Sequence[str]
    patient_id: str | None = None
    more: Sequence[Sequence[str]] = ()
    at: str | None = None


@dataclass(frozen=True)
class History:
    """A kind of thing with a history, for who may open the page of such a thing: its roles, sheets and emergencies.

    `find` gives the thing of this id at this site, or None.
    """

    kind: str
    title: str
    find: Callable[[Session, Site, str], Thing | None]
    roles: frozenset[str]
    sheets: Sequence[str]
    emergency: bool = False

    @property
    def name(self) -> str:
        """As the access log has it."""
        return f"history.{self.kind}"

    @property
    def page(self) -> dict[str, Any]:
        """What decides who may see it, in the form of a page."""
        return {"name": self.name, "roles": self.roles, "sheets": list(self.sheets), "emergency": self.emergency}


def thing_for(
    request: Request, session: Session, caller: Caller, history: History, id: str, now: datetime
) -> tuple[Thing, str]:
    """The thing, and the code under which a look at it is noted. Raises NotAllowed, or Missing."""
    code = may_see(request, session, caller, history.page, now)
    thing = history.find(session, caller.site, id) if is_id(id) else None
    if thing is None:
        raise Missing("There is no such thing here. It has not reached the office yet, or it belongs to another site.")
    return thing, code


def history_of(rooms: Sequence[Any], kind: str) -> History | None:
    """What the room that keeps such things says of their history."""
    return next((one for room in rooms for one in room.histories if one.kind == kind), None)


def looked_back_at(rooms: Sequence[Any], session: Session, caller: Caller, path: str) -> tuple[str, list[str]]:
    """The name of the history at this path and the patients whose it is; an empty name where there is none."""
    kind, _, id = path.removeprefix(PREFIX).partition("/") if path.startswith(PREFIX) else ("", "", "")
    history = history_of(rooms, kind)
    thing = history.find(session, caller.site, id) if history is not None and is_id(id) else None
    if history is None or thing is None:
        return "", []
    return history.name, [thing.patient_id] if thing.patient_id else []
