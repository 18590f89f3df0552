"""A device proves who it is, and a signed-in person unlocks it: the server releases its share of the key."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.database import upsert
from backend.devices.models import Contact, DeviceRecord, DeviceSecret, PersonShare, Unlock
from backend.devices.standing import Standing, columns_of
from backend.ids import new_id
from backend.staff import token_hash_of

CONTACT_EVERY = timedelta(seconds=15)
# Put together once: every request of a device asks for both.
BY_TOKEN = (
    select(DeviceRecord, DeviceSecret.share)
    .join(DeviceSecret, DeviceSecret.device_id == DeviceRecord.id)
    .where(DeviceSecret.token_hash == bindparam("hash"))
)
LAST_CONTACT = select(Contact.at).where(Contact.device_id == bindparam("device"))


@dataclass(frozen=True)
class Known:
    """A device that showed its token."""

    id: str
    name: str
    purpose: str
    code: int
    site_id: str
    state: str
    share: str


def find_device(session: Session, token: str | None) -> Known | None:
    """The device behind a token, whatever its state; None when the token is nobody's."""
    if not token:
        return None
    found = session.execute(BY_TOKEN, {"hash": token_hash_of(token)}).one_or_none()
    return None if found is None else known(found.DeviceRecord, found.share)


def find_device_by_id(session: Session, device_id: str) -> Known | None:
    """A device that somebody speaks for; its share is not told."""
    device = session.get(DeviceRecord, device_id)
    return None if device is None else known(device, "")


def known(device: DeviceRecord, share: str) -> Known:
    """What the rest of the house sees of a device."""
    return Known(device.id, device.name, device.purpose, device.code, device.site_id, device.state, share)


def record_unlock(session: Session, device_id: str, staff_id: str, now: datetime) -> None:
    """From now on the device may hand in work that this person signed on it."""
    session.add(Unlock(id=new_id(), device_id=device_id, staff_id=staff_id, at=now))


def personal_share(session: Session, device_id: str, staff_id: str) -> str:
    """The share that opens this person's own slot on the device: made once, told to nobody else."""
    kept = session.get(PersonShare, (device_id, staff_id))
    if kept is None:
        kept = PersonShare(device_id=device_id, staff_id=staff_id, share=secrets.token_urlsafe(32))
        session.add(kept)
    return kept.share


def record_contact(
    session: Session,
    device_id: str,
    now: datetime,
    app: str,
    skew_ms: int | None,
    standing: Standing | None = None,
    differs: bool = False,
) -> None:
    """Note that the device was heard of, what it said of itself, and whether its copy was not what the office has."""
    app = app[:20] if app.isprintable() else ""
    noted = {"device_id": device_id, "at": now, "app": app, "skew_ms": skew_ms}
    if standing is not None:
        noted |= columns_of(standing, now)
    if differs:
        noted["differed_at"] = now
    upsert(session, Contact.__table__, [noted])  # type: ignore[arg-type]


def contact_is_due(session: Session, device_id: str, now: datetime) -> bool:
    """Now and then is enough: a sync that brings nothing must not cost a write."""
    at = session.scalar(LAST_CONTACT, {"device": device_id})
    return at is None or now - at >= CONTACT_EVERY
