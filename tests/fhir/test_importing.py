"""Another system's records are taken over: all kinds, in any order, once, and again when they changed."""

import gzip
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import func, select

from backend.feed import seen_row
from backend.fhir import import_files
from backend.journal import journal
from backend.settings import Settings
from tests.fhir import made
from tests.fhir.looking import commands, opened, rows
from tests.practice import SITE, Practice

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "fhir"


def test_every_kind_is_taken_whatever_the_order_of_the_files(take, empty_database, tmp_path):
    doctor = {"reference": f"Practitioner?identifier={made.NPI}|{made.RIGHT_NPI}"}
    where = {"reference": "Location?identifier=urn:rooms|r-l1"}
    seen = made.encounter("e1", "p1", participant=[{"individual": doctor}], location=[{"location": where}])
    visits = made.ndjson(tmp_path / "1.ndjson", seen, made.role("r1", doctor), made.location("l1"))
    people = made.ndjson(tmp_path / "2.ndjson", made.practitioner("d1"), made.patient("p1"))
    report = take(visits, people)
    for line in ("1 patients", "1 providers", "1 specialties", "1 rooms", "1 visits"):
        assert line in report
    assert "it was opened as “Imported practice”" in report
    (provider,), (visit,) = rows(empty_database, "provider"), rows(empty_database, "visit")
    assert (provider["name"], provider["specialty"]) == ("Dr. Inga Brandt", "Family medicine")
    assert (visit["status"], visit["room"], visit["day"]) == ("booked", "Room 4", "2026-11-24")
    assert visit["provider_id"] is not None


def test_importing_again_takes_nothing_twice(take, empty_database, tmp_path):
    file = made.ndjson(tmp_path / "a.ndjson", made.patient("p1"), made.practitioner("d1"), made.encounter("e1", "p1"))
    take(file)
    before = commands(empty_database)
    report = take(file)
    assert "nothing new" in report
    assert "Already taken before\n  1 patients\n  1 providers\n  1 visits" in report
    assert commands(empty_database) == before


def test_a_record_that_changed_there_is_taken_again_here(take, empty_database, tmp_path):
    take(made.ndjson(tmp_path / "a.ndjson", made.patient("p1", "Okafor"), made.patient("p2")))
    report = take(made.ndjson(tmp_path / "a.ndjson", made.patient("p1", "Okafor-Lund"), made.patient("p2")))
    assert "Taken\n  1 patients\nAlready taken before\n  1 patients" in report
    assert sorted(row["family"] for row in rows(empty_database, "patient")) == ["Okafor", "Okafor-Lund"]


def test_a_bundle_whose_entries_point_to_each_other_by_urn_is_read(take, empty_database, tmp_path):
    who = {"reference": "urn:uuid:p1"}
    seen = made.encounter("e1", "", subject=who, participant=[{"individual": {"reference": "urn:uuid:d1"}}])
    booked = made.appointment("a1", "", participant=[{"actor": who}, {"actor": {"reference": "urn:uuid:d1"}}])
    people = [made.patient("p1"), made.practitioner("d1")]
    take(made.bundle(tmp_path / "bundle.json", seen, booked, *people))
    visits, (provider,) = rows(empty_database, "visit"), rows(empty_database, "provider")
    assert len(visits) == 2
    assert {visit["provider_id"] for visit in visits} != {None}
    assert provider["name"] == "Dr. Inga Brandt"


def test_a_bundle_on_one_line_and_a_gzipped_file_are_read_alike(take, empty_database, tmp_path):
    made.bundle(tmp_path / "flat.json", made.patient("p1"), indent=None)
    packed = tmp_path / "packed.ndjson.gz"
    packed.write_bytes(gzip.compress(msgspec.json.encode(made.patient("p2")) + b"\n"))
    assert "2 patients" in take(tmp_path / "flat.json", packed)


