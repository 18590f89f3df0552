"""Callers: who is at the other end of a request, and what they may see."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

from litestar import Request
from litestar.datastructures import Cookie

from backend.errors import NotAllowed
from backend.identity import PURPOSES, REVIEWERS_ONLY, SHEET_ROLES, Actor
from backend.work import Device, Site

SESSION_COOKIE = "daysheet_session"
DEVICE_COOKIE = "daysheet_device"
# Between the two steps of a sign-in; and by which a browser is known to have let somebody in before.
PENDING_COOKIE = "daysheet_pending"
KNOWN_COOKIE = "daysheet_known"


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
    # What they must do about how they sign in before anything but their account opens.
    owes: str = ""

    def may_read(self, sheets: list[str], emergency: bool = False) -> bool:
        """Whether the device's purpose and the person's roles allow every one of these (patterns of) sheets.

        In an emergency the roles do not count; what the purpose keeps off a device stays off it.
        """
        names = sheets_in_emergency(self.purpose) if emergency else sheets_allowed(self.purpose, self.actor)
        return has_all(names, sheets)


def has_all(names: Iterable[str], sheets: Iterable[str]) -> bool:
    """Whether all these sheets are among the named; what a device says of itself is everybody's."""
    allowed = {stem(name) for name in names} | {"device", "receipts"}
    return all(stem(name) in allowed for name in sheets)


def sheets_allowed(purpose: str, actor: Actor) -> list[str]:
    """The patterns of the sheets that this person may have on a device of this purpose."""
    known = PURPOSES[purpose]
    return [name for name in known.sheets if actor.may(SHEET_ROLES.get(name, known.roles))]


def sheets_in_emergency(purpose: str) -> list[str]:
    """What anybody of the staff may read on such a device for as long as they say that it is an emergency."""
    return [name for name in PURPOSES[purpose].sheets if name not in REVIEWERS_ONLY]


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


def cookie_name(name: str, secure: bool) -> str:
    """`__Host-` where HTTPS is spoken: browsers then take such a cookie from this very host only (RFC 6265bis)."""
    return f"__Host-{name}" if secure else name


def cookie_of(request: Request, name: str) -> str | None:
    """What the browser sent by this name."""
    return request.cookies.get(cookie_name(name, request.app.state.office.settings.secure_cookies))


def new_cookie(name: str, value: str, seconds: int, secure: bool) -> Cookie:
    """Not readable by any script, sent to nobody else; with 0 seconds it is taken back."""
    return Cookie(
        key=cookie_name(name, secure),
        value=value,
        path="/",
        httponly=True,
        samesite="strict",
        secure=secure,
        max_age=seconds,
    )


def address_of(request: Request) -> str:
    """Where a request comes from, as far as our own proxies tell; of IPv6, the network that one customer has (/64)."""
    proxies = request.app.state.office.settings.proxies
    told = [one.strip() for one in request.headers.get("x-forwarded-for", "").split(",")] if proxies else []
    # What stands further left was written by whoever asked.
    text = told[-proxies] if len(told) >= proxies > 0 else (request.client.host if request.client else "")
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text[:60]
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)
