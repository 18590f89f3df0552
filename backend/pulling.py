"""Pulling: what changed in the sheets a device may hold, since the cursors it shows, in one snapshot."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Row as Found
from sqlalchemy import Select, and_, bindparam, select, tuple_
from sqlalchemy.orm import Session

from backend.feed import NO_DIGEST, encode
from backend.feed_tables import FEED, HEADS, seen_row, sheet_row

LARGEST_ANSWER = 1_000_000
PAGE = 2_000
# Sorts after every kind of row: a cursor that has seen all of its number.
END = "~"


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a device stands in one sheet. It may stand between two rows of one transaction.

    `began` is the feed's number at which a copy began that is not whole yet: the rows that it stands among are old,
    but what left since it began is still to be told.
    """

    epoch: str
    seq: int
    kind: str
    id: str
    began: int = 0

    def text(self) -> str:
        """Opaque to the device."""
        return encode(self).decode()


def read_cursor(text: Any, epoch: str, head: int) -> Cursor | None:
    """The cursor, or None where it is foreign: of another epoch, from the future, or not ours at all."""
    try:
        cursor = msgspec.json.decode(text, type=Cursor)
    except (msgspec.MsgspecError, TypeError):
        return None
    ours = cursor.epoch == epoch and 0 <= cursor.seq <= head and f"{cursor.kind}{cursor.id}".isprintable()
    return cursor if ours else None


def since(
    session: Session,
    allowed: Sequence[str],
    cursors: dict[str, Any],
    last: str | None = None,
    room: int = LARGEST_ANSWER,
) -> tuple[dict[str, Any], bool]:
    """The pages of the allowed sheets after their cursors, in the order given, and whether there is more.

    `last` is the receipts sheet: it is sent only when every other sheet is drained, so that the rows a
    command made are on the device no later than the word that it was decided.
    """
    epoch, head, floor = session.execute(FEED).one()
    names = [*allowed, *([last] if last else [])]
    heads = {found.sheet: found for found in session.execute(HEADS, {"sheets": names})}
    pages: dict[str, Any] = {}
    for name in names:
        known = heads.get(name)
        cursor = read_cursor(cursors.get(name), epoch, head)
        if cursor is not None and (known is None or after_all(cursor, known.seq)):
            continue
        if cursor is not None and too_old(cursor, floor):
            cursor = None
        page, room, drained = page_of(session, name, cursor, epoch, head, room)
        pages[name] = page
        if not drained:
            return pages, True
        page["digest"] = known.digest if known else NO_DIGEST
        page["count"] = known.count if known else 0
    return pages, False


def after_all(cursor: Cursor, seq: int) -> bool:
    """Whether nothing in a sheet last changed at `seq` is still to come."""
    return cursor.seq > seq or (cursor.seq == seq and cursor.kind == END)


def too_old(cursor: Cursor, floor: int) -> bool:
    """Whether something may have left the sheet after the cursor of which nothing is known any more."""
    return cursor.began < floor and not after_all(cursor, floor)


def page_of(
    session: Session, name: str, cursor: Cursor | None, epoch: str, head: int, room: int
) -> tuple[dict[str, Any], int, bool]:
    """As many rows as fit; the cursor of a drained sheet stands at the snapshot's head."""
    page: dict[str, Any] = {"rows": []}
    began = head if cursor is None else cursor.began
    if cursor is None:
        page["fresh"] = True
    while True:
        found = read_page(session, name, cursor, fresh=cursor is None or "fresh" in page)
        for row in found:
            body = row.body if row.present else None
            room -= 60 + len(row.id) + len(body or "")
            page["rows"].append([row.kind, row.id, row.version, msgspec.Raw(body.encode()) if body else None])
            cursor = Cursor(epoch, row.seq, row.kind, row.id, began)
            if room < 0:
                break
        if room < 0:
            page["cursor"] = cursor.text() if cursor else Cursor(epoch, 0, "", "").text()
            return page, room, False
        if len(found) < PAGE:
            page["cursor"] = Cursor(epoch, head, END, "").text()
            return page, room, True


def read_page(session: Session, name: str, cursor: Cursor | None, fresh: bool) -> Sequence[Found[Any]]:
    """The next rows by (seq, kind, id). What left before a fresh copy began need not be told."""
    stands = {} if cursor is None else {"seq": cursor.seq, "kind": cursor.kind, "id": cursor.id}
    after = "start" if cursor is None else "number" if cursor.kind == END else "row"
    return session.execute(reading(fresh, after), {"sheet": name, **stands}).all()


@cache
def reading(fresh: bool, after: str) -> Select[Any]:
    """The statement for a page after the `start`, after all of a `number`, or after one `row` of it; kept, because
    putting it together costs more than running it."""
    c = sheet_row.c
    place = (c.seq, c.kind, c.id)
    query = (
        select(c.kind, c.id, c.version, c.seq, c.present, seen_row.c.body)
        .join(seen_row, and_(seen_row.c.kind == c.kind, seen_row.c.id == c.id))
        .where(c.sheet == bindparam("sheet"))
        .order_by(*place)
        .limit(PAGE)
    )
    if fresh:
        query = query.where(c.present)
    if after == "number":
        query = query.where(c.seq > bindparam("seq"))
    elif after == "row":
        query = query.where(tuple_(*place) > tuple_(*(bindparam(part.name, type_=part.type) for part in place)))
    return query
