"""Giving files out: to whoever may read a sheet in which a row that carries the file stands."""

import re
from collections.abc import Iterable, Iterator

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.callers import Caller, sheets_allowed
from backend.errors import Missing
from backend.feed import seen_row, sheet_row
from backend.files.keeping import Cabinet, is_sha256
from backend.files.models import StoredFile
from backend.files.sniffing import SUFFIXES
from backend.house import FileField, Room
from backend.keyring import Unsealable
from backend.logs import log
from backend.serving import caller_of, office_of

HEADERS = {
    # It came from outside: whatever it holds, it runs nothing and loads nothing.
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
# The same for a file that is not there and one that is not for who asks: what you may not see does not exist.
NO_FILE = "There is no such file."


@get("/files/{sha256:str}", sync_to_thread=True)
def show_file(request: Request, sha256: FromPath[str]) -> Response[bytes]:
    """The file, for those who may read a row that it belongs to."""
    office = office_of(request)
    with office.database.read() as session:
        caller = caller_of(request, session)
        known = session.get(StoredFile, sha256) if is_sha256(sha256) else None
        if known is None or known.media_type is None or not may_read_file(session, caller, sha256, office.rooms):
            raise Missing(NO_FILE)
        parts, media_type = known.parts, known.media_type
    try:
        body = b"".join(Cabinet(office.settings.data, office.keyring).read(sha256, parts))
    except (OSError, Unsealable) as error:
        log.error("file_lost", error=type(error).__name__)
        raise Missing("This file cannot be opened any more. Tell whoever runs the office’s server.", "lost") from error
    named = f'inline; filename="file.{SUFFIXES[media_type]}"'
    return Response(body, headers={**HEADERS, "Content-Disposition": named}, media_type=media_type)


def may_read_file(session: Session, caller: Caller, sha256: str, rooms: Iterable[Room]) -> bool:
    """Whether a row that carries the file stands in a sheet that the caller may read."""
    for kind, id in carriers(session, sha256, rooms):
        c = sheet_row.c
        query = select(c.sheet).where(c.id == id, c.kind == kind, c.present)
        if any(may_read_sheet(caller, sheet) for sheet in session.execute(query).scalars()):
            return True
    return False


def may_read_sheet(caller: Caller, sheet: str) -> bool:
    """Whether this very sheet is one that the device's purpose and the person's roles allow, at their own site."""
    known = {"site": caller.site.id, "actor": caller.actor.id}
    return any(
        re.fullmatch(as_regex(pattern, known), sheet) for pattern in sheets_allowed(caller.purpose, caller.actor)
    )


def as_regex(pattern: str, known: dict[str, str]) -> str:
    """A sheet's pattern with what is known of the caller written in; any other part may be whatever it is."""
    parts = re.split(r"{(\w+)}", pattern)
    literals, places = parts[::2], [*parts[1::2], None]
    filled = ["" if place is None else re.escape(known[place]) if place in known else "[^/]+" for place in places]
    return "".join(re.escape(text) + place for text, place in zip(literals, filled, strict=True))


def carriers(session: Session, sha256: str, rooms: Iterable[Room]) -> Iterator[tuple[str, str]]:
    """The kind and id of every row that carries the file in a field declared for files."""
    for declared in [field for room in rooms for field in room.files]:
        query = select(seen_row.c.id, seen_row.c.body).where(
            seen_row.c.kind == declared.kind, seen_row.c.body.contains(f'"{sha256}"', autoescape=True)
        )
        for found in session.execute(query):
            if carries(declared, found.body, sha256):
                yield declared.kind, found.id


def carries(declared: FileField, body: str, sha256: str) -> bool:
    """Whether the declared field itself holds the id: text that somebody typed elsewhere opens nothing."""
    value = msgspec.json.decode(body).get(declared.field)
    return value == sha256 or (isinstance(value, list) and sha256 in value)
