"""The manager's page of backups: when the last one was made and tried, and how the last restore stands."""

from datetime import datetime
from typing import Any

from litestar import Request, Response, get
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.at_office import only_for, show
from backend.backups.models import BackupDrill, BackupMade
from backend.backups.reporting import report_of, restores
from backend.clock import instant
from backend.identity import MANAGERS
from backend.serving import office_of

# A backup is due every day; a drill, which somebody has to be there for, every month.
BACKUP_DAYS, DRILL_DAYS = 2, 31
NOT_YOURS = "Only a manager sees how the office is backed up."


@get("/backups", sync_to_thread=True)
def show_backups(request: Request) -> Response[str]:
    """From the office alone: a device has no use for it, and it changes with what comes in."""
    office = office_of(request)
    now = office.clock.now()
    with office.database.read() as session:
        caller = only_for(request, session, MANAGERS, NOT_YOURS)
        found = restores(session)
        report = report_of(session, found[0], office.performer.kinds, caller.site.id) if found else None
        context = {
            "made": last_made(session, now),
            "drill": last_drill(session, now),
            "report": report and report._asdict(),
            "earlier": [instant(one.at) for one in found[1:]],
        }
    return show(office, caller, "backups.backups", "backups/backups.html", **context)


def last_made(session: Session, now: datetime) -> dict[str, Any] | None:
    """The newest backup."""
    made = session.scalars(select(BackupMade).order_by(BackupMade.made_at.desc()).limit(1)).first()
    if made is None:
        return None
    return {
        "at": instant(made.made_at),
        "entries": made.entries,
        "megabytes": megabytes(made.size),
        "recovery": made.recovery,
        "late": (now - made.made_at).days >= BACKUP_DAYS,
    }


def last_drill(session: Session, now: datetime) -> dict[str, Any] | None:
    """The newest drill."""
    drill = session.scalars(select(BackupDrill).order_by(BackupDrill.at.desc()).limit(1)).first()
    if drill is None:
        return None
    return {
        "at": instant(drill.at),
        "entries": drill.entries,
        "megabytes": megabytes(drill.size),
        "seconds": -(-drill.milliseconds // 1000),
        "whole": drill.wrong == 0,
        "by_phrase": drill.by_phrase,
        "late": (now - drill.at).days >= DRILL_DAYS,
    }


def megabytes(size: int) -> int:
    """Rounded up, so that something is never nothing."""
    return -(-size // 1_000_000)
