"""The office was put back to an earlier moment."""

from datetime import datetime

from backend.backups.models import Restore
from backend.commands import FACT, Command, handles
from backend.fields import Id, Text80, Whole
from backend.identity import NOBODY
from backend.work import Work


class RecordRestore(Command, tag="backups.record_restore", truth=FACT, title="Restored a backup", roles=NOBODY):
    """Somebody at the server restored the office. It is the first entry after those of the backup."""

    restore_id: Id
    epoch: Text80
    seq: Whole
    compared: bool
    made_at: datetime | None = None


@handles(RecordRestore)
def record_restore(restoring: RecordRestore, work: Work) -> None:
    work.session.add(
        Restore(
            id=restoring.restore_id,
            at=work.happened_at,
            made_at=restoring.made_at,
            epoch=restoring.epoch,
            seq=restoring.seq,
            compared=restoring.compared,
        )
    )
