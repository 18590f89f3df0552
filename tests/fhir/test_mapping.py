"""What each of FHIR's elements becomes here."""

from tests.fhir import made
from tests.fhir.looking import rows


def only_patient(take, url, path, **more):
    """The one patient of an import, as everybody sees them."""
    take(made.ndjson(path / "a.ndjson", made.patient("p1", **more)))
    (row,) = rows(url, "patient")
    return row


def test_the_official_name_is_taken_before_the_usual_and_the_first(take, empty_database, tmp_path):
    names = [
        {"use": "maiden", "family": "Lund"},
        {"use": "usual", "given": ["Zi"], "family": "Okafor"},
        {"use": "official", "given": ["Ngozi", "Ada"], "family": "Okafor12"},
    ]
    row = only_patient(take, empty_database, tmp_path, name=names)
    assert (row["given"], row["family"]) == ("Ngozi Ada", "Okafor12")


def test_a_name_that_is_only_a_text_is_split_at_its_last_word(take, empty_database, tmp_path):
    row = only_patient(take, empty_database, tmp_path, name=[{"text": "Ngozi Ada Okafor"}])
    assert (row["given"], row["family"]) == ("Ngozi Ada", "Okafor")


PHONES = {
    "+1 (555) 010-0123": "5550100123",
    "555.010.0124": "5550100124",
    "+49 30 5550123": "+49 30 5550123",
    "call my daughter": None,
    "+49 30 5550123 extension 98765": None,
}


def test_a_phone_number_is_ten_digits_or_as_given(take, empty_database, tmp_path):
    given = [{"telecom": [{"system": "phone", "value": value}]} for value in PHONES]
    take(made.ndjson(tmp_path / "a.ndjson", *(made.patient(f"p{n}", **one) for n, one in enumerate(given))))
    kept = [row["phone"] for row in rows(empty_database, "patient")]
    assert sorted(kept, key=str) == sorted(PHONES.values(), key=str)


def test_the_mobile_number_comes_before_the_one_at_home(take, empty_database, tmp_path):
    numbers = [
        {"system": "phone", "use": "home", "value": "5550100001"},
        {"system": "phone", "use": "mobile", "value": "5550100002"},
    ]
    assert only_patient(take, empty_database, tmp_path, telecom=numbers)["phone"] == "5550100002"


def test_the_medical_record_number_is_theirs_where_they_have_one(take, empty_database, tmp_path):
    identifier = [{"value": "no"}, {"type": {"coding": [{"code": "MR"}]}, "value": "MR-77"}]
    take(made.ndjson(tmp_path / "a.ndjson", made.patient("p1", identifier=identifier), made.patient("p2")))
    assert sorted(row["mrn"] for row in rows(empty_database, "patient")) == ["100001", "MR-77"]


def test_who_has_died_or_left_is_not_active(take, empty_database, tmp_path):
    said = [{"deceasedBoolean": True}, {"deceasedDateTime": "2020"}, {"active": False}]
    take(made.ndjson(tmp_path / "a.ndjson", *(made.patient(f"p{n}", **one) for n, one in enumerate(said))))
    assert [row["active"] for row in rows(empty_database, "patient")] == [False, False, False]


def test_half_a_birth_date_is_left_out_and_told(take, empty_database, tmp_path):
    report = take(made.ndjson(tmp_path / "a.ndjson", made.patient("p1", birthDate="1961-07")))
    assert "1 patients: only the month or year of birth is known (a.ndjson line 1)" in report
    assert rows(empty_database, "patient")[0]["birth_date"] is None


def test_a_language_is_known_without_its_region(take, empty_database, tmp_path):
    english = {"language": {"coding": [{"code": "en-US"}]}}
    spoken = [english, {"language": {"coding": [{"code": "es-MX"}]}, "preferred": True}]
    assert only_patient(take, empty_database, tmp_path, communication=spoken)["language"] == "es"


def test_a_provider_number_with_a_wrong_check_digit_is_left_out_and_told(take, empty_database, tmp_path):
    doctors = [made.practitioner("d1", made.WRONG_NPI), made.practitioner("d2", None, "Eklund")]
    report = take(made.ndjson(tmp_path / "a.ndjson", *doctors))
    assert "1 providers: the NPI’s check digit is wrong, so it was left out" in report
    assert len(rows(empty_database, "provider")) == 2


ENCOUNTERS = {
    "planned": "booked",
    "arrived": "arrived",
    "triaged": "checked_in",
    "in-progress": "with_provider",
    "onleave": "with_provider",
    "finished": "checked_out",
    "cancelled": "cancelled_by_office",
    "entered-in-error": "in_error",
}
APPOINTMENTS = {
    "proposed": "proposed",
    "pending": "proposed",
    "booked": "booked",
    "arrived": "arrived",
    "checked-in": "checked_in",
    "fulfilled": "checked_out",
    "cancelled": "cancelled_by_office",
    "noshow": "no_show",
    "waitlist": "waitlist",
    "entered-in-error": "in_error",
}


def test_every_status_has_its_place(take, empty_database, tmp_path):
    seen = [made.encounter(status, "p1", status=status) for status in ENCOUNTERS]
    slots = [made.appointment(status, "p1", status=status) for status in APPOINTMENTS]
    take(made.ndjson(tmp_path / "a.ndjson", made.patient("p1"), *seen, *slots))
    found = sorted(row["status"] for row in rows(empty_database, "visit"))
    assert found == sorted([*ENCOUNTERS.values(), *APPOINTMENTS.values()])


def test_who_cancelled_is_told_apart(take, empty_database, tmp_path):
    reason = {"coding": [{"code": "pat-dec"}]}
    slot = made.appointment("a1", "p1", status="cancelled", cancelationReason=reason)
    take(made.ndjson(tmp_path / "a.ndjson", made.patient("p1"), slot))
    assert rows(empty_database, "visit")[0]["status"] == "cancelled_by_patient"


def test_a_visit_that_says_too_little_is_skipped_with_the_reason(take, tmp_path):
    lines = [
        made.encounter("e1", "p1", period={}),
        made.encounter("e2", "p1", "2026-11-24"),
        made.encounter("e3", "p1", status="unknown"),
        made.encounter("e4", "p1", subject={"display": "somebody"}),
    ]
    report = take(made.ndjson(tmp_path / "a.ndjson", made.patient("p1"), *lines))
    for why in (
        "1 Encounter: without a start time (a.ndjson line 2)",
        "1 Encounter: a start without a clock time (a.ndjson line 3)",
        "1 Encounter: a status that says nothing of the visit (a.ndjson line 4)",
        "1 Encounter: it does not say whose visit it is (a.ndjson line 5)",
    ):
        assert why in report


def test_a_visit_lasts_as_long_as_it_says(take, empty_database, tmp_path):
    named = {"type": [{"text": "Well child visit (procedure)"}], "reasonCode": [{"coding": [{"display": "Cough"}]}]}
    span = {"start": "2026-11-24T10:00:00-05:00", "end": "2026-11-24T10:35:00-05:00"}
    take(made.ndjson(tmp_path / "a.ndjson", made.patient("p1"), made.encounter("e1", "p1", period=span, **named)))
    (visit,) = rows(empty_database, "visit")
    assert (visit["starts_at"], visit["minutes"]) == ("2026-11-24T15:00:00.000Z", 35)
    assert (visit["type"], visit["reason"]) == ("Well child visit", "Cough")
