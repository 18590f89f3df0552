"""Patients are taken over from another system, and numbered."""

from typing import Any

import pytest

from backend.ids import new_id
from tests.practice import Practice

IMPORT = "patients.import_patient"  # patients.ImportPatient; walk-ins register in tests/checkin


def person(**changes: Any) -> dict[str, Any]:
    who = {"patient_id": new_id(), "source": f"ehr/{new_id()}", "family": "Itō-Núñez", "given": "Zoë"}
    return {**who, "birth_date": "1971-04-05", "phone": "5550100144", **changes}


def test_whoever_is_taken_over_is_found_by_everything_the_desk_is_told(practice: Practice) -> None:
    fields = person(mrn="A-77")
    assert practice.act("maria", IMPORT, fields).outcome == "applied"
    row = practice.row("patient", fields["patient_id"])
    assert row is not None
    assert row["mrn"] == "A-77"
    for word in ("ito nunez", "zoe", "1971 04 05", "4 5 1971", "5550100144", "a 77"):
        assert word in row["search"], row["search"]
    assert practice.sheets_with("patient", fields["patient_id"]) == {"patients/main"}
    assert practice.sheets_with("contact", fields["patient_id"]) == set(), "no visit, so no address on any tablet"


def test_a_number_that_is_taken_or_missing_is_given_by_the_office(practice: Practice) -> None:
    first, second, third = person(mrn="A-77"), person(mrn="A-77"), person()
    for fields in (first, second, third):
        practice.act("maria", IMPORT, fields)
    numbers = [practice.row("patient", fields["patient_id"])["mrn"] for fields in (first, second, third)]  # type: ignore[index]
    assert numbers[0] == "A-77"
    assert len(set(numbers)) == 3
    assert all(number.isdigit() for number in numbers[1:])


def test_a_number_that_the_office_gave_is_not_given_twice(practice: Practice) -> None:
    taken = person()
    practice.act("maria", IMPORT, taken)
    number = int(practice.row("patient", taken["patient_id"])["mrn"])  # type: ignore[index]
    practice.act("maria", IMPORT, person(mrn=f"{number + 1:06d}"))
    later = person()
    practice.act("maria", IMPORT, later)
    assert practice.row("patient", later["patient_id"])["mrn"] == f"{number + 2:06d}"  # type: ignore[index]


def test_taken_over_again_after_a_change_there_it_is_the_same_patient(practice: Practice) -> None:
    fields = person(mrn="A-77")
    practice.act("maria", IMPORT, fields)
    practice.act("maria", IMPORT, {**fields, "phone": None, "mrn": "B-1", "city": "Brattleboro"})
    row, contact = (practice.row(kind, fields["patient_id"]) for kind in ("patient", "contact"))
    assert row is not None
    assert contact is not None
    assert (row["phone"], row["mrn"], contact["city"]) == (None, "A-77", "Brattleboro")


@pytest.mark.parametrize(
    "changes", [{"family": "x" * 121}, {"birth_date": "1971-02-30"}, {"sex": "?"}, {"patient_id": "1"}]
)
def test_what_cannot_be_read_is_held_and_leaves_nothing(practice: Practice, changes: dict[str, Any]) -> None:
    fields = person(**changes)
    receipt = practice.act("maria", IMPORT, fields)
    assert (receipt.outcome, receipt.code) == ("held", "unreadable")
    assert next(iter(changes)) in receipt.say
    assert str(next(iter(changes.values()))) not in receipt.say or changes == {"sex": "?"} or "1" in changes.values()
    assert practice.row("patient", fields["patient_id"]) is None


def test_only_a_manager_or_the_import_itself_takes_patients_over(practice: Practice) -> None:
    assert practice.act("ana", IMPORT, person()).outcome == "held"


def test_handed_in_twice_it_is_one_patient(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1", "maria", "desk")
    entry = tablet.command(IMPORT, person())
    tablet.send([entry])
    tablet.sync([entry])
    assert tablet.receipt(entry)["outcome"] == "applied"
    assert len(practice.entries(IMPORT)) == 1 + len(practice.patients)
