"""Somebody is given the time of a visit that was cancelled."""

from datetime import date
from typing import Annotated, Any

from msgspec import Meta
from sqlalchemy import select

from backend.commands import REQUEST, Command, handles, undoes
from backend.effects import Patch, Put, Undoing
from backend.errors import Missing, Refused
from backend.fields import Id, Label, NewId
from backend.patients import own_patient
from backend.scheduling.booking import BookVisit
from backend.scheduling.models import Visit
from backend.scheduling.times import ENDED, holder_of, is_free, last_given
from backend.scheduling.visits import NOTHING_YET, events_of, known_visit, record, show, stands
from backend.values import command, field, now, ref, site
from backend.work import Work

SLOT_GIVEN = "scheduling.give_slot"
slot = ref("visit", field.slot_of)
GIVEN_AWAY = ("This time was given to another patient meanwhile. Book another time.", "given_away")


class GiveSlot(
    Command,
    tag=SLOT_GIVEN,
    truth=REQUEST,
    title="Time given to somebody else",
    effect=[
        Put(
            "visit", field.visit_id, sheet="visits/{site}/{day}",
            site_id=site, day=field.day, starts_at=slot.starts_at, minutes=slot.minutes, patient_id=field.patient_id,
            provider_id=slot.provider_id, type=slot.type, is_walk_in=False, reason=None, room=slot.room,
            status="booked", status_since=now, arrived_at=None, arrived_by=None, arrived_about=False,
            next_action="arrive", last_command=SLOT_GIVEN, last_command_id=command, status_before="booked",
            since_before=now, next_before="arrive", can_undo=True, alert_minutes=None, flags=[], **NOTHING_YET,
        ),
        Patch("visit", field.slot_of, slot_given=True, can_undo=False),
    ],
    undo=Undoing(
        "visit", status="in_error", next_action="", last_command=None, last_command_id=None, can_undo=False,
    ),
    server_decides=("status_since", "since_before"),
):  # fmt: skip
    """A patient is booked into the time of a visit that was cancelled. `day` is that visit's."""

    visit_id: NewId
    slot_of: Id
    patient_id: Annotated[Id, Label("Patient")]
    day: Annotated[date, Meta(extra={"reader": "date"})]


@handles(GiveSlot)
def give_slot(given: GiveSlot, work: Work) -> None:
    patient_id = own_patient(given.patient_id, work)
    visit = known_visit(given.slot_of, work)
    if visit is None:
        raise Missing("There is no such visit.", "unknown_visit")
    if work.session.get(Visit, given.visit_id) is not None:
        return work.noop("already_given", "This visit is booked already.")
    work.about(patient_id)
    if holder_of(visit, work) is not None:
        raise Refused(*GIVEN_AWAY)
    if visit.status not in ENDED:
        return ask_for_both(visit, given, work)
    # The schedule of another system may have filled it by itself.
    if visit.provider_id is not None and not is_free(visit.provider_id, visit.starts_at, work):
        raise Refused(*GIVEN_AWAY)
    taker = Visit(
        id=given.visit_id, kind="scheduled", booked_status="booked", booked_at=work.happened_at, status="booked",
        **of_slot(visit, patient_id), site_id=visit.site_id, day=visit.day,
    )  # fmt: skip
    work.session.add(taker)
    work.session.flush()
    last_given(visit, work).given_to = taker.id
    record(taker, stands(taker, work), "booked", SLOT_GIVEN, work)
    show(visit.id, work)
    return None


@undoes(GiveSlot)
def take_slot_back(command_id: str, given: GiveSlot, work: Work) -> None:
    """The time is free again, as long as nothing happened to the visit that was booked into it."""
    taker = known_visit(given.visit_id, work)
    if taker is None or taker.status == "in_error":
        return work.noop("already_undone", "It was already undone.")
    work.about(taker.patient_id)
    events = events_of(work.session, taker.id)
    since = [event for event in events if event.undone_by is None and event.command_id != command_id]
    if taker.status != "booked" or since or taker.given_to is not None:
        raise Refused("The visit that was booked into this time went on since. Cancel it instead.", "built_upon")
    giver = work.session.scalars(select(Visit).where(Visit.given_to == taker.id)).one_or_none()
    taker.booked_status = taker.status = "in_error"
    for event in events:
        event.undone_by = event.undone_by or work.command_id
    show(taker.id, work)
    if giver is not None:
        giver.given_to = None
        show(giver.id, work)
    return None


def of_slot(visit: Visit, patient_id: str) -> dict[str, Any]:
    """What the new visit has of the one whose time it takes."""
    names = ("provider_id", "room_id", "type", "starts_at", "minutes")
    return {"patient_id": patient_id, **{name: getattr(visit, name) for name in names}}


def ask_for_both(visit: Visit, given: GiveSlot, work: Work) -> None:
    """The time is not free after all; but it was promised, so a person says whether two come at one time."""
    here = visit.status not in ("booked", "confirmed")
    work.differs("Its patient is here after all." if here else "Its visit stands again.")
    booking = BookVisit(visit_id=given.visit_id, **of_slot(visit, given.patient_id))
    work.offer("both", "Book both", "Both patients have the same time.", booking)
    work.offer("neither", "Do not book", "The patient is called and offered another time.")
    work.hold("slot_not_free", "The time that was given away is not free. Nothing is booked until somebody decides.")
