"""A backup was restored as an exercise."""

from datetime import datetime

from backend.backups.models import BackupDrill
from backend.backups.standing import publish_standing
from backend.commands import FACT, Command, handles
from backend.fields import Whole
from backend.identity import NOBODY
from backend.work import Work


class RecordDrill(Command, tag="backups.record_drill", truth=FACT, title="Tried a backup", roles=NOBODY):
    """Somebody at the server restored a backup into a place of its own. `wrong` is how many things differed there."""

    made_at: datetime
    entries: Whole
    size: Whole
    milliseconds: Whole
    wrong: Whole
    by_phrase: bool


@handles(RecordDrill)
def record_drill(drill: RecordDrill, work: Work) -> None:
    work.session.add(
        BackupDrill(
            id=work.command_id,
            at=work.happened_at,
            made_at=drill.made_at,
            entries=drill.entries,
            size=drill.size,
            milliseconds=drill.milliseconds,
            wrong=drill.wrong,
            by_phrase=drill.by_phrase,
        )
    )
    publish_standing(work)
