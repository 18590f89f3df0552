"""A device is enrolled for a purpose, by a manager who holds it."""

import secrets
from typing import Annotated

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.commands import REQUEST, Command, handles
from backend.devices.models import DeviceRecord, DeviceSecret
from backend.errors import Refused
from backend.fields import Choice, Label, Name, NewId, Text80
from backend.identity import MANAGERS, PURPOSES
from backend.staff import token_hash_of
from backend.work import Work


class EnrolDevice(Command, tag="devices.enrol", truth=REQUEST, title="Enrolled a device", roles=MANAGERS):
    """A manager made this browser a device of the office."""

    device_id: NewId
    name: Annotated[Name, Label("Name of the device")]
    purpose: Annotated[Choice(*PURPOSES), Label("What it is for")]  # type: ignore[valid-type]
    place: Annotated[Text80, Label("Where it is kept")] | None = None


@handles(EnrolDevice)
def enrol_device(enrolling: EnrolDevice, work: Work) -> None:
    taken = work.session.scalar(select(DeviceRecord).where(DeviceRecord.name == enrolling.name))
    if taken is not None and taken.id != enrolling.device_id:
        raise Refused(f"There is already a device called {enrolling.name}. Give this one another name.", "name_taken")
    if work.session.get(DeviceRecord, enrolling.device_id) is not None:
        return work.noop("already_enrolled", "This device is already enrolled.")
    highest = work.session.scalar(select(func.max(DeviceRecord.code))) or 0
    work.session.add(
        DeviceRecord(
            id=enrolling.device_id,
            site_id=work.site.id,
            name=enrolling.name,
            place=enrolling.place,
            purpose=enrolling.purpose,
            code=highest + 1,
            state="enrolled",
            enrolled_at=work.happened_at,
            enrolled_by=work.actor.id,
        )
    )
    work.publish("device", enrolling.device_id)
    return None


def give_token(session: Session, device_id: str) -> str:
    """A new token for the device, and its share if it has none; who held the old token is out."""
    token = secrets.token_urlsafe(32)
    secret = session.get(DeviceSecret, device_id)
    if secret is None:
        secret = DeviceSecret(device_id=device_id, share=secrets.token_urlsafe(32))
    secret.token_hash = token_hash_of(token)
    session.add(secret)
    return token
