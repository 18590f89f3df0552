"""Appointment: a visit as the schedule has it."""

from typing import Any

from backend.fhir.elements import Skip, coded, codes, first, many, minutes, moment, text
from backend.fhir.naming import Names, spelled
from backend.fhir.visits import Told

STATUSES = {
    "proposed": "proposed",
    "pending": "proposed",
    "booked": "booked",
    "arrived": "arrived",
    "checked-in": "checked_in",
    "fulfilled": "checked_out",
    "cancelled": "cancelled_by_office",
    "noshow": "no_show",
    "waitlist": "waitlist",
    "entered-in-error": "in_error",
}


def appointment(resource: dict[str, Any], names: Names) -> Told:
    """What it says of the visit."""
    status = STATUSES.get(str(resource.get("status")))
    if status is None:
        raise Skip("a status that says nothing of the visit")
    # Codes of the patient's own reasons begin alike in FHIR's list of cancellation reasons.
    reasons = codes(resource.get("cancelationReason")) | codes(resource.get("cancellationReason"))
    if status == "cancelled_by_office" and any(code == "pat" or code.startswith("pat-") for code in reasons):
        status = "cancelled_by_patient"
    start = moment(resource.get("start"))
    actors = [spelled(first(one.get("actor")), "") for one in many(resource.get("participant"))]
    visit_id = names.own_id(f"Appointment/{resource['id']}")
    return Told(
        visit_id=visit_id,
        patient=next((said for said in actors if is_a("Patient", said, names)), None),
        providers=[said for said in actors if said and is_a("Practitioner", said, names)],
        room=next((said for said in actors if is_a("Location", said, names)), None),
        start=start,
        minutes=minutes(start, resource.get("end"), resource.get("minutesDuration")),
        type=coded(resource.get("appointmentType"), 80) or coded(resource.get("serviceType"), 80),
        status=status,
        reason=coded(resource.get("reasonCode"), 200) or text(resource.get("description"), 200),
        source=f"{names.source}/visit/{visit_id}",
    )


def is_a(type: str, said: str | None, names: Names) -> bool:
    """Whether a reference is to such a resource; an URN tells only by what it led to."""
    if said is None:
        return False
    return said.startswith(type) if not said.startswith("urn:") else names.types.get(said, "").startswith(type)
