"""The shelf: the sheets as a page on the server reads them, fetched only as far as the page looks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import and_, or_, select, true
from sqlalchemy.orm import Session

from backend.feed import chunks
from backend.feed_tables import feed_head, seen_row, sheet_head, sheet_row
from backend.kept_sheets import Head, KeptSheets, Rows
from backend.paths import covers

Row = Mapping[str, Any]


class Shelf:
    """What `painting.Painted` lies over on the server.

    `local` gives the rows of kinds that no sheet of the feed holds; it is asked only when a page looks at one.
    `kept` are the sheets that the process keeps; without it everything is read from the database.
    """

    def __init__(
        self,
        session: Session,
        local: Mapping[str, Callable[[], Sequence[Row]]] | None = None,
        kept: KeptSheets | None = None,
    ) -> None:
        self._session = session
        self._kept = kept
        self._held: dict[tuple[str, ...], Rows | None] = {}
        self._heads: dict[tuple[str, ...], list[Head]] = {}
        self._local = local or {}
        self._lists: dict[tuple[str, ...], list[Row]] = {}
        self._known: dict[tuple[str, str], tuple[Row, set[str]]] = {}

    def rows(self, sheets: list[str], kind: str) -> Iterable[Row]:
        """Every row of a kind in these sheets; a name may end in `*`."""
        if kind in self._local:
            return self._local[kind]()
        if (held := self._whole(kind, sheets)) is not None:
            return held.by_id.values()
        key = (kind, *sheets)
        if key not in self._lists:
            self._lists[key] = list(self._fetch(self._names(sheets), kind, None))
        return self._lists[key]

    def get(self, kind: str, id: str, sheets: list[str]) -> Row | None:
        """One row, if one of these sheets holds it."""
        if kind in self._local:
            return next((row for row in self._local[kind]() if row["id"] == id), None)
        if (held := self._whole(kind, sheets)) is not None:
            return held.by_id.get(id)
        if (kind, id) not in self._known:
            # What one row points to, its neighbours will be asked for next: fetch them all at once.
            wanted = {id} | {
                row[f"{kind}_id"] for rows in self._lists.values() for row in rows if row.get(f"{kind}_id")
            }
            list(self._fetch(self._names(sheets), kind, sorted(wanted)))
        row, places = self._known.get((kind, id), (None, set()))
        return row if row is not None and any(covers(sheets, place) for place in places) else None

    def in_order(
        self, sheets: list[str], kind: str, sort: tuple[str, ...], name: str | None, value: Any
    ) -> list[Row] | None:
        """The rows so sorted, or those of them with this value in that field, where they are kept in that order."""
        held = None if kind in self._local else self._whole(kind, sheets)
        return None if held is None else held.in_order(sort, name, value)

    def _whole(self, kind: str, sheets: list[str]) -> Rows | None:
        """All rows of a kind in these sheets, from what the process keeps."""
        if self._kept is None or "*" in sheets:
            return None
        key = (kind, *sheets)
        if key not in self._held:
            self._held[key] = self._kept.rows(self._session, self._heads_of(sheets), kind)
        return self._held[key]

    def _heads_of(self, sheets: list[str]) -> list[Head]:
        # Through the short table of heads: a prefix cannot use the index of the long one on every database.
        key = tuple(sheets)
        if key not in self._heads:
            c = sheet_head.c
            stems = [c.sheet.startswith(name[:-1], autoescape=True) for name in sheets if name.endswith("*")]
            named = or_(c.sheet.in_([name for name in sheets if not name.endswith("*")]), *stems)
            query = select(c.sheet, c.seq, c.count, feed_head.c.epoch, feed_head.c.floor).where(named).order_by(c.sheet)
            self._heads[key] = [Head(*found) for found in self._session.execute(query.join(feed_head, true()))]
        return self._heads[key]

    def _names(self, sheets: list[str]) -> list[str]:
        return [head.sheet for head in self._heads_of(sheets)]

    def _fetch(self, names: list[str], kind: str, ids: list[str] | None) -> Iterator[Row]:
        c = sheet_row.c
        query = (
            select(c.sheet, c.id, c.version, seen_row.c.body)
            .join(seen_row, and_(seen_row.c.kind == c.kind, seen_row.c.id == c.id))
            .where(c.sheet.in_(names), c.kind == kind, c.present)
        )
        for some in [None] if ids is None else chunks(ids):
            for found in self._session.execute(query if some is None else query.where(c.id.in_(some))):
                row, places = self._known.get((kind, found.id), (None, set()))
                places.add(found.sheet)
                if row is None:
                    row = {"kind": kind, "id": found.id, "version": found.version, **msgspec.json.decode(found.body)}
                    self._known[kind, found.id] = (row, places)
                    yield row
                elif ids is None:
                    yield row
