"""Finding the caller of a request: the session's person, on the device whose token came along."""

from datetime import datetime

from litestar import Request
from sqlalchemy.orm import Session

from backend.callers import DEVICE_COOKIE, SESSION_COOKIE, Caller, cookie_of
from backend.devices.unlocking import find_device
from backend.office import find_site, language_of, zone_of
from backend.serving import office_of
from backend.staff import note_soon, who_is_signed_in
from backend.work import Device


def find_caller(request: Request, session: Session, owing: bool = False) -> Caller | None:
    """Who is signed in and where; None for nobody. Who still owes a step of their sign-in counts only if `owing`."""
    office = office_of(request)
    now: datetime = office.clock.now()
    signed = who_is_signed_in(session, cookie_of(request, SESSION_COOKIE), now, office.settings)
    site = find_site(session, signed.site_id) if signed else None
    if signed is None or site is None or (signed.owes and not owing):
        return None
    device = find_device(session, cookie_of(request, DEVICE_COOKIE))
    # In a stranger's hands a session is nobody's, also one that began before anybody noticed.
    if device is not None and device.state == "lost":
        return None
    # Another site's device is nothing of theirs: to them it is a browser like any other.
    enrolled = device is not None and device.state == "enrolled" and device.site_id == site.id
    note_soon(request, signed, device.name if enrolled and device else "", now)
    return Caller(
        actor=signed.actor,
        site=site,
        zone=zone_of(site, now),
        language=language_of(session, site.id),
        replica_id=signed.replica_id,
        device=Device(device.id, device.name) if enrolled and device else Device(None, "a browser"),
        purpose=device.purpose if enrolled and device else "desk",
        owes=signed.owes,
    )
