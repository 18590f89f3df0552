"""A night's backup could not be made."""

from backend.backups.models import BackupFailure
from backend.backups.standing import LAST, failure_of, publish_standing
from backend.commands import FACT, Command, handles
from backend.fields import Choice
from backend.identity import NOBODY
from backend.work import Work


class RecordFailure(Command, tag="backups.record_failure", truth=FACT, title="Could not make a backup", roles=NOBODY):
    """The office could make no backup tonight, and of which kind the trouble is. The next backup ends it."""

    code: Choice("no_phrase", "full", "folder", "unreadable", "failed")


@handles(RecordFailure)
def record_failure(failing: RecordFailure, work: Work) -> None:
    failure = failure_of(work.session) or BackupFailure(id=LAST, since=work.happened_at)
    failure.code = failing.code
    work.session.add(failure)
    publish_standing(work)
