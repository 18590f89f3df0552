"""Recording what the person at the server did with the whole office, as commands of the office in its own journal."""

from pathlib import Path
from typing import Any

from backend.app import ROOMS
from backend.backing_up import noted
from backend.backups import RecordBackup
from backend.clock import Clock
from backend.commands import Command
from backend.database import Database
from backend.giving import Giver
from backend.house import kinds_of, sheets_of
from backend.identity import OFFICE
from backend.manifests import Manifest
from backend.office import sites
from backend.performing import Performer
from backend.settings import Settings


def record(settings: Settings, clock: Clock, kind: type[Command], **fields: Any) -> None:
    """Give one command. An office without a site has nobody yet who could read of it, so nothing is recorded."""
    database = Database(settings.database_url)
    try:
        with database.read() as session:
            found = sites(session)
        if found:
            performer = Performer(database, sheets_of(ROOMS), kinds_of(ROOMS), settings=settings)
            Giver(performer, clock, found[0], OFFICE).give(kind, **fields)
    finally:
        database.close()


def record_backup(settings: Settings, clock: Clock, path: Path, manifest: Manifest) -> None:
    """Let managers see that there is this backup, which was read from its beginning to its end."""
    record(settings, clock, RecordBackup, **noted(path, manifest))
