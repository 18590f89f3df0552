"""The schedule: providers, rooms, kinds of visit, the visits, and what became of each."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Id, Instant

# The rank along which a visit rises, which is also the merge rule of two truths (`words.md`).
RANK = ("booked", "confirmed", "arrived", "checked_in", "roomed", "with_provider", "checked_out")
# Before the visit begins these stand beside the rank; somebody who comes anyway is daily life.
GIVEN_UP = ("no_show", "cancelled_by_patient", "cancelled_by_office")
STATUSES = ("proposed", "waitlist", *RANK, *GIVEN_UP, "left_unseen", "in_error")


class Provider(Base):
    """Somebody whom patients are booked with."""

    __tablename__ = "provider"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    npi: Mapped[str | None] = mapped_column(String(10))
    specialty: Mapped[str | None] = mapped_column(String(120))
    active: Mapped[bool] = mapped_column(Boolean)
    source: Mapped[str | None] = mapped_column(String(200), unique=True)


class Room(Base):
    """A room in which patients are seen."""

    __tablename__ = "room"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    active: Mapped[bool] = mapped_column(Boolean)
    source: Mapped[str | None] = mapped_column(String(200), unique=True)


class VisitType(Base):
    """A kind of visit with its usual length."""

    __tablename__ = "visit_type"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    minutes: Mapped[int] = mapped_column(Integer)


class Visit(Base):
    """An appointment and what becomes of it. `booked_status` is what the schedule says; `status` what stands now."""

    __tablename__ = "visit"
    __table_args__ = (Index("visit_day", "site_id", "day"), Index("visit_patient", "patient_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(String(40))
    day: Mapped[date] = mapped_column(Date)
    starts_at: Mapped[datetime] = mapped_column(Instant)
    minutes: Mapped[int] = mapped_column(Integer)
    patient_id: Mapped[str | None] = mapped_column(Id)
    provider_id: Mapped[str | None] = mapped_column(Id)
    room_id: Mapped[str | None] = mapped_column(Id)
    type: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))  # scheduled or walk_in
    reason: Mapped[str | None] = mapped_column(String(200))
    booked_status: Mapped[str] = mapped_column(String(24))
    booked_at: Mapped[datetime] = mapped_column(Instant)
    status: Mapped[str] = mapped_column(String(24))
    source: Mapped[str | None] = mapped_column(String(200), unique=True)
    # The visit that was given the time of this one when it was cancelled.
    given_to: Mapped[str | None] = mapped_column(Id)


class VisitEvent(Base):
    """Something that happened to a visit, as somebody saw it. Never changed but for `undone_by`."""

    __tablename__ = "visit_event"
    __table_args__ = (Index("visit_event_visit", "visit_id"),)

    command_id: Mapped[str] = mapped_column(Id, primary_key=True)
    visit_id: Mapped[str] = mapped_column(Id)
    place: Mapped[int] = mapped_column(Integer)  # 1, 2, 3… within the visit, in the order of receipt
    what: Mapped[str] = mapped_column(String(20))
    command: Mapped[str] = mapped_column(String(80))
    actor_id: Mapped[str] = mapped_column(Id)
    device_id: Mapped[str | None] = mapped_column(Id)
    happened_at: Mapped[datetime] = mapped_column(Instant)
    happened_about: Mapped[bool] = mapped_column(Boolean)
    received_at: Mapped[datetime] = mapped_column(Instant)
    detail: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    undone_by: Mapped[str | None] = mapped_column(Id)
    # Who wrote it on paper, where it was typed in afterwards.
    paper_by: Mapped[str | None] = mapped_column(String(80))
