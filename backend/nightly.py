"""Nightly: the office backs itself up into a folder, one server of it once a night, and keeps no more than was asked.

A night begins at `DAYSHEET_BACKUP_HOUR` in the zone of the first site, and any whole backup since then is that
night's. What went wrong is noted for managers and tried again, until it succeeds.
"""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.backing_up import TROUBLE, NotDone, code_of, make, noted, one_at_a_time, reason
from backend.backups import RecordBackup, RecordFailure, failure_of, last_made
from backend.giving import Giver
from backend.identity import OFFICE
from backend.journal import journal
from backend.logs import log
from backend.office import sites
from backend.serving import Office
from backend.settings import Settings
from backend.timetable import Chore
from backend.work import Site

NAMED, FORM = "daysheet-nightly-", "daysheet-nightly-%Y-%m-%dT%H%M%SZ.backup"
NO_FOLDER = "There is no folder {folder}. Is the disk that it is on plugged in?"


def back_up_nightly(office: Office, now: datetime) -> int:
    """Make tonight's backup if there is none yet, then prune; returns how many were made."""
    with office.database.read() as session:
        first = next(iter(sites(session)), None)
        if first is None or not is_due(session, night_of(now, office.settings, first)):
            return 0
    giver = Giver(office.performer, office.clock, first, OFFICE)
    try:
        with one_at_a_time(office.settings.data) as folder:
            backup = make(office.settings, place_for(office.settings, now), office.clock, folder)
        giver.give(RecordBackup, **noted(backup.path, backup.manifest))
        prune(backup.path, office.settings, first)
    except NotDone as problem:
        note_failure(problem.code, str(problem), office, giver)
        return 0
    except TROUBLE as error:
        note_failure(code_of(error), reason(error), office, giver)
        return 0
    return 1


NIGHTLY = Chore("backups.nightly", every=timedelta(minutes=30), do=back_up_nightly)


def is_due(session: Session, tonight: datetime) -> bool:
    """Whether tonight has none yet. An office that was opened since then has its first night to come."""
    begun, made = session.scalar(select(func.min(journal.c.received_at))), last_made(session)
    return begun is not None and begun < tonight and (made is None or made.made_at < tonight)


def night_of(now: datetime, settings: Settings, site: Site) -> datetime:
    """When the present or the last night began."""
    local = now.astimezone(ZoneInfo(site.zone_name))
    began = local.replace(hour=settings.backup_hour, minute=0, second=0, microsecond=0)
    return began if began <= local else began - timedelta(days=1)


def place_for(settings: Settings, now: datetime) -> Path:
    """The file's path. A folder that somebody chose must be there: made anew, it would lie under an unplugged disk."""
    folder = settings.backups_path
    if settings.backups and not folder.is_dir():
        raise NotDone(NO_FOLDER.format(folder=folder), "folder")
    return folder / now.strftime(FORM)


def note_failure(code: str, say: str, office: Office, giver: Giver) -> None:
    """Let managers know, once for each kind of trouble; what exactly it was is in the server's log."""
    if code == "busy":
        return
    log.error("backup", code=code, error=say)
    with office.database.read() as session:
        failure = failure_of(session)
        is_known = failure is not None and failure.code == code
    if not is_known:
        giver.give(RecordFailure, code=code)


def prune(newest: Path, settings: Settings, site: Site) -> None:
    """Remove what is past its time of the backups that nights made; never this one, which was just read back."""
    nights = {path: made for path in newest.parent.glob(f"{NAMED}*.backup") if (made := made_at(path, site))}
    kept = {newest}
    for most, bucket in (
        (settings.backups_daily, "%Y-%m-%d"),
        (settings.backups_weekly, "%G-%V"),
        (settings.backups_monthly, "%Y-%m"),
    ):
        # The newest of each day, week or month of which there is one: after months without any, no old one is lost.
        latest = {nights[path].strftime(bucket): path for path in sorted(nights, key=lambda path: nights[path])}
        kept |= {latest[name] for name in sorted(latest)[-most:]}
    for path in nights.keys() - kept:
        path.unlink(missing_ok=True)


def made_at(path: Path, site: Site) -> datetime | None:
    """The office's time in a file's name; None for a name that is not ours."""
    try:
        return datetime.strptime(f"{path.name} +0000", f"{FORM} %z").astimezone(ZoneInfo(site.zone_name))
    except ValueError:
        return None
