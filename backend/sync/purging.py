"""Purging: what left a sheet long ago is told to nobody any more; who was away for longer gets the sheet afresh."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, delete, exists, not_, select, update
from sqlalchemy.orm import Session

from backend.feed_tables import feed_head, seen_row, sheet_row
from backend.journal import journal
from backend.serving import Office

KEPT = timedelta(days=90)
AT_ONCE = 2_000

# Unless it came back meanwhile, and perhaps left again.
PURGE = delete(sheet_row).where(
    sheet_row.c.sheet == bindparam("s"),
    sheet_row.c.kind == bindparam("k"),
    sheet_row.c.id == bindparam("i"),
    sheet_row.c.seq <= bindparam("floor"),
    not_(sheet_row.c.present),
)
# A thing that is gone and stands in no sheet any more, not even as gone.
PURGE_BODY = delete(seen_row).where(
    seen_row.c.kind == bindparam("k"),
    seen_row.c.id == bindparam("i"),
    seen_row.c.body.is_(None),
    not_(exists().where(sheet_row.c.kind == seen_row.c.kind, sheet_row.c.id == seen_row.c.id)),
)


def purge(office: Office, now: datetime) -> int:
    """Forget what left its sheet more than ninety days ago; returns how many rows. The rows that are there stay."""
    with office.database.read() as session:
        floor = newest_before(session, now - KEPT)
        places = places_left(session, floor)
    for start in range(0, len(places), AT_ONCE):
        with office.database.write() as session:
            # The floor first: whoever publishes waits for this row, so that nobody places rows in between.
            session.execute(
                update(feed_head).values(floor=case((feed_head.c.floor > floor, feed_head.c.floor), else_=floor))
            )
            forget(session, places[start : start + AT_ONCE], floor)
    return len(places)


def newest_before(session: Session, moment: datetime) -> int:
    """The number of the newest entry that the office received before; by its own clock, whatever devices say."""
    query = select(journal.c.seq).where(journal.c.received_at < moment).order_by(journal.c.seq.desc()).limit(1)
    return session.execute(query).scalar() or 0


def places_left(session: Session, floor: int) -> list[dict[str, Any]]:
    """The sheets, kinds and ids of what left up to a number."""
    c = sheet_row.c
    query = select(c.sheet.label("s"), c.kind.label("k"), c.id.label("i")).where(not_(c.present), c.seq <= floor)
    return [dict(found) for found in session.execute(query).mappings()]


def forget(session: Session, places: list[dict[str, Any]], floor: int) -> None:
    """Their departures, and what then stands nowhere."""
    session.execute(PURGE, [{**place, "floor": floor} for place in places])
    session.execute(PURGE_BODY, [{"k": place["k"], "i": place["i"]} for place in places])
