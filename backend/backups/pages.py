"""The manager's page of backups: when the last one was made and tried, and how the last restore stands."""

from typing import Any

from litestar import Request, Response, get

from backend.at_office import only_for, show
from backend.backups.models import BackupDrill, BackupMade
from backend.backups.reporting import report_of, restores
from backend.backups.standing import last_drill, last_made, standing_of
from backend.clock import instant
from backend.identity import MANAGERS
from backend.serving import office_of

NOT_YOURS = "Only a manager sees how the office is backed up."


@get("/backups", sync_to_thread=True)
def show_backups(request: Request) -> Response[str]:
    """From the office alone: a device has no use for it, and it changes with what comes in."""
    office = office_of(request)
    now = instant(office.clock.now())
    with office.database.read() as session:
        caller = only_for(request, session, MANAGERS, NOT_YOURS)
        found = restores(session)
        report = report_of(session, found[0], office.performer.kinds, caller.site.id) if found else None
        standing = standing_of(session)
        context = {
            "made": shown_backup(last_made(session)),
            "drill": shown_drill(last_drill(session)),
            "made_late": is_past(standing["made_due"], now),
            "drill_late": is_past(standing["drill_due"], now),
            "standing": standing,
            "kept": {
                "daily": office.settings.backups_daily,
                "weekly": office.settings.backups_weekly,
                "monthly": office.settings.backups_monthly,
            },
            "report": report and report._asdict(),
            "earlier": [instant(one.at) for one in found[1:]],
        }
    return show(office, caller, "backups.backups", "backups/backups.html", **context)


def shown_backup(made: BackupMade | None) -> dict[str, Any] | None:
    """The newest backup, as it is shown."""
    if made is None:
        return None
    return {
        "at": instant(made.made_at),
        "entries": made.entries,
        "megabytes": megabytes(made.size),
        "recovery": made.recovery,
    }


def shown_drill(drill: BackupDrill | None) -> dict[str, Any] | None:
    """The newest drill, as it is shown."""
    if drill is None:
        return None
    return {
        "at": instant(drill.at),
        "entries": drill.entries,
        "megabytes": megabytes(drill.size),
        "seconds": -(-drill.milliseconds // 1000),
        "whole": drill.wrong == 0,
        "by_phrase": drill.by_phrase,
    }


def is_past(due: str | None, now: str) -> bool:
    """Whether it is overdue; instants sort as text."""
    return due is not None and due < now


def megabytes(size: int) -> int:
    """Rounded up, so that something is never nothing."""
    return -(-size // 1_000_000)
