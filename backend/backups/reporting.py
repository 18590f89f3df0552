"""What a restore did to the office: what came back by itself, what is still on a device, and what has to be done again.

Nothing here says what was entered: titles, people, devices and times, from the journal as it is now and from the list
of what the journal before had.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.backups.models import Restore, RestoreEntry
from backend.clock import instant, optional_instant
from backend.deciding import Kinds
from backend.devices import Heard, heard_of
from backend.journal import journal

MOST_NAMED = 200


class Report(NamedTuple):
    """`back` and `waiting` are counts per device; `missing` and `gone` are entries, of which the first are named."""

    restore: dict[str, Any]
    back: list[dict[str, Any]]
    waiting: list[dict[str, Any]]
    silent: list[dict[str, Any]]
    missing: list[dict[str, Any]]
    gone: list[dict[str, Any]]
    counts: dict[str, int]


def restores(session: Session) -> list[Restore]:
    """Every restore, the newest first."""
    return list(session.scalars(select(Restore).order_by(Restore.at.desc(), Restore.id)))


def report_of(session: Session, restore: Restore, kinds: Kinds, site_id: str | None = None) -> Report:
    """How things stand now; of one site, or of the whole office."""
    devices = {one.id: one for one in heard_of(session) if site_id in (None, one.site_id)}
    lost = [one for one in lost_entries(session, restore) if site_id in (None, one.site_id)]
    gone = [one for one in lost if one.device_id is None]
    waiting: dict[str, list[RestoreEntry]] = {}
    missing = []
    for entry in lost:
        if entry.device_id is not None:
            if has_spoken(devices.get(entry.device_id), restore):
                missing.append(entry)
            else:
                waiting.setdefault(entry.device_id, []).append(entry)
    silent = [one for one in devices.values() if one.state == "enrolled" and not was_heard(one, restore)]
    back = came_back(session, restore, devices)
    return Report(
        restore={
            "at": instant(restore.at),
            "made_at": optional_instant(restore.made_at),
            "compared": restore.compared,
        },
        back=back,
        waiting=[awaited(entries, devices.get(id)) for id, entries in waiting.items()],
        silent=[{"device": one.name, "last_contact": optional_instant(one.at)} for one in silent],
        missing=[told(one, kinds) for one in missing[:MOST_NAMED]],
        gone=[told(one, kinds) for one in gone[:MOST_NAMED]],
        counts={
            "back": sum(one["count"] for one in back),
            "waiting": sum(map(len, waiting.values())),
            "missing": len(missing),
            "gone": len(gone),
        },
    )


def lost_entries(session: Session, restore: Restore) -> Sequence[RestoreEntry]:
    """What the journal before had, and the journal has not now, in its old order."""
    again = select(journal.c.command_id).where(journal.c.command_id == RestoreEntry.command_id).exists()
    query = select(RestoreEntry).where(RestoreEntry.restore_id == restore.id, ~again)
    return session.scalars(query.order_by(RestoreEntry.seq)).all()


def came_back(session: Session, restore: Restore, devices: dict[str, Heard]) -> list[dict[str, Any]]:
    """How much of what was made before the restore each device handed in after it, made from when to when."""
    c = journal.c
    query = (
        select(c.device_id, func.count(), func.min(c.happened_at), func.max(c.happened_at))
        .where(c.seq > restore.seq, c.happened_at < restore.at, c.received_at >= restore.at)
        # What an entry had performed, or a retry, was nobody's to hand in.
        .where(c.device_id.in_(devices), c.caused_by.is_(None))
        .group_by(c.device_id)
    )
    found = [
        {"device": devices[id].name, "count": count, "first": instant(first), "last": instant(last)}
        for id, count, first, last in session.execute(query)
    ]
    return sorted(found, key=lambda one: str(one["device"]))


def was_heard(device: Heard, restore: Restore) -> bool:
    """Whether it spoke to the office since."""
    return device.at is not None and device.at >= restore.at


def has_spoken(device: Heard | None, restore: Restore) -> bool:
    """Whether it handed in all that it has since: what is still missing then, it does not have any more."""
    return device is not None and was_heard(device, restore) and device.waiting == 0


def awaited(entries: list[RestoreEntry], device: Heard | None) -> dict[str, Any]:
    """What is expected of one device. One that the backup does not know must be enrolled again."""
    last: datetime | None = device.at if device else None
    return {
        "device": entries[0].device,
        "count": len(entries),
        "known": device is not None,
        "last_contact": optional_instant(last),
    }


def told(entry: RestoreEntry, kinds: Kinds) -> dict[str, Any]:
    """One entry as it is listed."""
    kind = kinds.get((entry.command, 1))
    return {
        "id": entry.command_id,
        "title": kind.title if kind else entry.command,
        "who": entry.actor,
        "device": entry.device,
        "at": instant(entry.happened_at),
    }
