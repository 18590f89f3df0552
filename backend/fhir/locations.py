"""Location: a place where patients are seen."""

from typing import Any

from backend.fhir.elements import Skip, text
from backend.fhir.naming import Names, key_of
from backend.fhir.taking import Taken
from backend.scheduling import RecordRoom


def location(resource: dict[str, Any], names: Names) -> Taken:
    """The fields of `scheduling.record_room`."""
    name = text(resource.get("name"), 120) or text(resource.get("description"), 120)
    if name is None:
        raise Skip("without a name")
    fields = {
        "room_id": names.own_id(key_of(resource)),
        "name": name,
        "active": resource.get("status") in (None, "active"),
        # By the key and not by the resource's id: two exports may each have an id for the same place.
        "source": f"{names.source}/{key_of(resource)}"[-200:],
    }
    return Taken("rooms", RecordRoom, fields)
