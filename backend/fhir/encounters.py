"""Encounter: a visit as the clinical side has it."""

from typing import Any

from backend.fhir.elements import Skip, coded, codes, first, many, minutes, moment
from backend.fhir.naming import Names, spelled
from backend.fhir.visits import Told

# FHIR R4, then what R5 calls the same.
STATUSES = {
    "planned": "booked",
    "arrived": "arrived",
    "triaged": "checked_in",
    "in-progress": "with_provider",
    "onleave": "with_provider",
    "finished": "checked_out",
    "cancelled": "cancelled_by_office",
    "entered-in-error": "in_error",
    "on-hold": "with_provider",
    "discharged": "checked_out",
    "completed": "checked_out",
    "discontinued": "left_unseen",
}
AMBULATORY = "AMB"


def encounter(resource: dict[str, Any], names: Names) -> Told:
    """What it says of the visit. It is the visit of its appointment, where it names one: one thing, one status."""
    status = STATUSES.get(str(resource.get("status")))
    if status is None:
        raise Skip("a status that says nothing of the visit")
    period = first(resource.get("period") or resource.get("actualPeriod"))
    start = moment(period.get("start"))
    appointment = spelled(first(resource.get("appointment")), "Appointment")
    booked = names.resolve(appointment)
    place = first(first(resource.get("location")).get("location"))
    return Told(
        visit_id=booked or names.own_id(f"Encounter/{resource['id']}"),
        patient=spelled(first(resource.get("subject")), "Patient"),
        providers=performers(resource.get("participant")),
        room=spelled(place, "Location"),
        start=start,
        minutes=minutes(start, period.get("end"), None),
        type=coded(resource.get("type"), 80),
        status=status,
        reason=coded(resource.get("reasonCode"), 200),
        source=f"{names.source}/visit/{booked}" if booked else names.source_of(resource),
    )


def performers(participants: Any) -> list[str]:
    """Who saw the patient, the primary performer first."""
    ranked = sorted(many(participants), key=lambda one: "PPRF" not in codes(one.get("type")))
    people = [spelled(first(one.get("individual") or one.get("actor")), "Practitioner") for one in ranked]
    return [said for said in people if said and said.startswith(("Practitioner", "urn:"))]


def classes(resource: dict[str, Any]) -> list[str]:
    """`AMB`, `IMP`, `EMER`…: a Coding in R4, a list of concepts in R5; none when it does not say."""
    said = many(resource.get("class"))
    return [str(one["code"]) for one in said if one.get("code")] or sorted(codes(said))
