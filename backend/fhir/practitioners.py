"""Practitioner and PractitionerRole: whom patients are booked with, and what they practise."""

import re
from typing import Any

from backend.fhir.elements import Skip, coded, first, person_name
from backend.fhir.naming import NPI, Names, identifiers, key_of, spelled
from backend.fhir.taking import Taken
from backend.scheduling import RecordProvider, RecordSpecialty


def practitioner(resource: dict[str, Any], names: Names, known: str | None = None) -> Taken:
    """The fields of `scheduling.record_provider`; `known` is the id under which an earlier import took them."""
    spoken = " ".join(part for part in person_name(resource.get("name")) if part)
    said = next((value for system, value in identifiers(resource) if system == NPI), None)
    fields = {
        "provider_id": known or names.own_id(key_of(resource)),
        "name": spoken[:120].strip(),
        "npi": said if said and is_npi(said) else None,
        "active": resource.get("active") is not False,
        "source": names.source_of(resource),
    }
    notes = ["the NPI’s check digit is wrong, so it was left out"] if said and not is_npi(said) else []
    return Taken("providers", RecordProvider, fields, notes=notes)


def role(resource: dict[str, Any], names: Names) -> Taken:
    """The fields of `scheduling.record_specialty`."""
    who = names.resolve(spelled(first(resource.get("practitioner")), "Practitioner"))
    specialty = coded(resource.get("specialty"), 120) or coded(resource.get("code"), 120)
    if who is None:
        raise Skip("it does not say whose role it is")
    if specialty is None:
        raise Skip("it names no specialty")
    return Taken("specialties", RecordSpecialty, {"provider_id": who, "specialty": specialty}, stands_for=who)


def is_npi(text: str) -> bool:
    """Ten digits that pass Luhn's check behind 80840, the prefix of US health applications (45 CFR 162.406)."""
    if not re.fullmatch("[0-9]{10}", text):
        return False
    digits = [int(digit) for digit in reversed("80840" + text)]
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0
