"""What is seen of a patient: a thin row for every tablet, and how to reach them where they have visits."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.clock import instant, optional_instant
from backend.database import among
from backend.patients.aliases import aliases, survivors
from backend.patients.likeness import LIKELY, likeness
from backend.patients.models import DuplicatePair, Patient
from backend.patients.pairing import hash_of, traits
from backend.patients.putting_back import CONTACT, IDENTITY, last_edits
from backend.sheets import Body, row
from backend.values import folded

# What somebody said about a pair, by what it is since.
SAID = {"merged": "patients.merge", "different": "patients.tell_apart"}


@row("patient", sheets=["patients/{site_id}"])
def patient_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """Name, birth date, phone and MRN, with the folded text by which they are found.

    Whoever was merged looks like the record that stands for them, but is found only by way of it.
    """
    merged = aliases(session, ids)
    standing = standing_for(session, ids)
    edits = last_edits(session, standing.values(), "patients.change_identity", IDENTITY)
    return {
        id: {
            "site_id": patient.site_id,
            "family": patient.family,
            "given": patient.given,
            "birth_date": str(patient.birth_date) if patient.birth_date else None,
            "sex": patient.sex,
            "phone": patient.phone,
            "mrn": patient.mrn,
            "language": patient.language,
            "active": patient.active,
            "search": search_text(patient, merged.get(id, [])) if id == patient.id else "",
            "sort_key": folded(patient.family, patient.given),
            **edits.get(patient.id, {}),
        }
        for id, patient in standing.items()
    }


def standing_for(session: Session, ids: Sequence[str]) -> dict[str, Patient]:
    """The record that is shown for each of these."""
    now = survivors(session, ids)
    wanted = {now.get(id, id) for id in ids}
    known = {one.id: one for one in session.scalars(among(Patient.id), {"ids": wanted})}
    return {id: known[now.get(id, id)] for id in ids if now.get(id, id) in known}


def search_text(patient: Patient, merged: Sequence[Patient] = ()) -> str:
    """Everything by which the desk looks for somebody: both spellings of the birth date, and all their old numbers."""
    birth = patient.birth_date
    dates = [str(birth), f"{birth:%m/%d/%Y}", f"{birth.month}/{birth.day}/{birth.year}"] if birth else []
    old = [text for one in merged for text in (one.family, one.given, one.mrn)]
    return folded(patient.family, patient.given, *dates, patient.phone, patient.mrn, *old)


@row("contact", owner="patient_id")
def contact_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """Address, phone and e-mail. It stands in no sheet of its own: visits bring it along."""
    standing = standing_for(session, ids)
    edits = last_edits(session, standing.values(), "patients.change_contact", CONTACT)
    return {
        id: {
            "patient_id": id,
            "line": patient.line,
            "city": patient.city,
            "state": patient.state,
            "postal_code": patient.postal_code,
            "phone": patient.phone,
            "email": patient.email,
            "verified_at": optional_instant(patient.verified_at),
            "verified_by": patient.verified_by,
            **edits.get(patient.id, {}),
        }
        for id, patient in standing.items()
    }


@row("duplicate_pair", sheets=["patients/{site_id}", "attention/{site_id}"])
def pair_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """Two records for a person to compare; `hash` is of all that is compared: nobody merges what they did not see.

    Why they may be one person is said of what they are now. While one of the two is merged with somebody else, there is
    nothing to decide.
    """
    pairs = list(session.scalars(among(DuplicatePair.id), {"ids": ids}))
    named = {id for pair in pairs for id in (pair.patient_id, pair.other_id)}
    known = {one.id: one for one in session.scalars(among(Patient.id), {"ids": named})}
    alike = {pair.id: likeness(traits(known[pair.patient_id]), traits(known[pair.other_id])) for pair in pairs}
    return {
        pair.id: {
            "site_id": pair.site_id,
            "patient_id": pair.patient_id,
            "other_id": pair.other_id,
            "likely": alike[pair.id].score >= LIKELY,
            "reasons": list(alike[pair.id].reasons),
            "state": pair.state,
            "hash": hash_of(known[pair.patient_id], known[pair.other_id]),
            "decided_at": optional_instant(pair.decided_at),
            "decided_by": pair.decided_by,
            "last_command": SAID.get(pair.state),
            "last_command_id": pair.command_id,
            "can_undo": pair.state != "open",
            "sort_key": instant(pair.found_at),
        }
        for pair in pairs
        if pair.state == "merged" or not (known[pair.patient_id].merged_into or known[pair.other_id].merged_into)
    }
