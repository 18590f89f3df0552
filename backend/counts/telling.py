"""Telling: our things in the words of FHIR R5, as a report of a count points to them."""

from datetime import date
from typing import Any

from backend.inventory import Item
from backend.scanning import check_digit
from backend.words import STATUS_WORDS

# https://terminology.hl7.org/NamingSystem-gtin.html
GTIN = "https://www.gs1.org/gtin"
URI = "urn:ietf:rfc:3986"


def reference(type: str, id: str, display: str) -> dict[str, Any]:
    """A thing by its own id, for other systems know no address of ours."""
    named = {"type": type, "identifier": {"system": URI, "value": f"urn:uuid:{id}"}, "display": display}
    return {name: part for name, part in named.items() if part}


def contained_item(id: str, item: Item, lot: str, expires: date | None, codes: list[str]) -> dict[str, Any]:
    """What is counted: an `InventoryItem` of one lot and expiration date. `codes` stand on one base unit of it."""
    status = "unknown" if item.is_stub else "active" if item.active else "inactive"
    coding = [{"system": GTIN, "code": code} for code in codes if is_gtin(code)]
    instance = {"lotNumber": lot, "expiry": str(expires) if expires else ""}
    code = {"coding": coding, "text": item.name} if coding else {"text": item.name}
    told: dict[str, Any] = {
        "resourceType": "InventoryItem",
        "id": id,
        "identifier": [{"system": URI, "value": f"urn:uuid:{item.id}"}],
        "status": status,
        "code": [code],
        "baseUnit": {"text": item.base_unit},
        "instance": {name: part for name, part in instance.items() if part},
    }
    return {name: part for name, part in told.items() if part}


def is_gtin(code: str) -> bool:
    """Whether it is a GTIN of 14 digits whose check digit is right."""
    return len(code) == 14 and code.isascii() and code.isdigit() and check_digit(code[:-1]) == code[-1]


def spelled_reason(reason: str | None, known: tuple[str, ...]) -> str:
    """Why the book was wrong, as people read it: `miscount: Two boxes` is "Miscount: Two boxes"."""
    if not reason:
        return "Within the tolerance"
    code, _, cause = reason.partition(": ")
    spelled = STATUS_WORDS[code] if code in known else code
    return f"{spelled}: {cause}" if cause else spelled
