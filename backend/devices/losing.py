"""A device is reported lost: it wipes itself as soon as it is heard of, and what it hands in is kept apart."""

from backend.commands import REQUEST, Command, handles
from backend.devices.retiring import device_here, put_state
from backend.effects import Patch
from backend.errors import Refused
from backend.fields import Id
from backend.identity import MANAGERS
from backend.staff import end_sessions_on
from backend.values import actor, field, now, row
from backend.work import Work


class MarkLost(
    Command,
    tag="devices.mark_lost",
    truth=REQUEST,
    title="Marked a device as lost",
    roles=MANAGERS,
    effect=[
        Patch(
            "device",
            field.device_id,
            state="lost",
            state_since=now,
            state_by=actor,
            when=[(row.state, "in", ["enrolled", "retired"]), (row.wiped_at, "set", False)],
        )
    ],
):
    """A manager reported a device as lost or stolen. Nothing that it hands in from now on is applied by itself."""

    device_id: Id


@handles(MarkLost)
def mark_lost(losing: MarkLost, work: Work) -> None:
    device = device_here(losing.device_id, work)
    if device.state == "lost":
        return work.noop("already_lost", f"{device.name} is marked as lost already.")
    if device.wiped_at is not None:
        raise Refused(f"{device.name} wiped itself and said so. There is nothing on it that could be lost.", "wiped")
    put_state(device, "lost", work)
    end_sessions_on(work.session, device.name)
    return None