def test_an_encounter_of_a_booked_slot_is_the_same_visit(take, empty_database, tmp_path):
    slot = made.appointment("a1", "p1")
    came = made.encounter("e1", "p1", status="finished", appointment=[{"reference": "Appointment/a1"}])
    take(made.ndjson(tmp_path / "a.ndjson", came, slot, made.patient("p1")))
    (visit,) = rows(empty_database, "visit")
    assert visit["status"] == "checked_out"


def test_a_visit_of_somebody_unknown_is_left_until_the_patient_comes(take, empty_database, tmp_path):
    visits = made.ndjson(tmp_path / "e.ndjson", made.encounter("e1", "p1"))
    assert "1 visits: the patient is neither here nor in these files (e.ndjson line 1)" in take(visits)
    take(made.ndjson(tmp_path / "p.ndjson", made.patient("p1")))
    assert "Taken\n  1 visits" in take(visits)


def test_a_provider_known_from_an_earlier_import_is_found_by_either_kind_of_reference(take, empty_database, tmp_path):
    take(made.ndjson(tmp_path / "d.ndjson", made.practitioner("d1"), made.patient("p1")))
    by_id, by_npi = "Practitioner/d1", f"Practitioner?identifier={made.NPI}|{made.RIGHT_NPI}"
    slots = [made.appointment("a1", "p1", by_id), made.appointment("a2", "p1", by_npi)]
    take(made.ndjson(tmp_path / "a.ndjson", *slots))
    assert len({visit["provider_id"] for visit in rows(empty_database, "visit")} - {None}) == 1


def test_a_provider_whose_number_was_put_right_stays_who_they_are(take, empty_database, tmp_path):
    take(made.ndjson(tmp_path / "d.ndjson", made.practitioner("d1", made.OTHER_NPI)))
    report = take(made.ndjson(tmp_path / "d.ndjson", made.practitioner("d1", made.RIGHT_NPI)))
    assert "Taken\n  1 providers" in report
    assert len(rows(empty_database, "provider")) == 1


def test_nobody_is_named_in_the_report(take, tmp_path):
    bad = made.patient("p1", "Okafor", birthDate="1066-10-14")
    report = take(made.ndjson(tmp_path / "a.ndjson", bad, made.encounter("e1", "p1"), made.patient("p2", "Lundqvist")))
    assert "Okafor" not in report
    assert "Lundqvist" not in report


def test_a_running_office_sees_what_was_imported_beside_its_own(practice: Practice, tmp_path, capsys):
    tablet = practice.tablet("Tablet 1")
    tablet.sync()
    settings = Settings(data=tmp_path, database=practice.database.url)
    file = made.ndjson(tmp_path / "a.ndjson", made.patient("p1", "Okafor"))
    assert import_files(settings, [file], site_id=SITE.id, shift_to_today=False, clock=practice.clock) == 0
    assert "was opened" not in capsys.readouterr().out
    tablet.sync()
    families = {body["family"] for (kind, _), (_, body) in tablet.sheets[f"patients/{SITE.id}"].items()}
    assert families == {"Okafor", "Castellanos", "O’Hara", "Sørensen"}


def test_real_public_samples_are_taken_whole(take, empty_database):
    if not REAL.is_dir():
        pytest.skip("the public samples of ../shared/data/fhir are not on this machine")
    files = sorted(REAL.glob("*.ndjson"))
    report = take(*files)
    for line in (
        "579 patients",
        "43 providers",
        "43 specialties",
        "44 rooms",
        "1,215 visits",
        "1,745 MedicationRequest",
    ):
        assert line in report
    assert "Could not be read" not in report
    assert "nothing new" in take(*files)
    with opened(empty_database) as session:
        held = select(func.count()).select_from(journal).where(journal.c.outcome.in_(("held", "refused", "flagged")))
        assert session.scalar(held) == 0
        assert session.scalar(select(func.count()).select_from(seen_row).where(seen_row.c.kind == "patient")) == 579
