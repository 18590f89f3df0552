"""Asking: whoever may be registered twice is put before a person, with both truths and what may be done about them."""

from typing import Any

from backend.filters import phone
from backend.patients.answering import ASKED
from backend.patients.changing import GROUPS, spelled
from backend.patients.merging import MergePatients, TellApart
from backend.patients.models import DuplicatePair, Patient
from backend.patients.pairing import FIELDS, find_pairs, hash_of
from backend.work import Work

MERGES = (
    "What the office had stays, and what it lacked is taken from the new entry. Both numbers find the patient, and all "
    "visits are shown together. It can be undone."
)
PARTS = "Both records stay as they are, and nobody is asked about these two again. It can be undone."


def ask_who_it_is(new: Patient, work: Work) -> None:
    """Flag everybody who may be the same person as somebody new or corrected. All records are kept."""
    work.session.flush()
    found = find_pairs(new, work)
    for place, (pair, other) in enumerate(found, 1):
        work.flag(ASKED, f"Is this the same person as {called(other)}? Both records are kept until somebody says so.")
        work.differs(*told(other))
        if len(found) == 1:
            offer_both(pair, other, new, work)
        page = f"/patients/duplicates/{pair.id}"
        work.offer(f"compare_{place}", "Compare side by side", called(other), path=page)


def offer_both(pair: DuplicatePair, known: Patient, new: Patient, work: Work) -> None:
    """What may be done with one tap, over what the card shows; field by field is on the page."""
    merge = MergePatients(pair_id=pair.id, survivor="first", **{name: fuller(name, known, new) for name in FIELDS})
    work.offer("merge", "Same person: merge", MERGES, merge, seen=hash_of(known, new))
    work.offer("apart", "Not the same person", PARTS, TellApart(pair_id=pair.id))


def fuller(name: str, known: Patient, new: Patient) -> str:
    """Which of two values: the office's, unless it has none."""
    return "second" if not has(name, known) and has(name, new) else "first"


def has(name: str, patient: Patient) -> bool:
    return any(getattr(patient, column) not in (None, "", "unknown") for column in FIELDS[name])


def called(patient: Patient) -> str:
    return f"{patient.given} {patient.family}, MRN {patient.mrn}"


def told(patient: Patient) -> list[str]:
    """What the office knows of somebody, in lines with labels."""
    address = spelled({name: getattr(patient, name) for name in GROUPS["address"]})
    lines: dict[str, Any] = {
        "Name": f"{patient.given} {patient.family}",
        "MRN": patient.mrn,
        "Birth date": f"{patient.birth_date:%m/%d/%Y}" if patient.birth_date else None,
        "Sex": patient.sex,
        "Phone": phone({}, patient.phone) if patient.phone else None,
        "E-mail": patient.email,
        "Address": address,
    }
    return [f"{label}: {value}" for label, value in lines.items() if value]
