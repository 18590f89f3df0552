"""A device that was retired or lost is in use again, as long as it has not wiped itself."""

from backend.commands import REQUEST, Command, handles
from backend.devices.retiring import device_here, put_state
from backend.effects import Patch
from backend.errors import Refused
from backend.fields import Id
from backend.identity import MANAGERS
from backend.values import actor, field, now, row
from backend.work import Work


class BringBack(
    Command,
    tag="devices.bring_back",
    truth=REQUEST,
    title="Brought a device back",
    roles=MANAGERS,
    effect=[
        Patch(
            "device",
            field.device_id,
            state="enrolled",
            state_since=now,
            state_by=actor,
            when=[(row.state, "in", ["retired", "lost"]), (row.wiped_at, "set", False)],
        )
    ],
):
    """A manager found a device again, or thought better of it, before it had wiped itself."""

    device_id: Id


@handles(BringBack)
def bring_back(bringing: BringBack, work: Work) -> None:
    device = device_here(bringing.device_id, work)
    if device.wiped_at is not None:
        raise Refused(f"{device.name} has wiped itself. Enrol it again as a new device.", "wiped")
    if device.state == "enrolled":
        return work.noop("in_use", f"{device.name} is in use.")
    put_state(device, "enrolled", work)
    return None
