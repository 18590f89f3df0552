"""Aliases: a record that was merged is named by the one that survived, here and nowhere else."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.database import among
from backend.patients.models import Patient
from backend.work import Work

Show = TypeVar("Show", bound=Callable[[str, Work], None])
# Put together once: every row that names a patient asks for it.
MERGED = select(Patient.id, Patient.merged_into).where(
    Patient.id.in_(bindparam("ids", expanding=True)), Patient.merged_into.is_not(None)
)
MERGED_INTO = among(Patient.merged_into).order_by(Patient.id)
SHOWN: list[Callable[[str, Work], None]] = []


def shown_by_patient(show: Show) -> Show:
    """Have a room publish anew what it shows of a patient who becomes another, or themselves again."""
    SHOWN.append(show)
    return show


def show_whose(patient_id: str, work: Work) -> None:
    """Whatever names this patient is shown anew."""
    for show in SHOWN:
        show(patient_id, work)


def survivors(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    """Of these patients, those who were merged, each with the id of the record that stands for them now."""
    found: dict[str, str] = {}
    asked = {id for id in ids if id}
    while asked:
        step = {row.id: row.merged_into for row in session.execute(MERGED, {"ids": asked})}
        found = {id: step.get(end, end) for id, end in found.items()} | {
            id: end for id, end in step.items() if id not in found
        }
        asked = {*step.values()}
    return found


def aliases(session: Session, ids: Iterable[str]) -> dict[str, list[Patient]]:
    """The records that each of these stands for, merged into it at once or by way of another."""
    found: dict[str, list[Patient]] = {}
    stands_for = {id: id for id in ids}
    asked = {*stands_for}
    while asked:
        merged = list(session.scalars(MERGED_INTO, {"ids": asked}))
        for one in merged:
            stands_for[one.id] = stands_for[one.merged_into or ""]
            found.setdefault(stands_for[one.id], []).append(one)
        asked = {one.id for one in merged}
    return found
