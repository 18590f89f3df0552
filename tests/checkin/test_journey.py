"""A morning at the desk in a browser without any script: pages, links and plain forms."""

from typing import Any

import pytest

from tests.forms import form_to, text_of
from tests.practice import Practice
from tests.tablets import Browser

DAY = "2026-11-23"


def follow(browser: Browser, answer: Any) -> str:
    """The page that a form leads to."""
    assert answer.status_code == 303, answer.text
    page = browser.get(answer.headers["location"])
    while page.status_code == 303:
        page = browser.get(page.headers["location"])
    assert page.status_code == 200, page.text
    return page.text


def send(browser: Browser, html: str, end: str, **values: Any) -> str:
    form = form_to(html, end)
    return follow(browser, browser.post(form.action, form.filled(**values)))


def test_the_whole_job_works_as_plain_forms(practice: Practice) -> None:
    ana, visit = practice.browser(), practice.visits["alma"]
    assert follow(ana, ana.get("/checkin")).startswith("<!doctype html>")
    board = send(ana, ana.get("/signin").text, "/signin", username="ana", password="a quiet morning")
    assert "Alma Castellanos" in text_of(board)

    board = send(ana, board, f"{visit}/arrival")
    assert "Arrived" in text_of(board)
    page = ana.get(f"/checkin/{visit}").text
    page = send(ana, page, "/identity", identifiers=["name", "photo_id"])
    page = send(ana, page, "/check-in")
    assert page.count('data-step="done"') == 3
    page = send(ana, page, "/undo")
    assert page.count('data-step="done"') == 2
    board = ana.get("/checkin").text
    board = send(ana, board, f"{visit}/check-in")
    assert practice.row("visit", visit)["status"] == "checked_in"  # type: ignore[index]

    walk_in = ana.get(f"/checkin/{DAY}/walk-in").text
    search = form_to(walk_in, "/find/checkin.walk_in")
    found = ana.post(search.action, search.filled(q="sorensen")).text
    board = send(ana, found, "/walk-ins", patient_id=practice.patients["chiara"])
    assert text_of(board).count("Chiara Sørensen") > 2
    new = {"family": "Novak", "given": "Petra", "birth_date": "4/5/1971", "sex": "female"}
    board = send(ana, ana.get(f"/checkin/{DAY}/walk-in").text, "/registrations", **new)
    assert "Petra Novak" in text_of(board)

    gone = send(ana, board, "/signout")
    assert 'name="password"' in gone


@pytest.mark.parametrize(
    ("typed", "found", "not_found"),
    [
        ("alm", "Alma", "Bruno"),
        ("o hara", "Bruno", "Alma"),
        ("4/12/1957", "Alma", "Bruno"),
        ("1957-04-12", "Alma", "Bruno"),
        ("(555) 010-0102", "Bruno", "Alma"),
        ("SØRENSEN chi", "Chiara", "Alma"),
    ],
)
def test_the_board_is_searched_by_what_the_desk_is_told(
    practice: Practice, typed: str, found: str, not_found: str
) -> None:
    answer = practice.browser("ana").post("/find/checkin.board", {"day": DAY, "q": typed}, partial=True)
    assert answer.status_code == 200
    assert found in answer.text
    assert not_found not in answer.text
    assert answer.text.lstrip().startswith("<section")


def test_the_board_can_be_narrowed_to_a_status_and_a_provider(practice: Practice) -> None:
    ana = practice.browser("ana")
    ana.post(f"/checkin/{practice.visits['bruno']}/arrival")
    arrived = ana.get(f"/checkin/{DAY}?status=arrived").text
    assert "Bruno" in arrived
    assert "Alma" not in arrived
    part = ana.get(f"/checkin/{DAY}?status=booked&_part=list").text
    assert "Alma" in part
    assert "Bruno" not in part
    assert "Alma" not in ana.get(f"/checkin/{DAY}?provider=00000000-0000-7000-8000-000000000000").text


@pytest.mark.parametrize(("language", "words"), [("en", ["Last name", "Please"]), ("es", ["Apellido", "Fecha"])])
def test_complaints_are_in_the_offices_language(practice: Practice, language: str, words: list[str]) -> None:
    site = {"site_id": "main", "name": "Maple Street Family Medicine", "zone_name": "America/New_York"}
    practice.act("maria", "office.open_site", {**site, "language": language})
    ana = practice.browser("ana")
    typed = {"given": "Nora", "birth_date": "tomorrow", "sex": "female", "phone": "5"}
    answer = ana.post(f"/checkin/{DAY}/registrations", typed)
    assert answer.status_code == 422
    assert f'<html lang="{language}">' in answer.text
    for word in words:
        assert word in text_of(answer.text)
    form = form_to(answer.text, "/registrations")
    assert (form.fields["given"], form.fields["birth_date"]) == (["Nora"], ["tomorrow"])


def test_every_page_opens_in_spanish(practice: Practice) -> None:
    site = {"site_id": "main", "name": "Maple Street Family Medicine", "zone_name": "America/New_York"}
    practice.act("maria", "office.open_site", {**site, "language": "es"})
    ana = practice.browser("ana")
    for path in ("/checkin", f"/checkin/{practice.visits['alma']}", f"/checkin/{DAY}/walk-in", "/attention", "/device"):
        answer = ana.get(path)
        assert answer.status_code == 200, answer.text
        assert '<html lang="es">' in answer.text


def test_a_day_without_visits_and_a_visit_that_is_not_here_say_so(practice: Practice) -> None:
    ana = practice.browser("ana")
    assert "No visits on this day" in ana.get("/checkin/2026-11-27").text
    assert "This visit is not here" in ana.get("/checkin/00000000-0000-7000-8000-000000000000").text


def test_a_part_whose_row_is_gone_is_missing_and_an_unknown_part_too(practice: Practice) -> None:
    ana = practice.browser("ana")
    nobody = "00000000-0000-7000-8000-000000000000"
    assert ana.get(f"/checkin/{DAY}?_part=visit&visit_id={nobody}").status_code == 404
    assert ana.get(f"/checkin/{DAY}?_part=kitchen").status_code == 404
    assert ana.get(f"/checkin/{DAY}?_part=visit&visit_id={practice.visits['alma']}").status_code == 200


def test_who_has_no_business_at_the_desk_is_told_whom_to_ask(practice: Practice) -> None:
    answer = practice.browser("dana").get("/checkin")
    assert answer.status_code == 403
    assert "Ask the office manager" in answer.text
    assert practice.browser("dana").post("/find/checkin.board", {"q": "alma"}).status_code == 403
