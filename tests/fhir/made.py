"""FHIR resources of invented people, made as other systems write them."""

import json
from pathlib import Path
from typing import Any

NPI = "http://hl7.org/fhir/sid/us-npi"
RIGHT_NPI, OTHER_NPI, WRONG_NPI = "1234567893", "1245319599", "1234567890"


def patient(id: str, family: str = "Okafor", given: str = "Ngozi", **more: Any) -> dict[str, Any]:
    """Somebody with a name and a birth date."""
    named = {"name": [{"use": "official", "family": family, "given": [given]}], "birthDate": "1961-07-03"}
    return {"resourceType": "Patient", "id": id, **named, **more}


def practitioner(id: str, npi: str | None = RIGHT_NPI, family: str = "Brandt") -> dict[str, Any]:
    """A physician, with a national provider identifier unless told otherwise."""
    identifier = [{"system": NPI, "value": npi}] if npi else []
    name = [{"prefix": ["Dr."], "given": ["Inga"], "family": family}]
    return {"resourceType": "Practitioner", "id": id, "identifier": identifier, "name": name}


def role(id: str, who: dict[str, Any], specialty: str = "Family medicine") -> dict[str, Any]:
    """What somebody practises."""
    return {"resourceType": "PractitionerRole", "id": id, "practitioner": who, "specialty": [{"text": specialty}]}


def location(id: str, name: str = "Room 4") -> dict[str, Any]:
    """A room."""
    identifier = [{"system": "urn:rooms", "value": f"r-{id}"}]
    return {"resourceType": "Location", "id": id, "identifier": identifier, "status": "active", "name": name}


def encounter(id: str, who: str, start: str = "2026-11-24T15:00:00Z", **more: Any) -> dict[str, Any]:
    """An ambulatory visit of the patient with this id."""
    said = {"status": "planned", "class": {"code": "AMB"}, "subject": {"reference": f"Patient/{who}"}}
    return {"resourceType": "Encounter", "id": id, **said, "period": {"start": start}, **more}


def appointment(id: str, who: str, *others: str, **more: Any) -> dict[str, Any]:
    """A slot in the schedule for the patient with this id and whoever else takes part."""
    actors = [{"actor": {"reference": said}} for said in (f"Patient/{who}", *others)]
    said = {"status": "booked", "start": "2026-11-24T16:00:00Z", "minutesDuration": 30, "participant": actors}
    return {"resourceType": "Appointment", "id": id, **said, **more}


def ndjson(path: Path, *lines: dict[str, Any] | str) -> Path:
    """A file with one resource, or whatever text, to a line."""
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return path


def bundle(path: Path, *resources: dict[str, Any], indent: int | None = 2) -> Path:
    """A Bundle in which everything is named by an URN."""
    entries = [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in resources]
    path.write_text(json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}, indent=indent))
    return path
