"""How backups stand: when the last one was made and tried, when the next is overdue, and what keeps them from it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.backups.models import BackupDrill, BackupFailure, BackupMade
from backend.clock import instant, optional_instant
from backend.office import sites
from backend.sheets import Body, row
from backend.work import Work

# A backup is due every night, and takes its time; a drill, which somebody has to be there for, every quarter.
BACKUP_EVERY, DRILL_EVERY = timedelta(hours=26), timedelta(days=92)
LAST = "last"
REASONS = {
    "no_phrase": "There is no recovery phrase yet. At the server, run ./daysheet recovery-phrase and keep the paper.",
    "full": "The disk is full. Make room on it, or choose another folder for backups.",
    "folder": "The folder for backups cannot be written to. See whether its disk is plugged in and sound.",
    "unreadable": "The backup was written and could not be read back. Its disk may be failing: choose another folder.",
    "failed": "The server’s log says why.",
}


def last_made(session: Session) -> BackupMade | None:
    """The newest backup."""
    return session.scalars(select(BackupMade).order_by(BackupMade.made_at.desc()).limit(1)).first()


def last_drill(session: Session) -> BackupDrill | None:
    """The newest drill."""
    return session.scalars(select(BackupDrill).order_by(BackupDrill.at.desc()).limit(1)).first()


def failure_of(session: Session) -> BackupFailure | None:
    """What kept the office from its last backup; None since it succeeded."""
    return session.get(BackupFailure, LAST)


def standing_of(session: Session) -> dict[str, Any]:
    """The same for every site. `made_due` and `drill_due` are when to speak up; None while there is no cause to."""
    made, drill, failure = last_made(session), last_drill(session), failure_of(session)
    first = session.scalar(select(func.min(BackupMade.made_at)))
    made_from, drilled_from = (made.made_at if made else None), (drill.at if drill else first)
    return {
        "made_at": optional_instant(made_from),
        "made_due": made_from and instant(made_from + BACKUP_EVERY),
        "drill_at": optional_instant(drill.at if drill else None),
        "drill_due": drilled_from and instant(drilled_from + DRILL_EVERY),
        "failed_at": optional_instant(failure.since if failure else None),
        "reason": REASONS[failure.code] if failure else None,
    }


@row("backup_standing", sheets=["devices/{site_id}"])
def backup_standing_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """One for each site; `id` is the site."""
    standing = standing_of(session)
    return {id: {"site_id": id, **standing} for id in ids}


def publish_standing(work: Work) -> None:
    """Let the managers of every site see it."""
    work.session.flush()
    for site in sites(work.session):
        work.publish("backup_standing", site.id)


def end_failure(work: Work) -> None:
    """There is a backup again."""
    if (failure := failure_of(work.session)) is not None:
        work.session.delete(failure)
    publish_standing(work)
