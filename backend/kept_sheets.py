"""Whole sheets as pages last read them, kept by the process and brought up to date by what changed since.

A page of the server shows few of thousands of rows. Fetching and decoding all of them took nearly all of its time, and
sorting them most of the rest. Nothing here is older than the snapshot that is being read: each time, a sheet's head
says whether anything came after what is kept, and then only that is read.
"""

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from backend.feed_tables import seen_row, sheet_row
from backend.values import sort_of

# About 40 MB. A sheet that is larger by itself (the patients of a large practice) is read as if nothing were kept.
MOST_ROWS, MOST_IN_ONE = 40_000, 15_000

Row = Mapping[str, Any]


class Head(NamedTuple):
    """How far a sheet has come in the snapshot at hand."""

    sheet: str
    seq: int
    count: int
    epoch: str
    floor: int = 0


class Held(NamedTuple):
    """The rows of one kind in one sheet, as of a head."""

    epoch: str
    seq: int
    rows: dict[str, Row]


class Rows:
    """The rows of a kind in some sheets: by id, and in any order that was asked for before."""

    def __init__(
        self, stands: tuple[Any, ...], by_id: dict[str, Row], parts: list[dict[str, Row]], known: "Rows | None" = None
    ) -> None:
        self.stands, self.by_id, self.parts = stands, by_id, parts
        # Where nothing of this kind came, what was sorted for others is still so sorted.
        self._orders: dict[tuple[Any, ...], Any] = {} if known is None else known._orders

    def in_order(self, sort: tuple[str, ...], name: str | None, value: Any) -> list[Row] | None:
        """All rows so sorted, or those whose field `name` is `value`. None where fields cannot be so compared."""
        if (sort, name) not in self._orders:
            self._orders[sort, name] = self._sorted(sort) if name is None else self._grouped(sort, name)
        found = self._orders[sort, name]
        if name is None or found is None:
            return found
        return found.get((sort_of(value), value), []) if sort_of(value) < 4 else None

    def _sorted(self, sort: tuple[str, ...]) -> list[Row] | None:
        """As `lists` sorts, by keys instead of comparisons; what is listed downwards or by another row is not."""
        if any("." in name or name.startswith("-") for name in sort):
            return None
        keyed = []
        for id, row in self.by_id.items():
            values = [row.get(name) for name in sort]
            sorts = [sort_of(value) for value in values]
            if any(one > 3 for one in sorts):
                return None
            keyed.append(([*zip(sorts, values, strict=True)], id, row))
        return [row for _, _, row in sorted(keyed, key=lambda one: one[:2])]

    def _grouped(self, sort: tuple[str, ...], name: str) -> dict[Any, list[Row]] | None:
        ordered = self.in_order(sort, None, None)
        groups: dict[Any, list[Row]] = {}
        for row in ordered or ():
            if sort_of(row.get(name)) > 3:
                return None
            groups.setdefault((sort_of(row.get(name)), row.get(name)), []).append(row)
        return None if ordered is None else groups


class KeptSheets:
    """What one process keeps, for all who read: what is handed out is never changed, only replaced."""

    def __init__(self, most: int = MOST_ROWS, most_in_one: int = MOST_IN_ONE) -> None:
        self._most, self._most_in_one, self._lock = most, most_in_one, Lock()
        self._held: OrderedDict[tuple[str, str], Held] = OrderedDict()
        self._rows: OrderedDict[tuple[str, ...], Rows] = OrderedDict()

    def rows(self, session: Session, heads: list[Head], kind: str) -> Rows | None:
        """The rows of a kind in these sheets, as the session's snapshot has them; None when they are not kept."""
        if any(head.count > self._most_in_one for head in heads):
            return None
        stands = tuple((head.epoch, head.seq) for head in heads)
        key = (kind, *(head.sheet for head in heads))
        with self._lock:
            known = self._rows.get(key)
            if known is not None and known.stands == stands:
                self._used(key, heads, kind)
                return known
        parts = []
        for head in heads:
            held = self._up_to(session, head, kind)
            if held is None:
                return None
            parts.append(held.rows)
        if known is not None and all(one is other for one, other in zip(known.parts, parts, strict=True)):
            rows = Rows(stands, known.by_id, parts, known)
        else:
            rows = Rows(stands, joined(parts), parts)
        with self._lock:
            self._rows[key] = rows
            self._rows.move_to_end(key)
            self._let_go()
        return rows

    def _up_to(self, session: Session, head: Head, kind: str) -> Held | None:
        with self._lock:
            held = self._held.get((head.sheet, kind))
        # Below the floor it is not known any more what has left.
        if held is None or held.epoch != head.epoch or held.seq < min(head.floor, head.seq):
            held = Held(head.epoch, head.seq, changed(session, head.sheet, kind, None, {}))
        elif held.seq < head.seq:
            held = Held(head.epoch, head.seq, changed(session, head.sheet, kind, held.seq, held.rows))
        elif held.seq > head.seq:
            # Another request reads a later snapshot than this one.
            return None
        with self._lock:
            self._held[head.sheet, kind] = held
            self._held.move_to_end((head.sheet, kind))
        return held

    def _used(self, key: tuple[str, ...], heads: list[Head], kind: str) -> None:
        """It was asked for again, so others are let go first."""
        self._rows.move_to_end(key)
        for head in heads:
            if (head.sheet, kind) in self._held:
                self._held.move_to_end((head.sheet, kind))

    def _let_go(self) -> None:
        """Of what was not asked for longest. Rows in several sheets at once are counted once for each."""
        while sum(len(held.rows) for held in self._held.values()) > self._most and len(self._held) > 1:
            gone, _ = self._held.popitem(last=False)
            for key in [key for key in self._rows if key[0] == gone[1] and gone[0] in key[1:]]:
                del self._rows[key]
        while len(self._rows) > len(self._held) + 8:
            self._rows.popitem(last=False)


def joined(parts: list[dict[str, Row]]) -> dict[str, Row]:
    """The rows of all sheets; of one that stands in several, the first."""
    some = [part for part in parts if part]
    return some[0] if len(some) == 1 else {id: row for part in reversed(some) for id, row in part.items()}


def changed(session: Session, sheet: str, kind: str, after: int | None, before: dict[str, Row]) -> dict[str, Row]:
    """The rows with what came after a number; with None, all that are there."""
    c = sheet_row.c
    query = (
        select(c.id, c.version, c.present, seen_row.c.body)
        .join(seen_row, and_(seen_row.c.kind == c.kind, seen_row.c.id == c.id))
        .where(c.sheet == sheet, c.kind == kind, c.present if after is None else c.seq > after)
    )
    found = session.execute(query).all()
    if not found:
        return before
    rows = dict(before)
    for id, version, present, body in found:
        if present and body is not None:
            rows[id] = {"kind": kind, "id": id, "version": version, **msgspec.json.decode(body)}
        else:
            rows.pop(id, None)
    return rows
