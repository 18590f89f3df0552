"""Patients: identity, contact, medical record number, and how they are found."""

from backend.house import Room
from backend.patients.changing import ChangeContact
from backend.patients.correcting import ChangeIdentity
from backend.patients.looked_back import known_as, names_of
from backend.patients.registering import Identity, ImportPatient, find_or_stub, keep_to_own_patient, register
from backend.patients.rows import contact_row, patient_row

__all__ = [
    "ChangeContact",
    "ChangeIdentity",
    "Identity",
    "ImportPatient",
    "find_or_stub",
    "keep_to_own_patient",
    "known_as",
    "names_of",
    "register",
    "room",
]

room = Room(
    name="patients",
    commands=[ChangeContact, ChangeIdentity, ImportPatient],
    rows=[patient_row, contact_row],
    sentences={
        ChangeContact: "{who} went through the contact details with the patient",
        ChangeIdentity: "{who} corrected the name, birth date or sex",
        ImportPatient: "{who} took the patient over from another system",
    },
)
