"""What is seen of a patient: a thin row for every tablet, and how to reach them where they have visits."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.clock import optional_instant
from backend.patients.models import Patient
from backend.sheets import Body, row
from backend.values import folded


@row("patient", sheets=["patients/{site_id}"])
def patient_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """Name, birth date, phone and MRN, with the folded text by which they are found."""
    return {
        patient.id: {
            "site_id": patient.site_id,
            "family": patient.family,
            "given": patient.given,
            "birth_date": str(patient.birth_date) if patient.birth_date else None,
            "sex": patient.sex,
            "phone": patient.phone,
            "mrn": patient.mrn,
            "language": patient.language,
            "active": patient.active,
            "search": search_text(patient),
            "sort_key": folded(patient.family, patient.given),
        }
        for patient in session.scalars(select(Patient).where(Patient.id.in_(ids)))
    }


def search_text(patient: Patient) -> str:
    """Everything by which the desk looks for somebody: both spellings of the birth date included."""
    birth = patient.birth_date
    dates = [str(birth), f"{birth:%m/%d/%Y}", f"{birth.month}/{birth.day}/{birth.year}"] if birth else []
    return folded(patient.family, patient.given, *dates, patient.phone, patient.mrn)


@row("contact", owner="patient_id")
def contact_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """Address, phone and e-mail. It stands in no sheet of its own: visits bring it along."""
    return {
        patient.id: {
            "patient_id": patient.id,
            "line": patient.line,
            "city": patient.city,
            "state": patient.state,
            "postal_code": patient.postal_code,
            "phone": patient.phone,
            "email": patient.email,
            "verified_at": optional_instant(patient.verified_at),
            "verified_by": patient.verified_by,
        }
        for patient in session.scalars(select(Patient).where(Patient.id.in_(ids)))
    }
