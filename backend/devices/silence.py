"""Silence: a device that was not heard of for a working day, or keeps work for too long, is shown to a manager."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.clock import optional_instant
from backend.commands import FACT, Command, handles
from backend.devices.models import Contact, DeviceRecord
from backend.errors import Missing
from backend.fields import Id
from backend.identity import NOBODY
from backend.office import find_site, open_time
from backend.work import Work

# A tablet that is used every day and switched off at night is heard of well within 24 hours of open days.
SILENT_AFTER = timedelta(hours=24)
# What waits on a device goes at its next contact; what does not go by itself within these needs somebody.
HOLDS_TOO_LONG = timedelta(hours=4)


class NoteSilence(Command, tag="devices.note_silence", truth=FACT, title="Noted a silent device", roles=NOBODY):
    """A device fell silent, keeps its work too long, or is as it should be again. A timed job of the office."""

    device_id: Id
    silent_since: datetime | None = None
    holding_since: datetime | None = None


@handles(NoteSilence)
def note_silence(noting: NoteSilence, work: Work) -> None:
    device = work.session.get(DeviceRecord, noting.device_id)
    if device is None:
        raise Missing("There is no such device.")
    device.silent_since, device.holding_since = noting.silent_since, noting.holding_since
    work.publish("device", device.id)


def silence_due(session: Session, now: datetime) -> list[dict[str, Any]]:
    """One for each device in use about which something else is true than was noted."""
    query = select(DeviceRecord, Contact).outerjoin(Contact, Contact.device_id == DeviceRecord.id)
    found = []
    for device, contact in session.execute(query.where(DeviceRecord.state == "enrolled").order_by(DeviceRecord.id)):
        # As they are spelled in a command, so that a finer clock does not note the same again and again.
        noted = (optional_instant(device.silent_since), optional_instant(device.holding_since))
        silent, holding = silent_since(session, device, contact, now), holding_since(contact, now)
        fresh = (optional_instant(silent), optional_instant(holding))
        if noted != fresh:
            found.append({"device_id": device.id, "silent_since": fresh[0], "holding_since": fresh[1]})
    return found


def silent_since(session: Session, device: DeviceRecord, contact: Contact | None, now: datetime) -> datetime | None:
    """When it was last heard of, if that is too long ago; days on which the office is closed do not count."""
    heard = contact.at if contact is not None else device.enrolled_at
    site = find_site(session, device.site_id)
    if site is None or now - heard < SILENT_AFTER or open_time(session, site, heard, now) < SILENT_AFTER:
        return None
    return heard


def holding_since(contact: Contact | None, now: datetime) -> datetime | None:
    """When the oldest of what waits on it was made, if that is too long ago."""
    if contact is None or contact.oldest_at is None or now - contact.oldest_at < HOLDS_TOO_LONG:
        return None
    return contact.oldest_at
