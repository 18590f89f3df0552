"""The house: what a room brings into it, and all rooms put together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.cases import case_row
from backend.commands import Command, Undo, tag_of
from backend.deciding import Kinds
from backend.histories import History
from backend.receipts import receipt_row
from backend.screens import Page, Post
from backend.sheets import Follow, Row, Sheets
from backend.timetable import Chore, Job


@dataclass(frozen=True)
class FileField:
    """A field of a kind of row that carries a file’s id, or a list of them; who reads the row may read the file."""

    kind: str
    field: str


@dataclass(frozen=True)
class News:
    """What a device that comes back says of rows that meanwhile became what `where` asks for.

    `by` is the field that names who did it; after the number comes the sentence for `one` or for `many`.
    """

    name: str
    kind: str
    where: Sequence[Any]
    by: str
    one: str
    many: str

    def to_json(self) -> dict[str, Any]:
        """For the manifest."""
        return {**vars(self), "where": list(self.where)}


@dataclass(frozen=True)
class Room:
    """A duty of the office: what its front door hands to the house.

    `sentences` say in a history what somebody did by a command: “{who} checked the patient in”. An empty one keeps
    the command out of histories.
    """

    name: str
    commands: Sequence[type[Command]] = ()
    rows: Sequence[Row] = ()
    follows: Sequence[Follow] = ()
    pages: Sequence[Page] = ()
    posts: Sequence[Post] = ()
    ranks: dict[str, Sequence[str]] = field(default_factory=dict)
    jobs: Sequence[Job] = ()
    chores: Sequence[Chore] = ()
    files: Sequence[FileField] = ()
    routes: Sequence[Callable[..., Any]] = ()
    news: Sequence[News] = ()
    histories: Sequence[History] = ()
    sentences: Mapping[type[Command], str] = field(default_factory=dict)


def sheets_of(rooms: Sequence[Room]) -> Sheets:
    """Every row and follow rule, the building's own two kinds included."""
    rows = [row for room in rooms for row in room.rows]
    return Sheets([receipt_row, case_row, *rows], [follow for room in rooms for follow in room.follows])


def kinds_of(rooms: Sequence[Room]) -> Kinds:
    """Every command by name and each version it ever had; one without a handler or an upcaster stops the start."""
    kinds: Kinds = {(tag_of(Undo), Undo.v): Undo}
    for kind in [command for room in rooms for command in room.commands]:
        if not hasattr(kind, "handler"):
            raise ValueError(f"nobody handles {kind.__name__}")
        if (tag_of(kind), kind.v) in kinds:
            raise ValueError(f"two commands are called {tag_of(kind)}")
        if missing := set(range(1, kind.v)) - kind.upcasters.keys():
            raise ValueError(f"nobody upcasts version {min(missing)} of {kind.__name__}")
        kinds |= {(tag_of(kind), v): kind for v in range(1, kind.v + 1)}
    return kinds
