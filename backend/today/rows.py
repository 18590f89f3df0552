"""What somebody sees of how they are told that something waits; nobody else sees it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.clock import instant
from backend.database import among
from backend.sheets import Body, row
from backend.today.models import PushDevice, PushHours


@row("push_device", sheets=["attention/{staff_id}"])
def push_device_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """On which device, since when. `id` is device/person."""
    people = {id.partition("/")[2] for id in ids}
    found = session.scalars(among(PushDevice.staff_id), {"ids": people})
    known = {push_id(one.device_id, one.staff_id): one for one in found}
    return {
        id: {"staff_id": known[id].staff_id, "device_id": known[id].device_id, "since": instant(known[id].since)}
        for id in ids
        if id in known
    }


@row("push_hours", sheets=["attention/{staff_id}"])
def push_hours_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """The quiet hours that somebody chose; `id` is the person."""
    return {
        one.staff_id: {"staff_id": one.staff_id, "quiet_from": one.quiet_from, "quiet_to": one.quiet_to}
        for one in session.scalars(among(PushHours.staff_id), {"ids": ids})
    }


def push_id(device_id: str, staff_id: str) -> str:
    """The id of somebody's row for one device."""
    return f"{device_id}/{staff_id}"
