"""Patients: identity, contact, medical record number, how they are found, and who is registered twice."""

from backend.house import Room
from backend.patients.aliases import shown_by_patient, survivors
from backend.patients.asking import ask_who_it_is
from backend.patients.changing import ChangeContact
from backend.patients.correcting import ChangeIdentity
from backend.patients.looked_back import known_as, names_of
from backend.patients.merging import MergePatients, TellApart
from backend.patients.pages import pages, posts
from backend.patients.registering import Identity, ImportPatient, find_or_stub, own_patient, register
from backend.patients.rows import contact_row, pair_row, patient_row
from backend.sheets import Follow

__all__ = [
    "ChangeContact",
    "ChangeIdentity",
    "Identity",
    "ImportPatient",
    "ask_who_it_is",
    "find_or_stub",
    "known_as",
    "names_of",
    "own_patient",
    "register",
    "room",
    "shown_by_patient",
    "survivors",
]

room = Room(
    name="patients",
    commands=[ChangeContact, ChangeIdentity, ImportPatient, MergePatients, TellApart],
    rows=[patient_row, contact_row, pair_row],
    # Both addresses are compared; no other address is in this sheet.
    follows=[
        Follow("patients/*", "duplicate_pair", "patient_id", brings=("patient", "contact")),
        Follow("patients/*", "duplicate_pair", "other_id", brings=("patient", "contact")),
    ],
    pages=pages,
    posts=posts,
    sentences={
        ChangeContact: "{who} went through the contact details with the patient",
        ChangeIdentity: "{who} corrected the name, birth date or sex",
        ImportPatient: "{who} took the patient over from another system",
        MergePatients: "{who} merged two records of the patient",
        TellApart: "{who} noted that two records are of two people",
    },
)
