"""Who a patient is, is corrected: a name, a birth date, a sex."""

from datetime import date
from typing import Annotated, Any

from backend.commands import REQUEST, Command, handles, undoes
from backend.effects import Patch, Undoing
from backend.errors import Missing
from backend.fields import BirthDate, Id, Label, Name, Sex
from backend.patients.asking import ask_who_it_is
from backend.patients.history import keep_change, spelled, with_origin
from backend.patients.models import Patient
from backend.patients.pairing import hear
from backend.patients.putting_back import IDENTITY, edit_to_put_back, keep, keep_edit, restore
from backend.patients.registering import known_patient, publish_patient
from backend.values import command, field, fold, now, row
from backend.work import Work

LABELS = {"family": "Last name", "given": "First name", "birth_date": "Birth date", "sex": "Sex"}


class ChangeIdentity(
    Command,
    tag="patients.change_identity",
    truth=REQUEST,
    title="Name, birth date, sex",
    effect=[
        Patch(
            "patient", field.patient_id,
            family=field.family, given=field.given, birth_date=field.birth_date, sex=field.sex,
            sort_key=fold(field.family, field.given), edited_at=now,
            last_command="patients.change_identity", last_command_id=command, can_undo=True, **keep(IDENTITY),
        ),
    ],
    undo=Undoing(
        "patient", **restore(IDENTITY), sort_key=fold(row.family_before, row.given_before), edited_at=None,
        last_command=None, last_command_id=None, can_undo=False,
    ),
    server_decides=("edited_at",),
):  # fmt: skip
    """Somebody corrected who a patient is. `was` says what the form had shown.

    Where another changed the same field meanwhile, what the office has stays and a person chooses: by these the
    right patient is known from the wrong one. The other fields apply.
    """

    patient_id: Id
    family: Annotated[Name, Label("Last name")]
    given: Annotated[Name, Label("First name")]
    sex: Annotated[Sex, Label("Sex")]
    birth_date: Annotated[BirthDate, Label("Birth date")] | None = None


@handles(ChangeIdentity)
def change_identity(changed: ChangeIdentity, work: Work) -> None:
    patient = known_patient(changed.patient_id, work)
    if patient is None:
        raise Missing("There is no such patient.", "unknown_patient")
    stood = {name: getattr(patient, name) for name in IDENTITY}
    differing = [name for name in LABELS if not correct(name, patient, getattr(changed, name), work)]
    hear(patient)
    if not differing:
        keep_edit(patient, changed, stood, work)
    publish_patient(patient.id, work)
    if differing:
        return offer_both(patient, changed, differing, work)
    return ask_who_it_is(patient, work)


@undoes(ChangeIdentity)
def put_identity_back(command_id: str, _changed: ChangeIdentity, work: Work) -> None:
    edited = edit_to_put_back(command_id, work)
    if edited is None:
        return
    patient, before = edited
    for name, value in before.items():
        keep_change(patient, name, spelled(getattr(patient, name)), spelled(value), work)
        setattr(patient, name, value)
    hear(patient)
    publish_patient(patient.id, work)


def correct(name: str, patient: Patient, entered: Any, work: Work) -> bool:
    """Make it so, unless they left it alone; False where somebody else changed it meanwhile to something else."""
    stood = getattr(patient, name)
    shown = work.was.get(name, plain(stood))
    if plain(entered) in (shown, plain(stood)):
        return True
    if plain(stood) != shown:
        return False
    keep_change(patient, name, spelled(stood), spelled(entered), work)
    setattr(patient, name, entered)
    return True


def offer_both(patient: Patient, changed: ChangeIdentity, differing: list[str], work: Work) -> None:
    """The office's stands; what was entered takes its place by one tap, if nobody changed it meanwhile."""
    for name in differing:
        work.differs(with_origin(patient, name, LABELS[name], spelled(getattr(patient, name)), work))
    stands = {name: getattr(patient, name) for name in LABELS}
    entered = {name: getattr(changed, name) for name in differing}
    told = ", ".join(f"{LABELS[name].lower()} {spelled(value)}" for name, value in entered.items())
    command = ChangeIdentity(patient_id=patient.id, **stands | entered)
    was = {name: plain(value) for name, value in stands.items()}
    work.offer("entered", "Use what was entered", f"From now on: {told}.", command, was)
    work.offer("keep", "Keep what the office has", "Nothing changes. What was entered stays in the journal.")
    words = " and the ".join(LABELS[name].lower() for name in differing)
    work.hold("identity_differs", f"Two people changed the {words}. The first stays until somebody chooses.")


def plain(value: Any) -> Any:
    """A value as it goes over the wire."""
    return value.isoformat() if isinstance(value, date) else value
