"""What a manager sees of the devices of a site."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.clock import instant
from backend.devices.models import DeviceRecord
from backend.sheets import Body, row
from backend.values import folded


@row("device", sheets=["devices/{site_id}"])
def device_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """Name, place, purpose and state. When it was last heard of is not a row: that changes by the minute."""
    return {
        device.id: {
            "site_id": device.site_id,
            "name": device.name,
            "place": device.place,
            "purpose": device.purpose,
            "code": device.code,
            "state": device.state,
            "enrolled_at": instant(device.enrolled_at),
            "sort_key": folded(device.name),
        }
        for device in session.scalars(select(DeviceRecord).where(DeviceRecord.id.in_(ids)))
    }
