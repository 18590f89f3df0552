"""Comparing: what the database that a backup is about to replace knows, and the backup does not.

It may be damaged, or another office's, or not be there at all; then nothing is known, and the report says so.
"""

import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import insert, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from backend.access_log import access_entry, access_head
from backend.database import Base, Database
from backend.identity import IMPORT
from backend.journal import FIRST_HASH, journal, replica
from backend.manifests import Manifest
from backend.readmitting import Admitted, admitted

Row = dict[str, Any]


class Since(NamedTuple):
    """What came after the backup: entries of the journal that were not refused, looks, and who was let in or not."""

    entries: list[Row]
    looks: list[Row]
    admitted: Admitted


def since(url: str, manifest: Manifest) -> Since | None:
    """What the database at `url` has beyond the backup; None where that cannot be read, or is another's."""
    database = Database(url)
    try:
        with database.read() as session:
            c = journal.c
            if manifest.seq and session.execute(select(c.hash).where(c.seq == manifest.seq)).scalar() != manifest.hash:
                return None
            entries = list(entries_after(session, manifest.seq))
            return Since(entries, looks_after(session, manifest), admitted(session, manifest.seq))
    except (SQLAlchemyError, sqlite3.Error, OSError):
        return None
    finally:
        database.close()


def entries_after(session: Session, seq: int) -> Iterator[Row]:
    """Who did what where: what devices and people handed in or was imported, not what the office does by itself."""
    device, staff = Base.metadata.tables["device"], Base.metadata.tables["staff_member"]
    c = journal.c
    # An import is of no person of a site.
    site = Base.metadata.tables["site"]
    first = session.execute(select(site.c.id).order_by(site.c.name).limit(1)).scalar() or ""
    query = (
        select(c.command_id, c.seq, c.device_id, c.command, c.happened_at, c.actor_id)
        .add_columns(device.c.name.label("device"), device.c.site_id.label("at"))
        .add_columns(staff.c.name.label("actor"), staff.c.site_id.label("of"), replica.c.kind)
        .outerjoin(replica, replica.c.id == c.replica_id)
        .outerjoin(device, device.c.id == c.device_id)
        .outerjoin(staff, staff.c.id == c.actor_id)
        .where(c.seq > seq, c.caused_by.is_(None), c.outcome != "refused")
        .where(or_(replica.c.kind != "server", c.actor_id == IMPORT.id))
        .order_by(c.seq)
    )
    for found in session.execute(query):
        # A form that was sent from a device's page was still the office's: only a device's own replica has a copy.
        has_copy = found.kind == "device"
        yield {
            "command_id": found.command_id,
            "seq": found.seq,
            "site_id": found.at or found.of or first,
            "device_id": found.device_id if has_copy else None,
            "device": found.device or "",
            "actor": found.actor or (IMPORT.name if found.actor_id == IMPORT.id else ""),
            "command": found.command,
            "happened_at": found.happened_at,
        }


def looks_after(session: Session, manifest: Manifest) -> list[Row]:
    """The entries of the access log that the backup has not."""
    found = session.execute(
        select(access_entry).where(access_entry.c.seq > manifest.looks).order_by(access_entry.c.seq)
    )
    return [dict(row._mapping) for row in found]


def carry_looks(session: Session, looks: list[Row]) -> int:
    """Who looked at whom is no device's to hand in again: what follows on the backup's own chain is carried over."""
    c = access_entry.c
    newest = session.execute(select(c.hash).order_by(c.seq.desc()).limit(1)).scalar() or FIRST_HASH
    if not looks or looks[0]["previous"] != newest:
        return 0
    session.execute(insert(access_entry), looks)
    session.execute(
        update(access_head).where(access_head.c.id == 1).values(seq=looks[-1]["seq"], hash=looks[-1]["hash"])
    )
    return len(looks)
