"""How a device stands, in its own words: what waits on it, since when, and what it holds."""

from datetime import datetime
from typing import Any

import msgspec

from backend.clock import parse_instant

MOST = 2**31 - 1  # what a column holds


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What a device says of itself at each sync. `oldest_at` is when the oldest unsent entry was made."""

    waiting: int = 0
    oldest_at: str | None = None
    files: int = 0
    durable: bool | None = None
    sheets: int = 0
    rows: int = 0


def read_standing(said: Any) -> Standing | None:
    """The standing in what a device sent. A device may be broken or hostile: what does not fit is left out."""
    if not isinstance(said, dict):
        return None
    durable = said.get("durable")
    return Standing(
        waiting=number(said.get("waiting")),
        oldest_at=said["oldest_at"] if moment(said.get("oldest_at")) else None,
        files=number(said.get("files")),
        durable=durable if isinstance(durable, bool) else None,
        sheets=number(said.get("sheets")),
        rows=number(said.get("rows")),
    )


def after_hand_in(standing: Standing | None, entries: int) -> Standing | None:
    """A device says what waited before its request; what came along in the request waits no longer."""
    if standing is None or entries < standing.waiting:
        return standing
    # Files travel by themselves, and the oldest may be one of them.
    return msgspec.structs.replace(standing, waiting=0, oldest_at=standing.oldest_at if standing.files else None)


def columns_of(standing: Standing, at: datetime) -> dict[str, Any]:
    """What is noted of it, said at this moment, beside the contact."""
    waiting, files = number(standing.waiting), number(standing.files)
    oldest_at = moment(standing.oldest_at) if waiting or files else None
    noted = {"waiting": waiting, "files": files, "oldest_at": oldest_at, "durable": standing.durable}
    noted |= {"sheets": number(standing.sheets), "rows": number(standing.rows)}
    return noted if waiting or files else noted | {"handed_in_at": at}


def number(said: Any) -> int:
    """A count that a column can hold."""
    return min(said, MOST) if isinstance(said, int) and not isinstance(said, bool) and said > 0 else 0


def moment(said: Any) -> datetime | None:
    """An instant of this or the last century."""
    try:
        at = parse_instant(said) if isinstance(said, str) and len(said) <= 40 else None
    except (ValueError, OverflowError):
        return None
    return at if at is not None and 1900 < at.year < 2900 else None
