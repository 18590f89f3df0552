"""Sheets: what rows there are, which sheets show them, and which rows a sheet brings along."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

Body = dict[str, Any]
Builder = Callable[[Session, Any], dict[str, Body]]
Reader = Callable[[Session, Sequence[str]], Any]


@dataclass(frozen=True)
class Row:
    """One kind of row: how its bodies are built, the sheets that show it, the field that names its aggregate.

    `reads` is what reads the things of the ids, where other kinds are made of the same ones.
    """

    kind: str
    build: Builder
    sheets: tuple[str, ...]
    owner: str | None = None
    reads: Reader | None = None

    def bodies(self, session: Session, ids: Sequence[str], read: dict[Any, Any]) -> dict[str, Body]:
        """What is seen of these things now; `read` keeps what kinds that are built together have in common."""
        if self.reads is None:
            return self.build(session, ids)
        key = self.reads, tuple(ids)
        if key not in read:
            read[key] = self.reads(session, ids)
        return self.build(session, read[key])

    def own_sheets(self, body: Body) -> set[str]:
        """The sheets in which this row stands by itself: one per value of a list, none where a part is null."""
        names: set[str] = set()
        for pattern in self.sheets:
            filled = [pattern]
            for name in re.findall(r"{(\w+)}", pattern):
                value = body.get(name)
                values = value if isinstance(value, list) else [] if value is None else [value]
                filled = [text.replace("{" + name + "}", str(one)) for text in filled for one in values]
            names.update(filled)
        return names


def row(
    kind: str, *, sheets: Sequence[str] = (), owner: str | None = None, reads: Reader | None = None
) -> Callable[[Builder], Row]:
    """Declare the one function that says what is seen of the things of a kind.

    The function gets ids, or what `reads` found by them, and returns the bodies of those that exist: plain values only,
    read afresh. A row that belongs to another thing's aggregate names it in the field `owner`.
    """
    return lambda build: Row(kind, build, tuple(sheets), owner, reads)


@dataclass(frozen=True)
class Follow:
    """Rows of `kind` in the sheets matching `sheets` bring along the rows of the aggregate that `field` names."""

    sheets: str
    kind: str
    field: str
    brings: tuple[str, ...]

    def covers(self, sheet: str) -> bool:
        """Whether the rule holds in this sheet."""
        return sheet.startswith(self.sheets.removesuffix("*")) if self.sheets.endswith("*") else sheet == self.sheets


class Sheets:
    """Every kind of row and every follow rule of the house."""

    def __init__(self, rows: Sequence[Row], follows: Sequence[Follow]) -> None:
        self.rows = {row.kind: row for row in rows}
        if len(self.rows) != len(rows):
            raise ValueError("two rooms show the same kind of row")
        self.follows = tuple(follows)
        for follow in follows:
            for kind in (follow.kind, *follow.brings):
                if kind not in self.rows:
                    raise ValueError(f"a sheet follows {kind}, which nobody shows")

    def owner_of(self, kind: str, id: str, body: Body) -> str:
        """The aggregate that a row belongs to: itself, unless its declaration names another."""
        name = self.rows[kind].owner
        return id if name is None else body[name]
