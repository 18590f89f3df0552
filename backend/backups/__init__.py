"""Backups: what was backed up and tried out, and what a restore took away and what came back."""

from backend.backups.drilling import RecordDrill
from backend.backups.failing import RecordFailure
from backend.backups.making import RecordBackup
from backend.backups.models import Restore, RestoreEntry
from backend.backups.pages import show_backups
from backend.backups.reporting import Report, report_of, restores
from backend.backups.restoring import RecordRestore
from backend.backups.standing import backup_standing_row, failure_of, last_made
from backend.house import Room

__all__ = [
    "RecordBackup",
    "RecordDrill",
    "RecordFailure",
    "RecordRestore",
    "Report",
    "Restore",
    "RestoreEntry",
    "failure_of",
    "last_made",
    "report_of",
    "restores",
    "room",
]

room = Room(
    name="backups",
    commands=[RecordBackup, RecordFailure, RecordDrill, RecordRestore],
    rows=[backup_standing_row],
    routes=[show_backups],
)
