"""What an edit of a patient replaced is kept, and put back while the patient still has what the edit gave."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from backend.clock import instant, parse_instant
from backend.commands import Command, tag_of
from backend.errors import Refused
from backend.patients.models import Patient, PatientEdit
from backend.sheets import Body
from backend.values import row
from backend.work import Work

Values = dict[str, Any]
IDENTITY = ("family", "given", "birth_date", "sex")
CONTACT = ("phone", "email", "line", "city", "state", "postal_code", "verified_at", "verified_by")
MARKS = ("verified_at", "verified_by")
# Put together once: every row of a patient asks for it.
STANDING_EDITS = (
    select(PatientEdit)
    .where(
        PatientEdit.patient_id.in_(bindparam("patients", expanding=True)),
        PatientEdit.command == bindparam("command"),
        PatientEdit.undone_by.is_(None),
    )
    .order_by(PatientEdit.place, PatientEdit.command_id)
)
WORDS = {
    "family": "last name", "given": "first name", "birth_date": "birth date", "sex": "sex", "phone": "phone",
    "email": "e-mail",
}  # fmt: skip


def keep(names: Iterable[str]) -> Values:
    """For an effect: the row remembers what each of these was."""
    return {f"{name}_before": getattr(row, name) for name in names}


def restore(names: Iterable[str]) -> Values:
    """For how it is undone: each of these is again what the row remembers."""
    names = tuple(names)
    return {name: getattr(row, f"{name}_before") for name in names} | {f"{name}_before": None for name in names}


def keep_edit(patient: Patient, edit: Command, stood: Values, work: Work) -> None:
    """What this entry said of the columns in `stood`, and what they were where it changed them.

    What somebody did not change may have been made otherwise by others: it is kept as their form had it.
    """
    now = values_of(patient, stood)
    before = {name: value for name, value in plainly(stood).items() if value != now[name]}
    entered = now | plainly({name: getattr(edit, name) for name in stood if name not in MARKS})
    query = select(func.count()).select_from(PatientEdit).where(PatientEdit.patient_id == patient.id)
    work.session.add(
        PatientEdit(
            command_id=work.command_id, patient_id=patient.id, command=tag_of(type(edit)),
            place=(work.session.scalar(query) or 0) + 1, entered=json.dumps(entered), before=json.dumps(before),
            happened_at=work.happened_at,
        )
    )  # fmt: skip


def edit_to_put_back(command_id: str, work: Work) -> tuple[Patient, Values] | None:
    """The patient, and what each column gets back; None when there is nothing to do, which is said.

    Refused where somebody changed one of them since, or saved it anew together with something else.
    """
    edit = work.session.get(PatientEdit, command_id, with_for_update=True)
    if edit is None:
        raise Refused("What was there before is not kept. Correct it with a new entry.", "not_kept")
    patient = work.session.get_one(Patient, edit.patient_id, with_for_update=True)
    work.keep_to_site(patient.site_id)
    work.about(patient.id)
    if edit.undone_by is not None:
        work.noop("already_undone", "It was already undone.")
        return None
    if patient.merged_into:
        raise Refused("The record was merged with another since. Undo that first.", "merged_since")
    before, entered, now = json.loads(edit.before), json.loads(edit.entered), values_of(patient, CONTACT + IDENTITY)
    for name in before:
        if name not in MARKS and now[name] != entered[name]:
            raise Refused(f"Somebody changed the {word(name)} since. Correct it with a new entry.", "changed_since")
    later = list(after(edit, work.session))
    gave = [json.loads(one.entered) for one in later]
    for name in before:
        if name not in MARKS and any(values[name] == entered[name] for values in gave):
            raise Refused(f"Somebody confirmed the {word(name)} since. Undo that first.", "built_upon")
    edit.undone_by = work.command_id
    for one in later:
        forget_marks(one, entered, before)
    marked = any(now[name] != entered[name] for name in before if name in MARKS)
    back = {name: value for name, value in before.items() if name not in MARKS or not marked}
    return patient, {name: typed(name, value) for name, value in back.items()}


def after(edit: PatientEdit, session: Session) -> Iterable[PatientEdit]:
    """The edits of the same kind that stand and came later."""
    query = select(PatientEdit).where(
        PatientEdit.patient_id == edit.patient_id,
        PatientEdit.command == edit.command,
        PatientEdit.place > edit.place,
        PatientEdit.undone_by.is_(None),
    )
    return session.scalars(query)


def forget_marks(later: PatientEdit, entered: Values, before: Values) -> None:
    """Where a later edit took the place of the marks of one that is undone, it took the place of those before it."""
    gave, kept = json.loads(later.entered), json.loads(later.before)
    marks = [name for name in MARKS if name in entered]
    if all(kept.get(name, gave[name]) == entered[name] for name in marks):
        replaced = {name: before.get(name, entered[name]) for name in marks}
        others = {name: value for name, value in kept.items() if name not in marks}
        later.before = json.dumps(others | {name: value for name, value in replaced.items() if value != gave[name]})


def last_edits(session: Session, patients: Iterable[Patient], command: str, names: Iterable[str]) -> dict[str, Body]:
    """What the rows of these patients say of the last edit that stands. Those without one say nothing of it.

    Patients are many, and few of them are ever corrected: a row of none would be a third longer for nothing.
    """
    known = {one.id: one for one in patients}
    edits = session.scalars(STANDING_EDITS, {"patients": known, "command": command})
    last = {one.patient_id: one for one in edits}
    return {id: edit_of(known[id], edit, names) for id, edit in last.items()}


def edit_of(patient: Patient, edit: PatientEdit, names: Iterable[str]) -> Body:
    before, entered, now = json.loads(edit.before), json.loads(edit.entered), values_of(patient, names)
    return {
        "last_command": edit.command,
        "last_command_id": edit.command_id,
        "can_undo": bool(before) and all(now[name] == entered[name] for name in before),
        "edited_at": instant(edit.happened_at),
        **{f"{name}_before": before.get(name, value) for name, value in now.items()},
    }


def values_of(patient: Patient, names: Iterable[str]) -> Values:
    return plainly({name: getattr(patient, name) for name in names})


def plainly(values: Values) -> Values:
    """As they go over the wire and into JSON."""
    return {name: plain(value) for name, value in values.items()}


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    return value.isoformat() if isinstance(value, date) else value


def typed(name: str, kept: Any) -> Any:
    """What `plain` spelled."""
    if kept is None:
        return None
    return {"birth_date": date.fromisoformat, "verified_at": parse_instant}.get(name, lambda value: value)(kept)


def word(name: str) -> str:
    return WORDS.get(name, "address")
