"""Patient: somebody the practice knows."""

from datetime import date
from typing import Any

from backend.fhir.elements import birth_date, codes, first, many, person_name, phone, text, texts
from backend.fhir.naming import Names
from backend.fhir.taking import Taken
from backend.patients import ImportPatient

SEXES = ("female", "male", "other")


def patient(resource: dict[str, Any], names: Names, today: date) -> Taken:
    """The fields of `patients.import_patient`."""
    _, given, family = person_name(resource.get("name"))
    address = home(resource.get("address"))
    gender = resource.get("gender")
    fields = {
        "patient_id": names.own_id(f"Patient/{resource['id']}"),
        "source": names.source_of(resource),
        "family": family,
        "given": given,
        "birth_date": birth_date(resource.get("birthDate"), today),
        "sex": gender if gender in SEXES else "unknown",
        "language": language(resource.get("communication")),
        "mrn": record_number(resource),
        "phone": phone(resource.get("telecom")),
        "email": email(resource.get("telecom")),
        "line": texts(address.get("line"))[:200].strip() or text(address.get("text"), 200),
        "city": text(address.get("city"), 80),
        "state": text(address.get("state"), 40),
        "postal_code": text(address.get("postalCode"), 20),
        "active": resource.get("active") is not False and not has_died(resource),
    }
    notes = []
    if resource.get("birthDate") and not fields["birth_date"]:
        notes.append("only the month or year of birth is known")
    return Taken("patients", ImportPatient, fields, notes=notes)


def record_number(resource: dict[str, Any]) -> str | None:
    """The identifier of type MR; one too long for a label is none, and the office gives its own."""
    for one in many(resource.get("identifier")):
        if "MR" in codes(one.get("type")) and (number := text(one.get("value"), 61)) and len(number) <= 60:
            return number
    return None


def language(communication: Any) -> str:
    """The language they prefer to be spoken to in, without its region; English when nothing is said."""
    spoken = sorted(many(communication), key=lambda one: one.get("preferred") is not True)
    for one in spoken:
        for coding in many(first(one.get("language")).get("coding")):
            if code := text(coding.get("code"), 20):
                return code.split("-")[0].lower()
    return "en"


def email(telecom: Any) -> str | None:
    """The first address that has an @ and fits."""
    given = [text(one.get("value"), 121) for one in many(telecom) if one.get("system") == "email"]
    return next((one for one in given if one and "@" in one and len(one) <= 120), None)


def home(addresses: Any) -> dict[str, Any]:
    """Where they live now: not a former address, home before any other."""
    present = [one for one in many(addresses) if one.get("use") != "old"]
    return min(present, key=lambda one: one.get("use") != "home", default={})


def has_died(resource: dict[str, Any]) -> bool:
    """Either of the two ways in which FHIR says so."""
    return resource.get("deceasedBoolean") is True or bool(resource.get("deceasedDateTime"))
