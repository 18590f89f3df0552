"""What was changed of a patient: kept with who did it, where and when, and told when another edit meets it."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from backend.patients.models import Patient, PatientChange
from backend.staff import seen_by
from backend.work import Work


def keep_change(patient: Patient, field: str, before: str, after: str, work: Work) -> None:
    """The old value stays in the history, whoever changes it next."""
    made = (PatientChange.patient_id == patient.id, PatientChange.field == field)
    count = work.session.scalar(select(func.count()).select_from(PatientChange).where(*made)) or 0
    work.session.add(
        PatientChange(
            command_id=work.command_id, field=field, patient_id=patient.id, place=count + 1, before=before, after=after,
            actor_id=work.actor.id, device=work.device.name, happened_at=work.happened_at,
            happened_about=work.happened_about, received_at=work.received_at,
        )
    )  # fmt: skip


def with_origin(patient: Patient, field: str, label: str, value: str, work: Work) -> str:
    """`Phone: (555) 010-0199 – Ben Ito on Tablet 2, at 9:02 am`; without an origin where no entry made it so."""
    query = select(PatientChange).where(PatientChange.patient_id == patient.id, PatientChange.field == field)
    last = work.session.scalars(query.order_by(PatientChange.place.desc()).limit(1)).first()
    said = f"{label}: {value or 'nothing'}"
    if last is None or last.after != value:
        return said
    return f"{said} – {seen_by(last, work)}"


def spelled(value: Any) -> str:
    """As people read it: 04/12/1957."""
    return f"{value:%m/%d/%Y}" if isinstance(value, date) else str(value or "nothing")
