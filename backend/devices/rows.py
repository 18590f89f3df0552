"""What a manager sees of the devices of a site."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.clock import instant, optional_instant
from backend.database import among
from backend.devices.features import shown
from backend.devices.models import DeviceRecord, Wipe
from backend.devices.wiping import evidence
from backend.identity import PURPOSES
from backend.sheets import Body, row
from backend.values import folded

NOT_WIPED = dict.fromkeys(("wipe_received_at", "wipe_text", "wipe_entries_left", "wipe_signature", "wipe_key"))


@row("device", sheets=["devices/{site_id}"])
def device_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """What it is, can and may. When it was last heard of is not a row, which would change by the minute; silence is."""
    wipes = {wipe.device_id: evidence(wipe) for wipe in session.scalars(among(Wipe.device_id), {"ids": ids})}
    return {
        device.id: {
            "site_id": device.site_id,
            "name": device.name,
            "place": device.place,
            "purpose": device.purpose,
            "purpose_word": PURPOSES[device.purpose].name if device.purpose in PURPOSES else device.purpose,
            "code": device.code,
            "state": device.state,
            "state_since": optional_instant(device.state_since),
            "state_by": device.state_by,
            "enrolled_at": instant(device.enrolled_at),
            "enrolled_by": device.enrolled_by,
            "wiped_at": optional_instant(device.wiped_at),
            "silent_since": optional_instant(device.silent_since),
            "holding_since": optional_instant(device.holding_since),
            "in_trouble": device.silent_since is not None or device.holding_since is not None,
            "sort_key": folded(device.name),
            **shown(device.features),
            **wipes.get(device.id, NOT_WIPED),
        }
        for device in session.scalars(among(DeviceRecord.id), {"ids": ids})
    }
