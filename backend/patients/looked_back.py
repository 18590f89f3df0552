"""A patient as their history names them, and everything that entries call them."""

from sqlalchemy.orm import Session

from backend.patients.aliases import aliases, survivors
from backend.patients.rows import standing_for
from backend.work import Site


def known_as(session: Session, patient_id: str) -> list[str]:
    """Every id under which entries name the patient: of the record that stands, and of those merged into it."""
    stands = survivors(session, [patient_id]).get(patient_id, patient_id)
    return [stands, *(one.id for one in aliases(session, [stands]).get(stands, []))]


def names_of(session: Session, site: Site, patient_id: str | None) -> tuple[str, list[str]] | None:
    """The name of a patient of the site, and what else tells them from others: the birth date and the MRN."""
    patient = standing_for(session, [patient_id]).get(patient_id) if patient_id else None
    if patient is None or patient.site_id != site.id:
        return None
    born = [f"{patient.birth_date:%m/%d/%Y}"] if patient.birth_date else []
    return f"{patient.given} {patient.family}", [*born, f"MRN {patient.mrn}"]
