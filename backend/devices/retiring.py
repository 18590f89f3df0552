"""A device is taken out of use: what waits on it is still handed in and kept for a manager, then it wipes itself."""

from backend.commands import REQUEST, Command, handles
from backend.devices.models import DeviceRecord
from backend.effects import Patch
from backend.errors import Missing, Refused
from backend.fields import Id
from backend.identity import MANAGERS
from backend.values import actor, field, now, row
from backend.work import Work


class RetireDevice(
    Command,
    tag="devices.retire",
    truth=REQUEST,
    title="Retired a device",
    roles=MANAGERS,
    effect=[
        Patch(
            "device",
            field.device_id,
            state="retired",
            state_since=now,
            state_by=actor,
            when=[(row.state, "eq", "enrolled")],
        )
    ],
):
    """A manager took a device out of use. At its next contact it hands in what waits, and wipes itself."""

    device_id: Id


@handles(RetireDevice)
def retire_device(retiring: RetireDevice, work: Work) -> None:
    device = device_here(retiring.device_id, work)
    if device.state == "retired":
        return work.noop("already_retired", f"{device.name} is retired already.")
    if device.state == "lost":
        raise Refused(f"{device.name} is marked as lost. Bring it back first, then retire it.", "device_lost")
    put_state(device, "retired", work)
    return None


def device_here(device_id: str, work: Work) -> DeviceRecord:
    """The device, if it is one of this site's."""
    device = work.session.get(DeviceRecord, device_id)
    if device is None or device.site_id != work.site.id:
        raise Missing("There is no such device.")
    return device


def put_state(device: DeviceRecord, state: str, work: Work) -> None:
    """From now on it is this: since when, and who said so."""
    device.state, device.state_since, device.state_by = state, work.happened_at, work.actor.id
    work.publish("device", device.id)
