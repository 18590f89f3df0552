"""The schedule is filled: providers, rooms, kinds of visit, and visits, by the office or from another system."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta
from sqlalchemy import select

from backend.clock import office_day
from backend.commands import FACT, REQUEST, Command, handles
from backend.errors import Refused
from backend.fields import Id
from backend.identity import MANAGERS
from backend.patients import own_patient
from backend.scheduling.models import STATUSES, Provider, Room, Visit, VisitType
from backend.scheduling.visits import known_visit, show, stands
from backend.work import Work

Name = Annotated[str, Meta(min_length=1, max_length=120)]
Source = Annotated[str, Meta(max_length=200)]


class RecordProvider(Command, tag="scheduling.record_provider", truth=FACT, title="Provider", roles=MANAGERS):
    """Somebody whom patients are booked with, as another system or a manager has them."""

    provider_id: Id
    name: Name
    npi: Annotated[str, Meta(pattern="^[0-9]{10}$")] | None = None
    specialty: Name | None = None
    active: bool = True
    source: Source | None = None


@handles(RecordProvider)
def record_provider(recorded: RecordProvider, work: Work) -> None:
    provider = work.session.get(Provider, recorded.provider_id) or Provider(id=recorded.provider_id)
    work.keep_to_site(provider.site_id)
    provider.site_id, provider.name, provider.active = work.site.id, recorded.name, recorded.active
    provider.npi = recorded.npi or provider.npi
    provider.specialty = recorded.specialty or provider.specialty
    provider.source = recorded.source or provider.source
    work.session.add(provider)
    work.publish("provider", provider.id)


class RecordSpecialty(Command, tag="scheduling.record_specialty", truth=FACT, title="Specialty", roles=MANAGERS):
    """What a provider practises, told apart from who they are (a PractitionerRole of FHIR)."""

    provider_id: Id
    specialty: Name


@handles(RecordSpecialty)
def record_specialty(recorded: RecordSpecialty, work: Work) -> None:
    provider = work.session.get(Provider, recorded.provider_id)
    if provider is None:
        return work.noop("unknown_provider", "The provider is not known here.")
    work.keep_to_site(provider.site_id)
    if provider.specialty == recorded.specialty:
        return work.noop("known", "")
    provider.specialty = recorded.specialty
    work.publish("provider", provider.id)
    return None


class RecordRoom(Command, tag="scheduling.record_room", truth=FACT, title="Room", roles=MANAGERS):
    """A room in which patients are seen."""

    room_id: Id
    name: Name
    active: bool = True
    source: Source | None = None


@handles(RecordRoom)
def record_room(recorded: RecordRoom, work: Work) -> None:
    room = work.session.get(Room, recorded.room_id) or Room(id=recorded.room_id)
    work.keep_to_site(room.site_id)
    room.site_id, room.name, room.active, room.source = work.site.id, recorded.name, recorded.active, recorded.source
    work.session.add(room)
    for visit_id in work.session.scalars(select(Visit.id).where(Visit.room_id == room.id)):
        work.publish("visit", visit_id)


class RecordVisitType(Command, tag="scheduling.record_visit_type", truth=FACT, title="Visit type", roles=MANAGERS):
    """A kind of visit with its usual length in minutes."""

    visit_type_id: Id
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    minutes: Annotated[int, Meta(ge=1, le=600)]


@handles(RecordVisitType)
def record_visit_type(recorded: RecordVisitType, work: Work) -> None:
    known = work.session.get(VisitType, recorded.visit_type_id)
    type = known or VisitType(id=recorded.visit_type_id, site_id=work.site.id)
    work.keep_to_site(type.site_id)
    type.name, type.minutes = recorded.name, recorded.minutes
    work.session.add(type)
    work.publish("visit_type", type.id)


class BookVisit(Command, tag="scheduling.book_visit", truth=REQUEST, title="Booked a visit"):
    """Somebody was given a time, or another system says what it knows of a visit."""

    visit_id: Id
    patient_id: Id
    starts_at: datetime
    minutes: Annotated[int, Meta(ge=1, le=1440)] = 20
    provider_id: Id | None = None
    room_id: Id | None = None
    type: Annotated[str, Meta(min_length=1, max_length=80)] = "Office visit"
    status: str = "booked"
    reason: Annotated[str, Meta(max_length=200)] | None = None
    source: Source | None = None


@handles(BookVisit)
def book_visit(booking: BookVisit, work: Work) -> None:
    if booking.starts_at.tzinfo is None:
        raise Refused("The time of a visit needs its zone.", "no_zone")
    if booking.status not in STATUSES:
        raise Refused(f"A visit cannot be “{booking.status}”.", "no_such_status")
    patient_id = own_patient(booking.patient_id, work)
    for kind, id in ((Provider, booking.provider_id), (Room, booking.room_id)):
        if (named := work.session.get(kind, id) if id else None) is not None:
            work.keep_to_site(named.site_id)
    visit = known_visit(booking.visit_id, work)
    if visit is None:
        visit = Visit(id=booking.visit_id, kind="scheduled", booked_at=work.happened_at)
    visit.site_id, visit.patient_id, visit.provider_id = work.site.id, patient_id, booking.provider_id
    visit.room_id, visit.type, visit.minutes, visit.reason = (
        booking.room_id,
        booking.type,
        booking.minutes,
        booking.reason,
    )
    visit.starts_at, visit.day = booking.starts_at, office_day(booking.starts_at, work.site.zone_name)
    if visit.booked_status != booking.status:
        visit.booked_status, visit.booked_at = booking.status, work.happened_at
    visit.source, visit.status = booking.source, booking.status
    work.session.add(visit)
    work.session.flush()
    visit.status = stands(visit, work).status
    work.about(visit.patient_id)
    show(visit.id, work)
