"""Pairs: whoever is new is compared with those who share a birth date, a telephone or a sound, and no one else."""

import hashlib
from datetime import date

from sqlalchemy import or_, select

from backend.ids import derived
from backend.patients.likeness import POSSIBLE, Traits, likeness, sound_of
from backend.patients.models import DuplicatePair, Patient
from backend.values import folded
from backend.work import Work

# What a person chooses between, one by one; an address is one thing.
FIELDS: dict[str, tuple[str, ...]] = {
    "family": ("family",),
    "given": ("given",),
    "birth_date": ("birth_date",),
    "sex": ("sex",),
    "phone": ("phone",),
    "email": ("email",),
    "address": ("line", "city", "state", "postal_code"),
}
MOST_COMPARED = 500


def find_pairs(new: Patient, work: Work) -> list[tuple[DuplicatePair, Patient]]:
    """Keep a pair for everybody who may be the same person, the likeliest first. Nobody is asked about twice.

    Who registers takes a number first, and waits there for whoever else does: of two at once, the later sees the other.
    """
    found = []
    for other in alike(new, work):
        id = derived(*sorted((new.id, other.id)))
        if work.session.get(DuplicatePair, id) is None:
            pair = DuplicatePair(
                id=id, site_id=work.site.id, patient_id=other.id, other_id=new.id, state="open",
                found_at=work.received_at, found_by=work.command_id, closed_card=False,
            )  # fmt: skip
            work.session.add(pair)
            work.publish("duplicate_pair", id)
            found.append((pair, other))
    return found


def alike(new: Patient, work: Work) -> list[Patient]:
    """Who may be the same person as somebody new, the likeliest first."""
    ours = [Patient.birth_date.in_(dates_like(new.birth_date)), Patient.sound == new.sound]
    if new.phone:
        ours.append(Patient.phone == new.phone)
    query = select(Patient).where(
        Patient.site_id == new.site_id,
        Patient.id != new.id,
        Patient.merged_into.is_(None),
        Patient.is_stub.is_(False),
        or_(*ours),
    )
    found = work.session.scalars(query.order_by(Patient.id).limit(MOST_COMPARED))
    scores = [(likeness(traits(new), traits(one)).score, one) for one in found]
    likely = sorted((each for each in scores if each[0] >= POSSIBLE), key=lambda each: -each[0])
    return [one for _, one in likely]


def dates_like(birth: date | None) -> list[date]:
    """The date, and the one that it is when day and month were swapped."""
    if birth is None:
        return []
    return [birth, birth.replace(month=birth.day, day=birth.month)] if birth.day <= 12 else [birth]


def traits(patient: Patient) -> Traits:
    return Traits(
        family=patient.family,
        given=patient.given,
        birth_date=patient.birth_date,
        sex=patient.sex,
        phone=patient.phone,
        email=patient.email,
        line=patient.line,
        city=patient.city,
        state=patient.state,
        postal_code=patient.postal_code,
    )


def hear(patient: Patient) -> None:
    """By the spelling and the sound of their name they are found."""
    patient.family_folded = folded(patient.family)
    patient.sound = sound_of(patient.family, patient.given)


def publish_pairs(patient_id: str, work: Work) -> None:
    """What is compared of this patient changed."""
    query = select(DuplicatePair.id).where(
        or_(DuplicatePair.patient_id == patient_id, DuplicatePair.other_id == patient_id)
    )
    for id in work.session.scalars(query):
        work.publish("duplicate_pair", id)


def hash_of(one: Patient, other: Patient) -> str:
    """Of everything that somebody who compares the two is shown."""
    names = ["id", "mrn", *(name for names in FIELDS.values() for name in names)]
    shown = [[str(getattr(each, name)) for name in names] for each in (one, other)]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:32]
