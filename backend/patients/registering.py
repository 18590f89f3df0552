"""A patient is registered: at the desk, by an import, or as a stub when an entry names somebody unknown."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from msgspec import Meta
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.commands import FACT, Command, handles
from backend.errors import Held
from backend.fields import Id
from backend.identity import MANAGERS
from backend.patients.aliases import survivors
from backend.patients.models import NumberSeries, Patient
from backend.patients.pairing import hear, publish_pairs
from backend.work import Work

EARLIEST_BIRTH = date(1850, 1, 1)
Short = Annotated[str, Meta(max_length=120)]


@dataclass(frozen=True)
class Identity:
    """What the desk asks of somebody new."""

    family: str
    given: str
    birth_date: date | None
    sex: str
    phone: str | None


class ImportPatient(Command, tag="patients.import_patient", truth=FACT, title="Imported a patient", roles=MANAGERS):
    """Another system's record of a patient was taken over, or taken over again after it changed there."""

    patient_id: Id
    source: Short
    family: Short
    given: Short
    birth_date: date | None = None
    sex: Annotated[str, Meta(pattern="^(female|male|other|unknown)$")] = "unknown"
    language: Annotated[str, Meta(max_length=20)] = "en"
    mrn: Annotated[str, Meta(max_length=60)] | None = None
    phone: Annotated[str, Meta(max_length=20)] | None = None
    email: Short | None = None
    line: Annotated[str, Meta(max_length=200)] | None = None
    city: Annotated[str, Meta(max_length=80)] | None = None
    state: Annotated[str, Meta(max_length=40)] | None = None
    postal_code: Annotated[str, Meta(max_length=20)] | None = None
    active: bool = True


@handles(ImportPatient)
def import_patient(taken: ImportPatient, work: Work) -> None:
    if taken.birth_date is not None and not EARLIEST_BIRTH <= taken.birth_date <= work.today:
        raise Held("The birth date cannot be right. Correct it where the record comes from.", "absurd_birth_date")
    # The other system's own record, also where it was merged here: what a person chose stays.
    patient = own_record(taken.patient_id, work)
    if patient is None:
        patient = Patient(id=taken.patient_id, site_id=work.site.id, mrn=mrn_for(taken, work), source=taken.source)
    for name in ("family", "given", "birth_date", "sex", "language", "phone", "email", "line", "city", "state"):
        setattr(patient, name, getattr(taken, name))
    patient.postal_code, patient.active, patient.is_stub = taken.postal_code, taken.active, False
    hear(patient)
    work.session.add(patient)
    publish_patient(patient.id, work)


def mrn_for(taken: ImportPatient, work: Work) -> str:
    """The other system's number where it is free, else the next of ours."""
    if taken.mrn and work.session.scalar(select(Patient.id).where(Patient.mrn == taken.mrn)) is None:
        return taken.mrn
    return next_mrn(work.session)


def register(patient_id: str, identity: Identity, work: Work) -> Patient:
    """Somebody new at the desk; whether they are known under another number is asked by `ask_who_it_is`."""
    patient = known_patient(patient_id, work)
    if patient is not None and not patient.is_stub:
        work.flag("registered_twice", "The same new patient was entered twice; the first entry stands.")
        return patient
    if patient is None:
        patient = Patient(id=patient_id, site_id=work.site.id, mrn=next_mrn(work.session), language="en", active=True)
    patient.family, patient.given, patient.birth_date = identity.family, identity.given, identity.birth_date
    patient.sex, patient.phone, patient.is_stub = identity.sex, identity.phone, False
    hear(patient)
    work.session.add(patient)
    publish_patient(patient.id, work)
    return patient


def find_or_stub(patient_id: str, work: Work) -> Patient:
    """The patient that a fact names. Unknown here: a stub stands in, flagged, so that the fact is not lost."""
    patient = known_patient(patient_id, work)
    if patient is None:
        patient = Patient(
            id=patient_id,
            site_id=work.site.id,
            mrn=next_mrn(work.session),
            family="Unknown",
            given="Patient",
            family_folded="unknown",
            sex="unknown",
            language="en",
            active=True,
            is_stub=True,
        )
        work.session.add(patient)
        work.flag("unknown_patient", "This entry names a patient the office does not know yet. Find out who it is.")
        publish_patient(patient.id, work)
    return patient


def known_patient(patient_id: str, work: Work) -> Patient | None:
    """The patient if there is one, or who stands for them since they were merged."""
    return own_record(survivors(work.session, [patient_id]).get(patient_id, patient_id), work)


def own_record(patient_id: str, work: Work) -> Patient | None:
    """The record by this very id. Another site's is nobody's here to see or to touch."""
    patient = work.session.get(Patient, patient_id)
    if patient is not None:
        work.keep_to_site(patient.site_id)
    return patient


def own_patient(patient_id: str, work: Work) -> str:
    """The id to book for, which may be another since a merge; Missing for a patient of another site.

    A visit brings its patient's rows to the site where it is.
    """
    patient = known_patient(patient_id, work)
    return patient_id if patient is None else patient.id


def next_mrn(session: Session) -> str:
    """The next medical record number, never given twice."""
    while True:
        session.flush()
        taken = session.execute(
            update(NumberSeries)
            .where(NumberSeries.name == "mrn")
            .values(next=NumberSeries.next + 1)
            .returning(NumberSeries.next)
        ).scalar()
        if taken is None:
            session.add(NumberSeries(name="mrn", next=100001))
            continue
        mrn = f"{taken - 1:06d}"
        if session.scalar(select(Patient.id).where(Patient.mrn == mrn)) is None:
            return mrn


def publish_patient(patient_id: str, work: Work) -> None:
    """Both rows of the aggregate."""
    work.about(patient_id)
    work.publish("patient", patient_id)
    work.publish("contact", patient_id)
    publish_pairs(patient_id, work)
