"""What cannot be read is named by file and line; everything beside it is taken."""

import gzip
import hashlib
import json

from backend.fhir import reading
from tests.fhir import made
from tests.fhir.looking import commands, rows


def deep(levels):
    """A line that is nested so deep."""
    return '{"resourceType":"Patient","id":"x","extension":' + "[" * levels + "]" * levels + "}"


BAD = [
    ("{not json", "not JSON"),
    ('["Patient"]', "not a JSON object with a resourceType"),
    ("null", "not a JSON object with a resourceType"),
    ('{"id":"p9"}', "without a resourceType"),
    ('{"resourceType":"Sandwich","id":"1"}', "a resourceType that FHIR R4 does not have"),
    ('{"resourceType":"Patient","name":[{"family":"A"}]}', "without an id"),
    ('{"resourceType":"Patient","id":"a b/c"}', "an id that FHIR does not allow"),
    (made.patient("x", birthDate="2026-02-30"), "a birth date that is no date"),
    (made.patient("x", birthDate="1066-10-14"), "an absurd birth date"),
    (made.patient("x", birthDate="2345-01-01"), "an absurd birth date"),
    (made.patient("x", birthDate={"day": 1}), "a birth date that is no date"),
    (made.patient("x", "A" * 500), "a name longer than 120 characters"),
    (made.encounter("x", "p1", "9999-12-31T23:59:59Z"), "an absurd start"),
    (made.encounter("x", "p1", "0001-01-01T00:00:00+14:00"), "a start that is no time"),
    (made.encounter("x", "p1", "yesterday"), "a start that is no time"),
    (deep(3000), "nested deeper than 100"),
    (deep(200), "nested deeper than 100"),
    ('{"resourceType":"Patient","id":"\ud800"}'.encode("utf-8", "surrogatepass").decode("latin-1"), "an id that"),
]


def test_every_bad_line_is_named_and_its_neighbours_are_taken(take, empty_database, tmp_path):
    lines = [line for place, (bad, _) in enumerate(BAD) for line in (bad, "", made.patient(f"good{place}"))]
    report = take(made.ndjson(tmp_path / "a.ndjson", made.patient("p1"), *lines))
    assert f"Could not be read ({len(BAD)})" in report
    for place, (_, why) in enumerate(BAD):
        assert f"a.ndjson line {2 + 3 * place}: {why}" in report
    assert f"{len(BAD) + 1} patients" in report
    assert len(rows(empty_database, "patient")) == len(BAD) + 1


def test_an_overlong_line_is_passed_over_without_being_held(take, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "LONGEST", 10_000)
    long = made.patient("long", text={"div": "x" * 50_000})
    report = take(made.ndjson(tmp_path / "a.ndjson", long, made.patient("p1")))
    assert "a.ndjson line 1: longer than 10,000 bytes" in report
    assert "1 patients" in report


def test_a_bundle_that_breaks_off_gives_what_came_before(take, tmp_path):
    whole = made.bundle(tmp_path / "b.json", made.patient("p1"), made.patient("p2"), made.patient("p3"))
    text = whole.read_text()
    whole.write_text(text[: text.index('"p3"')])
    report = take(whole)
    assert "b.json entry 3: not JSON from here on; the rest of the file is not read" in report
    assert "2 patients" in report


def test_bad_entries_of_a_bundle_are_named(take, tmp_path):
    file = tmp_path / "b.json"
    nested = {"resource": json.loads(deep(200))}
    entries = [7, {"resource": []}, {"request": {"method": "DELETE"}}, nested, {"resource": made.patient("p1")}]
    file.write_text(json.dumps({"entry": entries, "resourceType": "Bundle"}, indent=1))
    report = take(file)
    for line in ("entry 1: not a JSON object", "entry 2: not a JSON object", "entry 4: nested deeper than 100"):
        assert f"b.json {line}" in report
    assert "1 patients" in report


def test_a_file_that_cannot_be_opened_stops_the_import_before_it_begins(take, empty_database, tmp_path):
    good = made.ndjson(tmp_path / "a.ndjson", made.patient("p1"))
    report = take(good, tmp_path / "nowhere.ndjson", code=1)
    assert "nowhere.ndjson cannot be read: there is no such file." in report
    assert "Nothing was imported." in report
    assert take(tmp_path, code=1).count("it is not a file") == 1
    assert commands(empty_database) == 0


def test_a_file_damaged_in_its_packing_is_told_and_what_was_read_is_kept(take, empty_database, tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "AHEAD", 4096)
    noise = [(n, hashlib.sha512(str(n).encode()).hexdigest() * 3) for n in range(300)]
    lines = "".join(json.dumps(made.patient(f"p{n}", text=digits)) + "\n" for n, digits in noise)
    file = tmp_path / "a.ndjson.gz"
    file.write_bytes(gzip.compress(lines.encode())[:-200])
    report = take(file, code=1)
    assert "Files that break off\n  a.ndjson.gz: it is damaged" in report
    assert rows(empty_database, "patient")


def test_things_in_the_wrong_place_are_read_as_absent(take, empty_database, tmp_path):
    odd = made.patient(
        "p1", telecom="555", address=[3, {"line": 7}], communication={"language": []}, identifier="x", active="no"
    )
    odd["gender"] = ["female"]
    take(made.ndjson(tmp_path / "a.ndjson", odd, made.practitioner("d1") | {"identifier": {"value": 5}}))
    (row,) = rows(empty_database, "patient")
    assert (row["sex"], row["phone"], row["language"], row["active"]) == ("unknown", None, "en", True)
