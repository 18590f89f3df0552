"""Collecting what nobody needs: files that no row and no command names, and those that never came whole.

No command of the office, because nothing that anybody decided changes: like sessions, bytes are outside the journal.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.files.giving import carriers
from backend.files.keeping import Cabinet
from backend.files.models import StoredFile
from backend.journal import journal
from backend.serving import Office

# A command may come weeks after its photo, from a tablet that was away; who holds it for that long is not forgotten.
UNNAMED_FOR = timedelta(days=30)
UNFINISHED_FOR = timedelta(days=7)


def collect_files(office: Office, now: datetime) -> int:
    """Drop them; returns how many."""
    cabinet = Cabinet(office.settings.data, office.keyring)
    with office.database.read() as session:
        due = [file.sha256 for file in old_files(session, now) if not is_named(session, file, office)]
    for sha256 in due:
        with office.database.write() as session:
            file = session.get(StoredFile, sha256, with_for_update=True)
            # It may have come whole, or been named, since the list was made.
            if file is None or not is_old(file, now) or is_named(session, file, office):
                continue
            session.delete(file)
            cabinet.drop(sha256)
    return len(due)


def old_files(session: Session, now: datetime) -> list[StoredFile]:
    """Those old enough to be asked about."""
    began = StoredFile.began_at < now - min(UNNAMED_FOR, UNFINISHED_FOR)
    return [file for file in session.scalars(select(StoredFile).where(began)) if is_old(file, now)]


def is_old(file: StoredFile, now: datetime) -> bool:
    """Whether it had its time to be finished, or to be named."""
    if file.complete_at is None:
        return file.began_at < now - UNFINISHED_FOR
    return file.complete_at < now - UNNAMED_FOR


def is_named(session: Session, file: StoredFile, office: Office) -> bool:
    """Whether a row carries it, or a command that was ever handed in speaks of it, held ones above all."""
    if file.complete_at is None:
        return False
    if next(carriers(session, file.sha256, office.rooms), None) is not None:
        return True
    spoken = select(journal.c.seq).where(journal.c.payload.contains(f'"{file.sha256}"', autoescape=True)).limit(1)
    return session.execute(spoken).first() is not None
