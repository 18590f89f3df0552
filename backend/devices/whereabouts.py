"""Where is my data: what each device said that it holds and the office does not have, and for how long already."""

from datetime import timedelta
from typing import Any

from litestar import Request, Response, get
from sqlalchemy import select

from backend.at_office import show
from backend.clock import parse_instant
from backend.devices.listing import figures
from backend.devices.models import DeviceRecord
from backend.devices.pages import manager_of
from backend.serving import office_of

# An open tablet is heard of several times a minute; one that is not may have been given work since.
HEARD_LATELY = timedelta(minutes=5)


@get("/devices/where", sync_to_thread=True)
def show_where(request: Request) -> Response[str]:
    """For a manager. Also of devices out of use: what is on them is still the office's."""
    office = office_of(request)
    now = office.clock.now()
    with office.database.read() as session:
        caller = manager_of(request, session)
        query = select(DeviceRecord).where(DeviceRecord.site_id == caller.site.id, DeviceRecord.wiped_at.is_(None))
        devices = figures(session, session.scalars(query.order_by(DeviceRecord.name)).all())
    for device in devices:
        last = device["last_contact"]
        device["lately"] = last is not None and now - parse_instant(last) <= HEARD_LATELY
    holding = [device for device in devices if device["waiting"] or device.get("files")]
    unheard: list[dict[str, Any]] = [device for device in devices if not device["lately"]]
    context = {"devices": devices, "holding": holding, "unheard": unheard}
    return show(office, caller, "devices.where", "devices/where.html", **context)
