"""Files: photos, signatures and documents, kept under their own hash and sealed; who sees one is decided by its row.

A room and no part of the building, because what may be handed in is decided by devices and their owners' sessions.
"""

from datetime import timedelta

from backend.files.collecting import collect_files
from backend.files.giving import show_file
from backend.files.keeping import Cabinet
from backend.files.models import StoredFile
from backend.files.taking import show_parts, take_part
from backend.files.verifying import files_that_differ
from backend.house import Room
from backend.timetable import Chore

__all__ = ["Cabinet", "StoredFile", "collect_files", "files_that_differ", "room"]

room = Room(
    name="files",
    routes=[show_parts, take_part, show_file],
    chores=[Chore("files.collect", every=timedelta(days=1), do=collect_files)],
)
