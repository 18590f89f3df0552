"""The access log is read by who answers for privacy, and that too is noted."""

import csv
import io

import msgspec
import pytest

from backend.access_log import KINDS
from backend.ids import new_id
from backend.noticing import reads_patients
from backend.privacy.exporting import cell
from backend.privacy.telling import KIND_WORDS, PAGES, SENTENCES
from tests.forms import text_of
from tests.patients.twice import FIRST, registered_twice
from tests.practice import Practice
from tests.privacy.looks import looks


def opened(practice: Practice, who: str = "ana", patient: str = "alma") -> None:
    practice.browser(who).get(f"/checkin/{practice.visits[patient]}")


@pytest.mark.parametrize("path", ["/access", "/access/patient/{alma}"])
def test_nobody_else_reads_it(practice: Practice, path: str) -> None:
    address = path.format(alma=practice.patients["alma"])
    for who in ("ana", "cleo", "dana"):
        assert practice.browser(who).get(address).status_code == 403
    assert practice.browser().get(address).status_code == 303
    for who in ("petra", "maria"):
        answer = practice.browser(who).get(address)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"


def test_finding_and_exporting_are_as_closed(practice: Practice) -> None:
    for path in ("/access/find", "/access/export"):
        assert practice.browser("ana").post(path, {"q": "alma"}).status_code == 403
        assert practice.browser().post(path).status_code == 303
        assert practice.browser("petra").post(path, **{"sec-fetch-site": "cross-site"}).status_code == 403


