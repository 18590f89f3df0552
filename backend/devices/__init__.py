"""Devices: tablets, phones and desks of the office, what each is for, and who unlocked it."""

from datetime import timedelta

from sqlalchemy.orm import Session

from backend.devices.arriving import arrive, arrived, look
from backend.devices.bringing_back import BringBack
from backend.devices.callers import find_caller, signed_in_at
from backend.devices.codes import invitation_state, invite_post
from backend.devices.enrolling import EnrolDevice
from backend.devices.hearing import Heard, first_enrolled, heard_of
from backend.devices.listing import devices_page, posts, record_page, show_devices, show_figures
from backend.devices.losing import MarkLost
from backend.devices.models import DeviceRecord
from backend.devices.opening import record_key, resume, suspend, unlock
from backend.devices.pages import device_page, enrol_page, enrol_post
from backend.devices.retiring import RetireDevice
from backend.devices.returning import come_back
from backend.devices.rows import device_row
from backend.devices.signing import is_signed, keys_of
from backend.devices.silence import NoteSilence, silence_due
from backend.devices.standing import after_hand_in, read_standing
from backend.devices.table import show_table
from backend.devices.unlocking import (
    Known,
    contact_is_due,
    find_device,
    find_device_by_id,
    record_contact,
)
from backend.devices.whereabouts import show_where
from backend.devices.wiping import RecordWipe, wiped
from backend.house import Room
from backend.timetable import Job

__all__ = [
    "Heard",
    "Known",
    "after_hand_in",
    "contact_is_due",
    "find_caller",
    "find_device",
    "find_device_by_id",
    "first_enrolled",
    "heard_of",
    "is_signed",
    "keys_of",
    "name_of",
    "read_standing",
    "record_contact",
    "room",
    "signed_in_at",
]


def name_of(session: Session, device_id: str | None) -> str:
    """What people call a device; work done without one was done at the office's own screens."""
    device = session.get(DeviceRecord, device_id) if device_id else None
    return device.name if device else "a browser"


room = Room(
    name="devices",
    commands=[EnrolDevice, RetireDevice, MarkLost, BringBack, RecordWipe, NoteSilence],
    rows=[device_row],
    pages=[device_page, devices_page, record_page],
    posts=posts,
    jobs=[Job("devices.note_silence", every=timedelta(minutes=10), command=NoteSilence, due=silence_due)],
    routes=[
        enrol_page,
        enrol_post,
        unlock,
        record_key,
        suspend,
        come_back,
        resume,
        show_devices,
        show_figures,
        show_where,
        show_table,
        invite_post,
        invitation_state,
        arrive,
        look,
        arrived,
        wiped,
    ],
)
