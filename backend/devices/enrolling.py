"""A device is enrolled for a purpose, by a manager who holds it or whose code it showed."""

import secrets
from typing import Annotated

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.commands import REQUEST, Command, handles
from backend.devices.features import Tested, kept
from backend.devices.models import DeviceRecord, DeviceSecret
from backend.errors import Refused
from backend.fields import Choice, Label, Name, NewId, Text80
from backend.identity import MANAGERS, PURPOSES
from backend.staff import token_hash_of
from backend.work import Work


class EnrolDevice(Tested, Command, tag="devices.enrol", truth=REQUEST, title="Enrolled a device", roles=MANAGERS):
    """A manager made a browser a device of the office, in their hands or by a code."""

    device_id: NewId
    name: Annotated[Name, Label("Name of the device")]
    purpose: Annotated[Choice(*PURPOSES), Label("What it is for")]  # type: ignore[valid-type]
    place: Annotated[Text80, Label("Where it is kept")] | None = None


@handles(EnrolDevice)
def enrol_device(enrolling: EnrolDevice, work: Work) -> None:
    refuse_taken(work.session, enrolling.name, enrolling.device_id)
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
            features=kept(enrolling),
        )
    )
    work.publish("device", enrolling.device_id)
    return None


def refuse_taken(session: Session, name: str, device_id: str | None = None) -> None:
    """Two devices of one name could not be told apart."""
    taken = session.scalar(select(DeviceRecord.id).where(DeviceRecord.name == name))
    if taken is not None and taken != device_id:
        raise Refused(f"There is already a device called {name}. Give this one another name.", "name_taken")


def give_token(session: Session, device_id: str) -> str:
    """A new token for the device, and its share if it has none; who held the old token is out."""
    token = secrets.token_urlsafe(32)
    secret = session.get(DeviceSecret, device_id)
    if secret is None:
        secret = DeviceSecret(device_id=device_id, share=secrets.token_urlsafe(32))
    secret.token_hash = token_hash_of(token)
    session.add(secret)
    return token
