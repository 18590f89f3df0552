"""Somebody walks in without an appointment: a known patient, or a new one."""

from datetime import date
from typing import Annotated, Any, Protocol

from backend.commands import FACT, Command, handles, undoes
from backend.effects import Put, Undoing
from backend.fields import BirthDate, Id, Label, Name, NewId, Phone, Sex, Text80
from backend.patients import Identity, ask_who_it_is, find_or_stub, register
from backend.scheduling import (
    ALERT_MINUTES,
    NOTHING_YET,
    WALK_IN_MINUTES,
    OnPaper,
    known_visit,
    new_visit,
    record,
    stands,
    take_back,
)
from backend.values import actor, command, field, fold, now, site, today
from backend.work import Work

TypeOfVisit = Annotated[Text80, Label("Visit type")]
Reason = Annotated[Text80, Label("Reason")]


class WalkedIn(Protocol):
    """What every entry of a walk-in says, wherever it was written."""

    visit_id: str
    type: str
    reason: str | None


class NewHere(Protocol):
    """What is asked of somebody new."""

    family: str
    given: str
    birth_date: date
    sex: str
    phone: str | None


def walk_in_visit(tag: str, sheet: str = "visits/{site}/{today}", at: Any = now, **otherwise: Any) -> dict[str, Any]:
    """The paint of a visit that starts with its arrival; every field that the server's row has."""
    values = {
        "site_id": site, "day": today, "starts_at": at, "minutes": WALK_IN_MINUTES, "patient_id": field.patient_id,
        "provider_id": field.provider_id, "type": field.type, "is_walk_in": True, "reason": field.reason, "room": None,
        "status": "arrived", "status_since": at, "arrived_at": at, "arrived_by": actor, "arrived_about": False,
        "next_action": "identify", "last_command": tag, "last_command_id": command, "status_before": "in_error",
        "since_before": at, "next_before": "", "can_undo": True,
        "alert_minutes": ALERT_MINUTES["arrived"], "flags": ["walk_in"], **NOTHING_YET,
    }  # fmt: skip
    return Put("visit", field.visit_id, sheet=sheet, **{**values, **otherwise})


# The paint of somebody whom the practice does not know yet.
NEW_PATIENT = Put(
    "patient", field.patient_id, sheet="patients/{site}",
    site_id=site, family=field.family, given=field.given, birth_date=field.birth_date, sex=field.sex,
    phone=field.phone, mrn="", language="en", active=True,
    search=fold(field.family, field.given, field.birth_date, field.phone), sort_key=fold(field.family, field.given),
)  # fmt: skip
GONE = Undoing("visit", status="in_error", next_action="", last_command_id=None, last_command=None, can_undo=False)
TIMES = ("starts_at", "status_since", "arrived_at", "arrived_about", "since_before", "about_steps", "unknown_steps")


class RecordWalkIn(
    Command,
    tag="checkin.record_walk_in",
    truth=FACT,
    title="Walk-in",
    effect=[walk_in_visit("checkin.record_walk_in")],
    undo=GONE,
    server_decides=TIMES,
):
    """A patient whom the practice knows came without an appointment. `visit_id` is made on the device."""

    visit_id: NewId
    patient_id: Id
    type: TypeOfVisit
    provider_id: Id | None = None
    reason: Reason | None = None


@handles(RecordWalkIn)
def record_walk_in(walk_in: RecordWalkIn, work: Work) -> None:
    patient = find_or_stub(walk_in.patient_id, work)
    open_walk_in(walk_in, patient.id, "checkin.record_walk_in", work, walk_in.provider_id)


class RegisterWalkIn(
    Command,
    tag="checkin.register_walk_in",
    truth=FACT,
    title="Walk-in, new patient",
    effect=[NEW_PATIENT, walk_in_visit("checkin.register_walk_in")],
    undo=GONE,
    server_decides=(*TIMES, "mrn", "search"),
):
    """Somebody the practice does not know came without an appointment. Both ids are made on the device."""

    visit_id: NewId
    patient_id: NewId
    family: Annotated[Name, Label("Last name")]
    given: Annotated[Name, Label("First name")]
    birth_date: Annotated[BirthDate, Label("Birth date")]
    sex: Annotated[Sex, Label("Sex")]
    type: TypeOfVisit
    phone: Annotated[Phone, Label("Phone")] | None = None
    provider_id: Id | None = None
    reason: Reason | None = None


@handles(RegisterWalkIn)
def register_walk_in(walk_in: RegisterWalkIn, work: Work) -> None:
    patient = register(walk_in.patient_id, identity_of(walk_in), work)
    open_walk_in(walk_in, patient.id, "checkin.register_walk_in", work, walk_in.provider_id)
    ask_who_it_is(patient, work)


def identity_of(who: NewHere) -> Identity:
    """What the desk asked of somebody new."""
    return Identity(who.family, who.given, who.birth_date, who.sex, who.phone)


def open_walk_in(
    walk_in: WalkedIn, patient_id: str, command: str, work: Work, provider_id: str | None = None,
    paper: OnPaper | None = None,
) -> None:  # fmt: skip
    """The visit begins with its arrival. The same visit entered twice stays one visit with two witnesses."""
    visit = known_visit(walk_in.visit_id, work)
    if visit is None:
        visit = new_visit(walk_in.visit_id, patient_id, walk_in.type, work, paper)
        visit.booked_status = "in_error"
        visit.provider_id, visit.reason = provider_id, walk_in.reason
    else:
        work.flag("walked_in_twice", "The same walk-in was entered twice; both entries are kept on one visit.")
    work.about(patient_id)
    record(visit, stands(visit, work), "arrived", command, work, paper=paper)


@undoes(RecordWalkIn)
@undoes(RegisterWalkIn)
def take_walk_in_back(command_id: str, _walk_in: RecordWalkIn | RegisterWalkIn, work: Work) -> None:
    """The visit goes; a person who was registered with it stays registered, because they exist."""
    take_back(command_id, work)
