"""In an emergency the patient pages open to everybody of the staff, for half an hour, to be read, and it is noted."""

import io
import json

from backend import logs
from backend.ids import new_id
from tests.forms import form_to, text_of
from tests.practice import SITE, Practice
from tests.privacy.looks import looks

BREAK = "privacy.break_glass"
WHY = "A patient collapsed in the hall"
BOARD = "/checkin/2026-11-23"


def test_the_page_that_is_refused_offers_the_way_in(practice: Practice) -> None:
    cleo = practice.browser("cleo")
    refused = cleo.get(BOARD)
    assert refused.status_code == 403
    assert "Castellanos" not in refused.text
    form = form_to(refused.text, "/emergency")
    opened = cleo.post("/emergency", form.filled(reason=WHY))
    assert (opened.status_code, opened.headers["location"]) == (303, "/checkin")
    assert "Castellanos" in cleo.get(BOARD).text
    assert cleo.get(f"/checkin/{practice.visits['alma']}").status_code == 200
    [entry] = practice.entries(BREAK)
    assert (entry.outcome, entry.code) == ("flagged", "emergency")


def test_it_closes_by_itself_after_thirty_minutes(practice: Practice) -> None:
    dana = practice.browser("dana")
    dana.post("/emergency", {"reason": WHY})
    practice.clock.forward(minutes=29)
    assert dana.get(BOARD).status_code == 200
    practice.clock.forward(minutes=1)
    assert dana.get(BOARD).status_code == 403


def test_it_opens_for_the_person_who_said_so_and_nobody_else(practice: Practice) -> None:
    practice.browser("cleo").post("/emergency", {"reason": WHY})
    assert practice.browser("dana").get(BOARD).status_code == 403


def test_it_never_opens_devices_the_log_or_what_managers_decide(practice: Practice) -> None:
    cleo = practice.browser("cleo")
    cleo.post("/emergency", {"reason": WHY})
    for path in ("/devices", "/access", "/privacy", "/attention/office", f"{BOARD}/walk-in"):
        assert cleo.get(path).status_code == 403, path


def test_it_widens_reading_and_no_command(practice: Practice) -> None:
    cleo = practice.browser("cleo")
    cleo.post("/emergency", {"reason": WHY})
    answer = cleo.post(f"{BOARD}/{practice.visits['alma']}/arrival")
    assert answer.status_code == 422
    assert practice.row("visit", practice.visits["alma"])["status"] == "booked"  # type: ignore[index]


def test_without_a_reason_it_stays_closed_and_what_was_typed_comes_back(practice: Practice) -> None:
    cleo = practice.browser("cleo")
    answer = cleo.post("/emergency", {"reason": "Help"})
    assert answer.status_code == 403
    assert "What is the emergency? needs at least 10 characters." in text_of(answer.text)
    assert ">Help</textarea>" in answer.text
    assert practice.entries(BREAK) == []
    assert cleo.get(BOARD).status_code == 403


def test_every_look_under_it_is_marked_and_so_is_the_opening(practice: Practice) -> None:
    cleo = practice.browser("cleo")
    cleo.post("/emergency", {"reason": WHY, "patient_id": practice.patients["alma"]})
    cleo.get(f"/checkin/{practice.visits['alma']}")
    [opened] = looks(practice, kind="break_glass")
    [look] = looks(practice, kind="read")
    assert (opened.actor_id, opened.subject) == (practice.staff["cleo"], practice.patients["alma"])
    assert (look.code, look.subject) == ("break_glass", practice.patients["alma"])
    practice.browser("ana").get(f"/checkin/{practice.visits['alma']}")
    assert [look.code for look in looks(practice, kind="read")] == ["break_glass", ""]


def test_the_office_is_told_at_once(practice: Practice) -> None:
    receipt = practice.act("cleo", BREAK, {"glass_id": new_id(), "reason": WHY})
    assert receipt.outcome == "flagged"
    assert f"attention/{SITE.id}" in practice.sheets_with("case", receipt.command_id)
    assert "Cleo Marsh opened the patient pages" in practice.browser("maria").get("/attention/office").text


def test_handed_in_late_it_counts_from_when_it_was_said(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    glass_id = new_id()
    entry = tablet.command(BREAK, {"glass_id": glass_id, "reason": WHY})
    practice.clock.forward(minutes=45)
    tablet.sync([entry])
    assert tablet.receipt(entry)["outcome"] == "flagged"
    assert practice.row("glass", glass_id)["since"] == "2026-11-23T13:30:00.000Z"  # type: ignore[index]
    tablet.send([entry])
    same = practice.act("ana", BREAK, entry["fields"])
    assert (same.outcome, same.code) == ("noop", "already_open")
    assert len(looks(practice, kind="break_glass")) == 1


def test_the_row_stands_in_the_persons_own_sheet_only(practice: Practice) -> None:
    glass_id = new_id()
    practice.act("cleo", BREAK, {"glass_id": glass_id, "reason": WHY})
    assert practice.sheets_with("glass", glass_id) == {f"glass/{practice.staff['cleo']}"}


def test_pages_that_open_say_so_in_the_manifest(practice: Practice) -> None:
    manifest = practice.office.answering.manifest
    assert {page["name"] for page in manifest["pages"] if page["emergency"]} == {"checkin.board", "checkin.visit"}
    assert manifest["emergency_minutes"] == 30


def test_log_lines_name_nobody(practice: Practice) -> None:
    stream = io.StringIO()
    logs.set_up(stream=stream)
    try:
        cleo = practice.browser("cleo")
        cleo.post("/emergency", {"reason": WHY})
        cleo.get(f"/checkin/{practice.visits['alma']}")
        practice.browser("petra").post("/access/find", {"q": "Castellanos"})
    finally:
        logs.set_up()
    said = stream.getvalue()
    assert [json.loads(line) for line in said.splitlines()]
    for word in ("Castellanos", "collapsed", "Cleo", practice.patients["alma"], practice.visits["alma"]):
        assert word not in said
