"""Patients: who they are and how to reach them."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Id, Instant


class Patient(Base):
    """One person who is or was a patient. `source` is the id in the system they were imported from."""

    __tablename__ = "patient"
    __table_args__ = (Index("patient_likeness", "birth_date", "family_folded"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(String(40))
    mrn: Mapped[str] = mapped_column(String(60), unique=True)
    family: Mapped[str] = mapped_column(String(120))
    given: Mapped[str] = mapped_column(String(120))
    family_folded: Mapped[str] = mapped_column(String(160))
    birth_date: Mapped[date | None] = mapped_column(Date)
    sex: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(20))
    phone: Mapped[str | None] = mapped_column(String(20), index=True)
    email: Mapped[str | None] = mapped_column(String(120))
    line: Mapped[str | None] = mapped_column(String(200))
    city: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str | None] = mapped_column(String(40))
    postal_code: Mapped[str | None] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(Boolean)
    # Made by the server because something named a patient it did not know: a person must find out who it is.
    is_stub: Mapped[bool] = mapped_column(Boolean, default=False)
    source: Mapped[str | None] = mapped_column(String(200), unique=True)
    # How the name sounds, for finding who may be the same person.
    sound: Mapped[str | None] = mapped_column(String(13), index=True)
    # A person said that this is the same as that patient, who is shown wherever this one is named.
    merged_into: Mapped[str | None] = mapped_column(Id, index=True)
    # When the desk last read the contact details back to them, also where nothing had changed.
    verified_at: Mapped[datetime | None] = mapped_column(Instant)
    verified_by: Mapped[str | None] = mapped_column(Id)


class PatientChange(Base):
    """What one entry changed of a patient: the value before and after, as people read it. Never changed."""

    __tablename__ = "patient_change"
    __table_args__ = (Index("patient_change_patient", "patient_id", "field"),)

    command_id: Mapped[str] = mapped_column(Id, primary_key=True)
    field: Mapped[str] = mapped_column(String(20), primary_key=True)
    patient_id: Mapped[str] = mapped_column(Id)
    place: Mapped[int] = mapped_column(Integer)  # 1, 2, 3… of this field, in the order of receipt
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    actor_id: Mapped[str] = mapped_column(Id)
    device: Mapped[str] = mapped_column(String(60))
    happened_at: Mapped[datetime] = mapped_column(Instant)
    happened_about: Mapped[bool] = mapped_column(Boolean)
    received_at: Mapped[datetime] = mapped_column(Instant)


class PatientEdit(Base):
    """What one entry gave the patient, and what it replaced: JSON by column, so that it can be put back."""

    __tablename__ = "patient_edit"
    __table_args__ = (Index("patient_edit_patient", "patient_id", "command"),)

    command_id: Mapped[str] = mapped_column(Id, primary_key=True)
    patient_id: Mapped[str] = mapped_column(Id)
    command: Mapped[str] = mapped_column(String(40))
    place: Mapped[int] = mapped_column(Integer)  # 1, 2, 3… of this patient, in the order of receipt
    entered: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    happened_at: Mapped[datetime] = mapped_column(Instant)
    undone_by: Mapped[str | None] = mapped_column(Id)


class DuplicatePair(Base):
    """Two records that may be of the same person, and what a person said about them.

    `found_by` is the entry that found them, whose card asks; `closed_card` says that the decision closed it.
    `before` is what the surviving record had and has no more, as JSON, so that a merge can be undone.
    """

    __tablename__ = "duplicate_pair"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(String(40))
    patient_id: Mapped[str] = mapped_column(Id, index=True)
    other_id: Mapped[str] = mapped_column(Id, index=True)
    state: Mapped[str] = mapped_column(String(10))
    found_at: Mapped[datetime] = mapped_column(Instant)
    found_by: Mapped[str] = mapped_column(Id, index=True)
    closed_card: Mapped[bool] = mapped_column(Boolean, default=False)
    decided_by: Mapped[str | None] = mapped_column(Id)
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    command_id: Mapped[str | None] = mapped_column(Id)
    before: Mapped[str | None] = mapped_column(Text)


class NumberSeries(Base):
    """The next medical record number of the practice."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    next: Mapped[int] = mapped_column(Integer)
