"""A backup was made."""

from datetime import datetime

from backend.backups.models import BackupMade
from backend.backups.standing import end_failure
from backend.commands import FACT, Command, handles
from backend.fields import Text80, Whole
from backend.identity import NOBODY
from backend.work import Work


class RecordBackup(Command, tag="backups.record_backup", truth=FACT, title="Made a backup", roles=NOBODY):
    """Somebody at the server made a backup, which was read back. `size` is in bytes."""

    made_at: datetime
    entries: Whole
    size: Whole
    recovery: Text80


@handles(RecordBackup)
def record_backup(made: RecordBackup, work: Work) -> None:
    work.session.add(
        BackupMade(
            id=work.command_id,
            made_at=made.made_at,
            entries=made.entries,
            size=made.size,
            recovery=made.recovery,
        )
    )
    end_failure(work)
