"""Callers: who is at the other end of a request, and what they may see."""

from dataclasses import dataclass

from litestar import Request

from backend.errors import NotAllowed
from backend.identity import MANAGERS, PURPOSES, REVIEWERS_ONLY, Actor
from backend.work import Device, Site

SESSION_COOKIE = "daysheet_session"
DEVICE_COOKIE = "daysheet_device"


@dataclass(frozen=True)
class Caller:
    """A signed-in person on some browser; `purpose` is that of the device, or `desk` where none is enrolled."""

    actor: Actor
    site: Site
    zone: dict[str, object]
    language: str
    replica_id: str
    device: Device
    purpose: str

    def may_read(self, sheets: list[str], emergency: bool = False) -> bool:
        """Whether the device's purpose and the person's roles allow every one of these (patterns of) sheets.

        In an emergency the roles do not count; what the purpose keeps off a device stays off it.
        """
        known = PURPOSES[self.purpose].sheets
        names = [name for name in known if name not in REVIEWERS_ONLY] if emergency else []
        allowed = {stem(name) for name in names or sheets_allowed(self.purpose, self.actor)} | {"device", "receipts"}
        return all(stem(name) in allowed for name in sheets)


def sheets_allowed(purpose: str, actor: Actor) -> list[str]:
    """The patterns of the sheets that this person may have on a device of this purpose."""
    known = PURPOSES[purpose]
    if not actor.may(known.roles):
        return []
    return [name for name in known.sheets if name not in REVIEWERS_ONLY or actor.may(MANAGERS)]


def stem(sheet: str) -> str:
    """`visits` of `visits/{site}/{day}`; an attention sheet is told apart by whose it is."""
    first, _, rest = sheet.partition("/")
    return f"{first}/{rest}" if first == "attention" else first


def same_origin(request: Request) -> None:
    """Refuse what another site made this browser send: beside SameSite=Strict, a second lock on the door.

    Browsers say where a request comes from in `Sec-Fetch-Site`; the older ones say it in `Origin`.
    """
    came_from = request.headers.get("sec-fetch-site")
    if came_from is not None:
        fine = came_from in ("same-origin", "none")
    else:
        origin = request.headers.get("origin")
        fine = origin is None or origin.partition("://")[2] == request.headers.get("host", "")
    if not fine:
        raise NotAllowed("This came from another page than ours. Open Daysheet and do it there.", "cross_site")


def said_by_our_script(request: Request) -> None:
    """A header that no plain form of another site can set."""
    same_origin(request)
    if not request.headers.get("x-daysheet"):
        raise NotAllowed("This is for the app of a device.", "no_header")
