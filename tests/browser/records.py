"""The records of a small practice as another system hands them over: FHIR R4, one resource a line."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

SYSTEM = "https://example.org/records"
PROVIDERS = {"adeyemi": ("Ruth", "Adeyemi"), "ferrer": ("Tomás", "Ferrer")}
# Given name, family name, birth date, phone.
PEOPLE = {
    "alma": ("Alma", "Castellanos", "1957-04-12", "555-010-0101"),
    "bruno": ("Bruno", "O’Hara", "1988-09-30", "(555) 010-0102"),
    "chiara": ("Chiara", "Sørensen", "2019-02-28", None),
    "dina": ("Dina", "Novak", "1971-11-02", "555 010 0104"),
    "emre": ("Emre", "Yılmaz", "1995-06-17", "5550100105"),
    "farid": ("Farid", "Haddad", "1944-01-05", "5550100106"),
    "greta": ("Greta", "Brandt", "2001-08-21", "5550100107"),
    "ines": ("Inês", "Castro", "1966-03-09", "5550100108"),
}
# Dina has no appointment: she walks in.
APPOINTMENTS = {"alma": 0, "bruno": 15, "chiara": 30, "emre": 45, "farid": 60, "greta": 75, "ines": 90}


def patient(id: str) -> dict[str, Any]:
    given, family, birth_date, phone = PEOPLE[id]
    return {
        "resourceType": "Patient",
        "id": id,
        "active": True,
        "identifier": [{"system": f"{SYSTEM}/mrn", "value": f"M-{list(PEOPLE).index(id) + 4001}"}],
        "name": [{"use": "official", "family": family, "given": [given]}],
        "birthDate": birth_date,
        "gender": "unknown",
        **({"telecom": [{"system": "phone", "value": phone, "use": "mobile"}]} if phone else {}),
        "address": [{"line": ["12 Alder St"], "city": "Millbrook", "state": "NY", "postalCode": "12545"}],
    }


def practitioner(id: str) -> dict[str, Any]:
    given, family = PROVIDERS[id]
    name = {"family": family, "given": [given], "prefix": ["Dr."]}
    return {"resourceType": "Practitioner", "id": id, "active": True, "name": [name]}


def appointment(id: str, begins: datetime) -> dict[str, Any]:
    provider = list(PROVIDERS)[len(id) % 2]
    return {
        "resourceType": "Appointment",
        "id": f"visit-{id}",
        "status": "booked",
        "start": begins.isoformat(),
        "end": (begins + timedelta(minutes=20)).isoformat(),
        "minutesDuration": 20,
        "participant": [
            {"actor": {"reference": f"Patient/{id}"}, "status": "accepted"},
            {"actor": {"reference": f"Practitioner/{provider}"}, "status": "accepted"},
        ],
    }


def resources(first: datetime) -> Iterator[dict[str, Any]]:
    """Everybody, and the visits of the day that `first` begins."""
    yield from map(practitioner, PROVIDERS)
    yield from map(patient, PEOPLE)
    for id, minutes in APPOINTMENTS.items():
        yield appointment(id, first + timedelta(minutes=minutes))


def write_records(file: Path, first: datetime) -> None:
    """The records as a bulk export has them."""
    lines = (json.dumps(resource, ensure_ascii=False) for resource in resources(first))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
