"""Opening a device at the office: shares go to who is signed in, their key is recorded, a lock suspends the session."""

from typing import Any

from litestar import Request, Response, post
from litestar.params import JSONBody
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.base64url import to_base64url
from backend.callers import DEVICE_COOKIE, SESSION_COOKIE, Caller, cookie_of, said_by_our_script
from backend.clock import instant, optional_instant
from backend.database import upsert
from backend.devices.models import DeviceSecret, PersonKey
from backend.devices.signing import is_signed, key_id, keys_of, public_key
from backend.devices.unlocking import Known, find_device, personal_share, record_unlock
from backend.errors import NotAllowed
from backend.feed import epoch_and_head
from backend.identity import PURPOSES
from backend.ids import is_id
from backend.serving import office_of, scope_of
from backend.staff import resume_session, suspend_session

Answer = Response[dict[str, Any]]
# A device that has not heard of the office for longer shows no patient; a long weekend is 87 hours.
HOURS_ALONE = 120
WARNED_HOURS = 24


def at_device(request: Request, session: Session) -> tuple[Caller, Known] | Answer:
    """Who is signed in on which enrolled device, or what to answer instead."""
    caller = office_of(request).find_caller(request, session)
    device = find_device(session, cookie_of(request, DEVICE_COOKIE))
    if caller is None:
        return Response({"error": "signed_out"}, status_code=401)
    if device is None or device.state != "enrolled":
        return Response({"error": "not_enrolled"}, status_code=404)
    if device.site_id != caller.site.id:
        raise NotAllowed("This device is another site’s. Use one of your own site.", "other_site")
    return caller, device


@post("/devices/unlock", sync_to_thread=True, status_code=200)
def unlock(request: Request, data: JSONBody[dict[str, Any]]) -> Answer:
    """The signed-in person unlocks this device: recorded, and the server's shares of the keys are released.

    `share` opens the device's data key, `personal` this person's signing key; `keys` names the signing keys of theirs
    that the office knows; to `office_key` everything handed in is sealed.
    """
    office = office_of(request)
    said_by_our_script(request)
    now = office.clock.now()
    with office.database.write() as session:
        found = at_device(request, session)
        if isinstance(found, Response):
            return found
        caller, device = found
        if not is_id(data.get("replica_id") or device.id):
            return Response({"error": "not_enrolled"}, status_code=404)
        record_unlock(session, device.id, caller.actor.id, now)
        personal = personal_share(session, device.id, caller.actor.id)
        keys = [key_id(spki) for spki in keys_of(session, device.id).get(caller.actor.id, [])]
        keep_identity(session, device.id, data.get("identity_key"))
        epoch, _ = epoch_and_head(session)
    scope, purpose = scope_of(caller, office), PURPOSES[device.purpose]
    sealing = office.keyring.office_key
    return Response(
        {
            "device": {"id": device.id, "name": device.name, "purpose": device.purpose, "code": device.code},
            "actor": scope["actor"],
            "site": {**scope["site"], "zone": caller.zone},
            "language": caller.language,
            "share": device.share,
            "personal": personal,
            "keys": keys,
            "office_key": {"id": to_base64url(sealing.id), "spki": to_base64url(sealing.public)},
            "rules": {
                "idle_seconds": purpose.idle_seconds,
                "hours_alone": HOURS_ALONE,
                "warned_hours": WARNED_HOURS,
            },
            "epoch": epoch,
            "server_time": instant(now),
        }
    )


def keep_identity(session: Session, device_id: str, spki: Any) -> None:
    """The key by which the device itself will sign that it was wiped. It opens nothing."""
    try:
        public_key(spki if isinstance(spki, str) else "")
    except ValueError:
        return
    secret = session.scalars(select(DeviceSecret).where(DeviceSecret.device_id == device_id)).one()
    secret.identity_key = spki


@post("/devices/key", sync_to_thread=True, status_code=200)
def record_key(request: Request, data: JSONBody[dict[str, Any]]) -> Answer:
    """The public part of the signing key that the signed-in person has on this device."""
    office = office_of(request)
    said_by_our_script(request)
    spki = data.get("public_key")
    try:
        public_key(spki if isinstance(spki, str) else "")
    except ValueError:
        return Response({"error": "malformed", "say": "That is no signing key."}, status_code=400)
    assert isinstance(spki, str)
    with office.database.write() as session:
        found = at_device(request, session)
        if isinstance(found, Response):
            return found
        caller, device = found
        values = {"device_id": device.id, "staff_id": caller.actor.id, "key_id": key_id(spki), "public_key": spki}
        upsert(session, PersonKey.__table__, [{**values, "since": office.clock.now()}])  # type: ignore[list-item, arg-type]
    return Response({"key_id": key_id(spki)})


@post("/devices/suspend", sync_to_thread=True, status_code=200)
def suspend(request: Request) -> Answer:
    """The device locked. Pages of the office must not stay open to whoever stands in front of it.

    `suspended` is what the same person signs to go on.
    """
    office = office_of(request)
    said_by_our_script(request)
    token, suspended = cookie_of(request, SESSION_COOKIE), None
    if token:
        with office.database.write() as session:
            suspended = suspend_session(session, token, office.clock.now())
    return Response({"suspended": optional_instant(suspended)})


@post("/devices/resume", sync_to_thread=True, status_code=200)
def resume(request: Request, data: JSONBody[dict[str, Any]]) -> Answer:
    """The same person opened the device again, and signs so; a colleague's session stays suspended."""
    office = office_of(request)
    said_by_our_script(request)
    token, staff_id, suspended = cookie_of(request, SESSION_COOKIE), data.get("staff_id"), data.get("suspended")
    resumed = False
    with office.database.write() as session:
        device = find_device(session, cookie_of(request, DEVICE_COOKIE))
        if token and device and device.state == "enrolled" and isinstance(staff_id, str):
            keys = keys_of(session, device.id).get(staff_id, [])
            text = f"daysheet resume\n{device.id}\n{staff_id}\n{suspended}".encode()
            if is_signed(keys, text, data.get("signature")):
                resumed = resume_session(session, token, staff_id, str(suspended), office.clock.now())
            if resumed:
                record_unlock(session, device.id, staff_id, office.clock.now())
    return Response({"resumed": resumed})
