"""Finding the caller of a request: the session's person, on the device whose token came along."""

from datetime import datetime

from litestar import Request
from sqlalchemy.orm import Session

from backend.callers import DEVICE_COOKIE, SESSION_COOKIE, Caller, cookie_of
from backend.devices.unlocking import Known, find_device
from backend.office import find_site_and_language, zone_of
from backend.serving import office_of
from backend.staff import Signed, note_soon, who_is_signed_in
from backend.work import Device


def find_caller(request: Request, session: Session, owing: bool = False) -> Caller | None:
    """Who is signed in and where; None for nobody. Who still owes a step of their sign-in counts only if `owing`."""
    now: datetime = office_of(request).clock.now()
    device = find_device(session, cookie_of(request, DEVICE_COOKIE))
    signed = signed_in_at(request, session, device, now, owing)
    found = find_site_and_language(session, signed.site_id) if signed else None
    if signed is None or found is None:
        return None
    site, language = found
    own = device if is_own(device, signed) else None
    return Caller(
        actor=signed.actor,
        site=site,
        zone=zone_of(site, now),
        language=language,
        replica_id=signed.replica_id,
        device=Device(own.id, own.name) if own else Device(None, "a browser"),
        purpose=own.purpose if own else "desk",
        owes=signed.owes,
    )


def signed_in_at(
    request: Request, session: Session, device: Known | None, now: datetime, owing: bool = False
) -> Signed | None:
    """Whose session came along with the request of this device; that it was used is noted soon."""
    signed = who_is_signed_in(session, cookie_of(request, SESSION_COOKIE), now, office_of(request).settings)
    # In a stranger's hands a session is nobody's, also one that began before anybody noticed.
    if signed is None or (signed.owes and not owing) or (device is not None and device.state == "lost"):
        return None
    note_soon(request, signed, device.name if device and is_own(device, signed) else "", now)
    return signed


def is_own(device: Known | None, signed: Signed) -> bool:
    """Whether it is theirs to work at: another site's is nothing but a browser to them."""
    return device is not None and device.state == "enrolled" and device.site_id == signed.site_id
