"""After an outage somebody types in who came without an appointment, from the arrival log or a registration form."""

from typing import Annotated

from sqlalchemy import select

from backend.checkin.typing_in import THEN, Day, Uncertain, WrittenAt, WrittenBy, as_written
from backend.checkin.walking_in import (
    GONE,
    NEW_PATIENT,
    TIMES,
    Reason,
    TypeOfVisit,
    identity_of,
    open_walk_in,
    walk_in_visit,
)
from backend.commands import FACT, Command, handles, undoes
from backend.effects import Step
from backend.fields import BirthDate, Id, Label, Name, NewId, Phone, Sex
from backend.patients import ask_who_it_is, find_or_stub, register
from backend.scheduling import Visit, take_back
from backend.values import field
from backend.work import Work


def written_walk_in(tag: str) -> Step:
    """The paint of a walk-in that stands on the day of its paper, which need not be today."""
    return walk_in_visit(
        tag, "visits/{site}/{day}", THEN,
        day=field.day, provider_id=None, arrived_about=field.about, paper_by=field.written_by,
    )  # fmt: skip


class TypeInWalkIn(
    Command,
    tag="checkin.type_in_walk_in",
    truth=FACT,
    title="Walk-in, from paper",
    effect=[written_walk_in("checkin.type_in_walk_in")],
    undo=GONE,
    server_decides=TIMES,
):
    """A line of the arrival log: a patient whom the practice knows. `visit_id` is made on the device."""

    visit_id: NewId
    patient_id: Id
    type: TypeOfVisit
    day: Day
    time: WrittenAt
    written_by: WrittenBy
    about: Uncertain = False
    reason: Reason | None = None


@handles(TypeInWalkIn)
def type_in_walk_in(line: TypeInWalkIn, work: Work) -> None:
    patient = find_or_stub(line.patient_id, work)
    flag_same_line(line, patient.id, work)
    open_walk_in(line, patient.id, "checkin.type_in_walk_in", work, paper=as_written(line, work))


class TypeInRegistration(
    Command,
    tag="checkin.type_in_registration",
    truth=FACT,
    title="Walk-in, new patient, from paper",
    effect=[NEW_PATIENT, written_walk_in("checkin.type_in_registration")],
    undo=GONE,
    server_decides=(*TIMES, "mrn", "search"),
):
    """A registration form of somebody whom the practice does not know. Both ids are made on the device."""

    visit_id: NewId
    patient_id: NewId
    family: Annotated[Name, Label("Last name")]
    given: Annotated[Name, Label("First name")]
    birth_date: Annotated[BirthDate, Label("Birth date")]
    sex: Annotated[Sex, Label("Sex")]
    type: TypeOfVisit
    day: Day
    time: WrittenAt
    written_by: WrittenBy
    about: Uncertain = False
    phone: Annotated[Phone, Label("Phone")] | None = None
    reason: Reason | None = None


@handles(TypeInRegistration)
def type_in_registration(form: TypeInRegistration, work: Work) -> None:
    patient = register(form.patient_id, identity_of(form), work)
    open_walk_in(form, patient.id, "checkin.type_in_registration", work, paper=as_written(form, work))
    ask_who_it_is(patient, work)


def flag_same_line(line: TypeInWalkIn, patient_id: str, work: Work) -> None:
    """Two people may share a stack of sheets. Who came twice on a day is rare, and told apart by a person."""
    others = select(Visit.id).where(
        Visit.site_id == work.site.id, Visit.patient_id == patient_id, Visit.day == line.day,
        Visit.id != line.visit_id, Visit.status != "in_error",
    )  # fmt: skip
    if work.session.scalars(others.limit(1)).first() is not None:
        work.flag("visit_of_the_day", "This patient has another visit on that day. If it is the same, take one back.")


@undoes(TypeInWalkIn)
@undoes(TypeInRegistration)
def take_walk_in_line_back(command_id: str, _line: TypeInWalkIn | TypeInRegistration, work: Work) -> None:
    """The visit goes; a person who was registered with it stays registered, because they exist."""
    take_back(command_id, work)
