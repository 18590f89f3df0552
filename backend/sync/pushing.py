"""Pushing: the entries of one replica are decided in their order, however they came to the office."""

from dataclasses import dataclass

from backend.clock import Reading
from backend.deciding import Asked
from backend.devices import Known
from backend.identity import Actor
from backend.journal import Receipt
from backend.performing import perform
from backend.serving import Office
from backend.staff import find_actor
from backend.sync.entries import Entry, reason_to_hold
from backend.work import Device, Site


@dataclass(frozen=True)
class Line:
    """Where entries come from: the replica, its device and site, the keys of its people, and its clock when it sent."""

    replica_id: str
    device: Known
    site: Site
    keys: dict[str, list[str]]
    clock: Reading | None


def push(entries: list[Entry], line: Line, office: Office) -> list[Receipt]:
    """Decide them, each in its own transaction. Raises Gap, NewReplica or Busy; what was decided before stays so."""
    with office.database.read() as session:
        actors = {staff_id: find_actor(session, staff_id) for staff_id in {entry.actor_id for entry in entries}}
    receipts = []
    for entry in entries:
        actor = actors[entry.actor_id]
        asked = Asked(
            replica_id=line.replica_id,
            replica_kind="device",
            device=Device(line.device.id, line.device.name),
            site=line.site,
            # What somebody did whom the office does not know is held.
            actor=actor or Actor(entry.actor_id, "Somebody unknown"),
            received_at=office.clock.now(),
            sent_clock=line.clock,
            hold=reason_to_hold(entry, line.device, actor, line.keys, office.performer.kinds),
        )
        receipts.append(perform(entry.sent, asked, office.performer))
    return receipts
