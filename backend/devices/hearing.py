"""What was last heard of every device."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.devices.models import Contact, DeviceRecord


class Heard(NamedTuple):
    """A device, when it last spoke to the office, and how much it then said that it keeps; None for never."""

    id: str
    name: str
    site_id: str
    state: str
    at: datetime | None
    waiting: int | None


def heard_of(session: Session) -> list[Heard]:
    """Every device that was ever enrolled, by name."""
    c = DeviceRecord
    query = select(c.id, c.name, c.site_id, c.state, Contact.at, Contact.waiting)
    query = query.outerjoin(Contact, Contact.device_id == c.id).order_by(c.name)
    return [Heard(*found) for found in session.execute(query)]


def first_enrolled(session: Session, site_id: str) -> datetime | None:
    """Since when a site has had devices."""
    return session.scalar(select(func.min(DeviceRecord.enrolled_at)).where(DeviceRecord.site_id == site_id))