def test_entries_are_sentences(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    tablet.get(f"/checkin/{practice.visits['alma']}")
    page = text_of(practice.browser("petra").get("/access").text)
    assert "8:30 am Ana Garrido opened a visit of Alma Castellanos Tablet 1" in page


def test_who_saw_a_patient_is_found_by_name_without_the_name_in_an_address(practice: Practice) -> None:
    opened(practice, "ana")
    opened(practice, "ben", "bruno")
    petra = practice.browser("petra")
    found = petra.post("/access/find", {"q": "CASTELL"})
    address = f"/access/patient/{practice.patients['alma']}"
    assert f'href="{address}"' in found.text
    page = text_of(petra.get(address).text)
    assert "Ana Garrido opened a visit of Alma Castellanos" in page
    assert "Ben Ito opened" not in page
    assert "Nobody here is called that." in petra.post("/access/find", {"q": "zzz"}).text
    assert petra.get(f"/access/patient/{new_id()}").status_code == 404
    assert petra.get("/access/patient/alma").status_code == 404


def test_who_saw_a_patient_has_the_looks_at_each_record_that_was_merged(practice: Practice) -> None:
    ana, ben, nora, norah = registered_twice(practice)
    ana.get(f"/checkin/{nora['visit_id']}")
    ben.get(f"/checkin/{norah['visit_id']}")
    petra = practice.browser("petra")

    def saw() -> list[list[bool]]:
        pages = [petra.get(f"/access/patient/{one['patient_id']}").text for one in (nora, norah)]
        return [[f"{who} opened a visit of" in text_of(page) for who in ("Ana Garrido", "Ben Ito")] for page in pages]

    assert saw() == [[True, False], [False, True]]
    [pair] = practice.rows("duplicate_pair")
    merge = practice.act("ana", "patients.merge", {"pair_id": pair["id"], **FIRST}, seen=pair["hash"])
    assert saw() == [[True, True], [True, True]]
    practice.act("ana", "undo", {"command_id": merge.command_id})
    assert saw() == [[True, False], [False, True]]


def test_reading_the_log_is_in_the_log(practice: Practice) -> None:
    petra = practice.browser("petra")
    petra.get("/access")
    petra.post("/access/find", {"q": "alma"})
    petra.get(f"/access/patient/{practice.patients['alma']}")
    petra.post("/access/export", {"format": "csv"})
    mine = [(look.kind, look.page, look.subject) for look in looks(practice, actor_id=practice.staff["petra"])]
    assert mine == [
        ("read", "privacy.access", None),
        ("search", "privacy.access", None),
        ("read", "privacy.subject", practice.patients["alma"]),
        ("export", "privacy.access", None),
    ]


def test_filters_by_person_kind_and_day(practice: Practice) -> None:
    opened(practice, "ana")
    practice.clock.forward(days=1)
    opened(practice, "ben", "bruno")
    petra = practice.browser("petra")
    ana, ben = practice.staff["ana"], practice.staff["ben"]
    for query, has, has_not in (
        (f"person={ana}", "Alma", "Bruno"),
        (f"person={ben}&kind=read", "Bruno", "Alma"),
        ("start=2026-11-24&kind=read&person=", "Bruno", "Alma"),
        ("end=2026-11-23", "Alma", "Bruno"),
        ("start=nonsense&person=x&before=x", "Alma", "nonsense"),
    ):
        page = text_of(petra.get(f"/access?{query}").text)
        assert f"of {has}" in page, query
        assert f"of {has_not}" not in page, query


def test_older_entries_are_on_the_next_page(practice: Practice) -> None:
    ana = practice.browser("ana")
    for _ in range(55):
        ana.get(f"/checkin/{practice.visits['alma']}")
        practice.clock.forward(minutes=10)
    petra = practice.browser("petra")
    person = practice.staff["ana"]
    first = petra.get(f"/access?person={person}").text
    [before] = {part.split('"')[0] for part in first.split("before=")[1:]}
    second = petra.get(f"/access?person={person}&before={before}").text
    assert (first.count("<time"), second.count("<time")) == (50, 6)
    assert "Older entries" not in second


def test_the_csv_runs_no_formula_and_opens_as_utf_8(practice: Practice) -> None:
    practice.tablet("=HYPERLINK(1)").get(f"/checkin/{practice.visits['alma']}")
    answer = practice.browser("petra").post("/access/export", {"format": "csv", "kind": "read"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="access-log.csv"' in answer.headers["content-disposition"]
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in answer.content
    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row["device"] == "'=HYPERLINK(1)"
    assert (row["person"], row["patient_id"]) == ("Ana Garrido", practice.patients["alma"])
    assert "Castellanos" not in answer.text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_whatever_begins_like_a_formula_is_text(start: str) -> None:
    assert cell(f"{start}1+1") == f"'{start}1+1"
    assert cell("Tablet =1") == "Tablet =1"
    assert [cell(None), cell(True), cell(False), cell(0)] == ["", "yes", "no", "0"]


def test_ndjson_has_one_entry_a_line_oldest_first(practice: Practice) -> None:
    opened(practice, "ana")
    opened(practice, "ben")
    answer = practice.browser("petra").post("/access/export", {"format": "ndjson", "kind": "read"})
    rows = [msgspec.json.decode(line) for line in answer.content.splitlines()]
    assert [row["person"] for row in rows] == ["Ana Garrido", "Ben Ito"]
    assert practice.browser("petra").post("/access/export", {"format": "xls"}).status_code == 404


def test_printing_is_noted_with_page_and_patient(practice: Practice) -> None:
    ana = practice.browser("ana")
    script = {"x-daysheet": "printed"}
    assert ana.post("/access/printed", {"path": f"/checkin/{practice.visits['alma']}"}, **script).status_code == 204
    ana.post("/access/printed", {"path": "/checkin/2026-11-23"}, **script)
    ana.post("/access/printed", {"path": "/nowhere"}, **script)
    assert [(look.page, look.subject) for look in looks(practice, kind="print")] == [
        ("checkin.visit", practice.patients["alma"]),
        ("checkin.board", None),
    ]
    assert ana.post("/access/printed", {"path": "/checkin/2026-11-23"}).status_code == 403


def test_every_kind_and_page_that_can_be_noted_has_its_words_in_both_languages(practice: Practice) -> None:
    spanish = practice.office.answering.manifest["words"]["es"]
    assert set(SENTENCES) == set(KIND_WORDS) == set(KINDS)
    noted = {page["name"] for page in practice.office.answering.manifest["pages"] if reads_patients(page)}
    assert noted <= set(PAGES)
    said = {*KIND_WORDS.values(), *PAGES.values(), *(one for both in SENTENCES.values() for one in both)}
    assert sorted(said - set(spanish)) == []
