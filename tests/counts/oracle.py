"""FHIR R5 as somebody else wrote it down: `fhir.resources` says whether a resource is one, and reads it back."""

import json
from typing import Any

from fhir.resources.inventoryreport import InventoryReport


def valid(told: dict[str, Any]) -> dict[str, Any]:
    """The resource as the library understood it; it raises ValidationError at whatever the standard does not know."""
    read: dict[str, Any] = json.loads(InventoryReport.model_validate_json(json.dumps(told)).model_dump_json())
    return spelled(read)


def spelled(value: Any) -> Any:
    """Instants in the one spelling that ours have: the library drops what is no fraction."""
    if isinstance(value, dict):
        return {name: spelled(part) for name, part in value.items()}
    if isinstance(value, list):
        return [spelled(part) for part in value]
    if isinstance(value, str) and len(value) == 20 and value.endswith("Z") and value[10] == "T":
        return f"{value[:-1]}.000Z"
    return value
