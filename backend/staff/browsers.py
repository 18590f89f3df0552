"""Browsers: what people call them, what they carry, and the noting of a session's use."""

from datetime import datetime

from litestar import Request
from litestar.concurrency import sync_to_thread

from backend.callers import KNOWN_COOKIE, PENDING_COOKIE, SESSION_COOKIE, address_of, cookie_of
from backend.errors import Busy
from backend.serving import Office, office_of
from backend.staff.passkeys import Party
from backend.staff.sessions import USE_IS_NOTED_EVERY, Where, note_use
from backend.staff.signing_in import Door, Signed

# In this order: what most browsers call themselves as well comes last.
PROGRAMS = [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome")]
PROGRAMS += [("Chrome", "Chrome"), ("Safari", "Safari")]
SYSTEMS = [("iPad", "an iPad"), ("iPhone", "an iPhone"), ("Android", "Android"), ("CrOS", "a Chromebook")]
SYSTEMS += [("Windows", "Windows"), ("Macintosh", "a Mac"), ("Linux", "Linux")]
NOT_NOTED = "daysheet_session_used"


def words_for(user_agent: str) -> str:
    """`Chrome on Windows`: enough for somebody to tell their browsers apart."""
    program = next((name for sign, name in PROGRAMS if sign in user_agent), "A browser")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return f"{program} on {system}" if system else program


def where_of(request: Request) -> Where:
    """The browser that asks."""
    return Where(
        address=address_of(request),
        browser=words_for(request.headers.get("user-agent", "")),
        session=cookie_of(request, SESSION_COOKIE),
        known=cookie_of(request, KNOWN_COOKIE),
        pending=cookie_of(request, PENDING_COOKIE),
    )


def door_of(office: Office) -> Door:
    """What signing in needs of the house."""
    return Door(office.database, office.keyring, office.settings, office.clock.now())


def party_of(request: Request, office: Office) -> Party:
    """The office as passkeys know it, from its settings or from how this request found it."""
    origin = office.settings.origin.rstrip("/")
    if not origin:
        scheme = "https" if office.settings.secure_cookies else request.url.scheme
        origin = f"{scheme}://{request.headers.get('host', '')}"
    host = origin.partition("://")[2]
    # A port, but not the end of an IPv6 address, is no part of a host's name.
    return Party(host if host.endswith("]") else host.rpartition(":")[0] or host, origin)


def note_soon(request: Request, signed: Signed, device_name: str, now: datetime) -> None:
    """Remember with the request that its session's use is due to be noted: once a minute, so that reads stay reads."""
    if now - signed.last_used >= USE_IS_NOTED_EVERY or signed.device_name != device_name:
        request.scope[NOT_NOTED] = device_name  # type: ignore[typeddict-unknown-key]


async def note_use_of_session(request: Request) -> None:
    """Once the answer is on its way: note that the session was used."""
    device_name, token = request.scope.get(NOT_NOTED), cookie_of(request, SESSION_COOKIE)
    if isinstance(device_name, str) and token:
        await sync_to_thread(write_use, office_of(request), token, device_name)


def write_use(office: Office, token: str, device_name: str) -> None:
    """A busy database loses a minute of use at most, which the next request brings back."""
    try:
        with office.database.write() as session:
            note_use(session, token, device_name, office.clock.now())
    except Busy:
        return
