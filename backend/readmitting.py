"""Readmitting: who may come in is after a restore as it was last, not as it was when the backup was made.

Yesterday's backup does not know that a tablet was stolen this morning, that somebody left, or which password was given
up because a stranger had it. What no command fills (passwords, second steps, the secrets and keys of devices, what is
known of files) is taken over as it stood; what the office's own pages decided about devices and staff is decided again.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from backend.app import ROOMS
from backend.clock import Clock
from backend.database import Base, Database
from backend.deciding import Asked, said_again
from backend.house import kinds_of, sheets_of
from backend.identity import OFFICE
from backend.journal import journal, replica
from backend.office import find_site, sites
from backend.performing import Performer, perform
from backend.settings import Settings
from backend.staff import find_actor
from backend.timetable import SERVER_REPLICA
from backend.work import Device

Row = dict[str, Any]
TAKEN_OVER = (
    "password", "passkey", "authenticator_app", "recovery_code", "known_browser",
    "device_secret", "device_person", "device_key", "device_unlock", "stored_file",
)  # fmt: skip


class Admitted(NamedTuple):
    """The rows of each table that no command fills, and the entries of the journal that are to be decided again."""

    tables: dict[str, list[Row]]
    entries: list[Any]


def admitted(session: Session, seq: int) -> Admitted:
    """Both, from the database before; the entries are those after `seq`."""
    tables = {
        name: [dict(row) for row in session.execute(select(Base.metadata.tables[name])).mappings()]
        for name in TAKEN_OVER
    }
    return Admitted(tables, list(decisions(session, seq)))


def decisions(session: Session, seq: int) -> Sequence[Any]:
    """What was decided about devices and staff: at the office's pages, at the server, or on a device.

    A manager's phone has its own copy, but a stolen tablet must not be let in until that phone comes.
    """
    c = journal.c
    about_staff, about_devices = c.command.startswith("staff."), c.command.startswith("devices.")
    by_hand = or_(
        replica.c.kind.in_(("session", "device")) & or_(about_devices, about_staff),
        (replica.c.kind == "server") & or_(about_staff, c.command == "devices.record_wipe"),
    )
    staff = Base.metadata.tables["staff_member"]
    query = (
        select(journal, replica.c.kind, staff.c.site_id)
        .join(replica, replica.c.id == c.replica_id)
        .outerjoin(staff, staff.c.id == c.actor_id)
        .where(c.seq > seq, by_hand, c.outcome.in_(("applied", "flagged")), c.payload.is_not(None))
    )
    return session.execute(query.order_by(c.seq)).all()


def take_over(session: Session, tables: dict[str, list[Row]]) -> None:
    """Put the rows in the place of the backup's."""
    for name, rows in tables.items():
        table = Base.metadata.tables[name]
        session.execute(delete(table))
        if rows:
            session.execute(insert(table), rows)


def decide_again(settings: Settings, clock: Clock, entries: list[Any]) -> int:
    """Perform each in its author's name, at its own time and under its own id; how many are so now.

    What a device had said is performed by the server: its own numbers stay free for what it offers again.
    """
    database = Database(settings.database_url)
    performer = Performer(database, sheets_of(ROOMS), kinds_of(ROOMS), settings=settings)
    done = 0
    try:
        for entry in entries:
            with database.read() as session:
                actor = OFFICE if entry.actor_id == OFFICE.id else find_actor(session, entry.actor_id)
                site = find_site(session, entry.site_id) if entry.site_id else next(iter(sites(session)), None)
            if actor is None or site is None:
                continue
            by_device = entry.kind == "device"
            asked = Asked(
                replica_id=SERVER_REPLICA if by_device else entry.replica_id,
                replica_kind="server" if by_device else entry.kind,
                device=Device(None, "a browser"),
                site=site,
                actor=actor,
                received_at=clock.now(),
                happened=(entry.happened_at, entry.happened_about),
            )
            receipt = perform(said_again(entry, entry.command_id), asked, performer)
            done += receipt.outcome in ("applied", "noop", "flagged")
    finally:
        database.close()
    return done
