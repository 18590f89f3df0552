"""Verifying: every file that is kept still opens, and is still what its hash says."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.files.keeping import Cabinet, hash_of
from backend.files.models import StoredFile
from backend.keyring import Unsealable


def files_that_differ(session: Session, cabinet: Cabinet) -> Iterator[str]:
    """The ids of those that do not, with why."""
    for file in session.scalars(select(StoredFile).where(StoredFile.complete_at.is_not(None))):
        try:
            if hash_of(cabinet.read(file.sha256, file.parts)) != file.sha256:
                yield f"{file.sha256} is another file now"
        except OSError:
            yield f"{file.sha256} lacks a part"
        except Unsealable:
            yield f"{file.sha256} does not open with the office’s key"
