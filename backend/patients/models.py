"""Patients: who they are and how to reach them."""

from datetime import date

from sqlalchemy import Boolean, Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Id


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
    phone: Mapped[str | None] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(String(120))
    line: Mapped[str | None] = mapped_column(String(200))
    city: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str | None] = mapped_column(String(40))
    postal_code: Mapped[str | None] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(Boolean)
    # Made by the server because something named a patient it did not know: a person must find out who it is.
    is_stub: Mapped[bool] = mapped_column(Boolean, default=False)
    source: Mapped[str | None] = mapped_column(String(200), unique=True)


class NumberSeries(Base):
    """The next medical record number of the practice."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    next: Mapped[int] = mapped_column(Integer)
