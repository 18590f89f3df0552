"""How to reach a patient is read back to them, and changed where it is no longer so."""

from typing import Annotated, Any

from msgspec import Meta

from backend.commands import REQUEST, Command, handles, undoes
from backend.effects import Patch, Undoing
from backend.errors import Missing
from backend.fields import Id, Label, Phone
from backend.filters import phone
from backend.patients.history import keep_change, with_origin
from backend.patients.models import Patient
from backend.patients.putting_back import CONTACT, edit_to_put_back, keep, keep_edit, restore
from backend.patients.registering import known_patient, publish_patient
from backend.values import actor, command, field, now
from backend.work import Work


def Line(most: int) -> Meta:
    return Meta(max_length=most, extra={"reader": "text"})


# What is one thing to a person: of two addresses, no third is made by their parts.
GROUPS = {"phone": ("phone",), "email": ("email",), "address": ("line", "city", "state", "postal_code")}
LABELS = {"phone": "Phone", "email": "E-mail", "address": "Address"}
NAMES = tuple(name for names in GROUPS.values() for name in names)


class ChangeContact(
    Command,
    tag="patients.change_contact",
    truth=REQUEST,
    title="Contact details",
    effect=[
        Patch(
            "contact", field.patient_id,
            phone=field.phone, email=field.email, line=field.line, city=field.city, state=field.state,
            postal_code=field.postal_code, verified_at=now, verified_by=actor,
            last_command="patients.change_contact", last_command_id=command, can_undo=True, edited_at=now,
            **keep(CONTACT),
        ),
        Patch("patient", field.patient_id, phone=field.phone),
    ],
    undo=Undoing(
        "contact", **restore(CONTACT), edited_at=None, last_command=None, last_command_id=None, can_undo=False
    ),
    server_decides=("verified_at", "edited_at"),
):  # fmt: skip
    """The contact details were read back to the patient, and are so. `was` says what the form had shown.

    Phone, e-mail and address are each compared as one: what somebody did not change stays as others made it,
    and of two who changed the same the later holds, flagged, with the other kept in the history.
    """

    patient_id: Id
    phone: Annotated[Phone, Label("Phone")] | None = None
    email: Annotated[str, Line(120), Label("E-mail")] | None = None
    line: Annotated[str, Line(200), Label("Street")] | None = None
    city: Annotated[str, Line(80), Label("City")] | None = None
    state: Annotated[str, Line(40), Label("State")] | None = None
    postal_code: Annotated[str, Line(20), Label("ZIP code")] | None = None


@handles(ChangeContact)
def change_contact(changed: ChangeContact, work: Work) -> None:
    patient = known_patient(changed.patient_id, work)
    if patient is None:
        raise Missing("There is no such patient.", "unknown_patient")
    stood = {name: getattr(patient, name) for name in CONTACT}
    others = {group: met for group in GROUPS if (met := change(group, patient, changed, work))}
    patient.verified_at, patient.verified_by = work.happened_at, work.actor.id
    keep_edit(patient, changed, stood, work)
    if others:
        words = " and the ".join(LABELS[group].lower() for group in others)
        work.flag("changed_by_two", f"Two people changed the {words}. What was entered later stands now.")
        offer_both(patient, others, work)
    publish_patient(patient.id, work)


@undoes(ChangeContact)
def put_contact_back(command_id: str, _changed: ChangeContact, work: Work) -> None:
    edited = edit_to_put_back(command_id, work)
    if edited is None:
        return
    patient, before = edited
    stood = {name: getattr(patient, name) for name in CONTACT}
    for name, value in before.items():
        setattr(patient, name, value)
    for group, names in GROUPS.items():
        gave, back = ({name: values[name] for name in names} for values in (stood, stood | before))
        if gave != back:
            keep_change(patient, group, spelled(gave), spelled(back), work)
    publish_patient(patient.id, work)


Values = dict[str, Any]


def change(group: str, patient: Patient, changed: ChangeContact, work: Work) -> Values | None:
    """Make one thing so, unless they left it alone; the values of somebody else whom that meets, if there are any."""
    names = GROUPS[group]
    entered = {name: getattr(changed, name) for name in names}
    stood = {name: getattr(patient, name) for name in names}
    shown = {name: work.was.get(name, stood[name]) for name in names}
    if entered in (shown, stood):
        return None
    if stood != shown:
        work.differs(with_origin(patient, group, LABELS[group], spelled(stood), work))
    keep_change(patient, group, spelled(stood), spelled(entered), work)
    for name, value in entered.items():
        setattr(patient, name, value)
    return stood if stood != shown else None


def offer_both(patient: Patient, others: dict[str, Values], work: Work) -> None:
    """The later stands already; the earlier is put back by one tap, if nobody changed it meanwhile."""
    stands = {name: getattr(patient, name) for name in NAMES}
    back = {name: value for values in others.values() for name, value in values.items()}
    told = ", ".join(f"{LABELS[group].lower()} {spelled(values) or 'nothing'}" for group, values in others.items())
    work.offer("keep", "Keep what was entered", "It stands already. The other stays in the history.")
    command = ChangeContact(patient_id=patient.id, **stands | back)
    work.offer("other", "Put the other back", f"From now on: {told}.", command, stands)


def spelled(values: Values) -> str:
    """In one line, as people read it."""
    if number := values.get("phone"):
        return str(phone({}, number))
    return ", ".join(value for value in values.values() if value)
