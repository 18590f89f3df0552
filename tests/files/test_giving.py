"""A file is for those who may read a row that carries it, and for nobody else."""

import re

import pytest

from backend.files.giving import as_regex
from tests.files.sending import attach, cabinet, id_of, picture, plant, send, send_whole
from tests.practice import Practice


@pytest.fixture
def photo(practice: Practice) -> bytes:
    """One that a visit of this morning carries."""
    plant(practice)
    content = picture(300_000)
    attach(practice, send_whole(practice.tablet("Tablet 1"), content))
    return content


def test_who_may_read_the_visit_may_see_its_photo(practice: Practice, photo: bytes) -> None:
    for who in ("ana", "maria"):
        browser = practice.browser()
        browser.sign_in(who)
        answer = browser.get(f"/files/{id_of(photo)}")
        assert (answer.status_code, answer.content) == (200, photo)


def test_a_photo_runs_nothing_and_stays_in_no_cache(practice: Practice, photo: bytes) -> None:
    browser = practice.browser()
    browser.sign_in("ana")
    headers = browser.get(f"/files/{id_of(photo)}").headers
    assert headers["content-type"] == "image/jpeg"
    assert headers["content-disposition"] == 'inline; filename="file.jpg"'
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("who", ["cleo", "dana", "petra"])
def test_for_others_it_does_not_exist(practice: Practice, photo: bytes, who: str) -> None:
    browser = practice.browser()
    browser.sign_in(who)
    answer = browser.get(f"/files/{id_of(photo)}", accept="application/json")
    missing = browser.get(f"/files/{'0' * 64}", accept="application/json")
    assert (answer.status_code, answer.content) == (404, missing.content)


def test_a_managers_phone_shows_no_photo_of_a_visit(practice: Practice, photo: bytes) -> None:
    phone = practice.tablet("Maria’s phone", "maria", "manager_phone")
    assert phone.get(f"/files/{id_of(photo)}", accept="application/json").status_code == 404


def test_nobody_signed_in_gets_nothing(practice: Practice, photo: bytes) -> None:
    assert practice.browser().get(f"/files/{id_of(photo)}", accept="application/json").status_code == 401


def test_a_file_that_no_row_carries_is_for_nobody(practice: Practice) -> None:
    plant(practice)
    tablet, content = practice.tablet("Tablet 1"), picture()
    send_whole(tablet, content)
    assert tablet.get(f"/files/{id_of(content)}", accept="application/json").status_code == 404


def test_a_file_that_has_not_come_whole_is_not_there_yet(practice: Practice) -> None:
    plant(practice)
    tablet, content = practice.tablet("Tablet 1"), picture(300_000)
    send(tablet, content, 0)
    attach(practice, id_of(content))
    assert tablet.get(f"/files/{id_of(content)}", accept="application/json").status_code == 404
    send(tablet, content, 1)
    assert tablet.get(f"/files/{id_of(content)}").content == content


def test_an_id_typed_into_a_field_that_is_for_no_file_opens_nothing(practice: Practice) -> None:
    tablet, content = practice.tablet("Tablet 1"), picture()
    attach(practice, send_whole(tablet, content))
    assert tablet.get(f"/files/{id_of(content)}", accept="application/json").status_code == 404


def test_a_damaged_part_is_a_sentence_and_no_half_of_a_photo(practice: Practice, photo: bytes) -> None:
    paths = sorted(cabinet(practice).every_part())
    first, second = (path.read_bytes() for path in paths)
    paths[0].write_bytes(second)
    paths[1].write_bytes(first)
    browser = practice.browser()
    browser.sign_in("ana")
    answer = browser.get(f"/files/{id_of(photo)}", accept="application/json")
    assert (answer.status_code, answer.json()["error"]) == (404, "lost")


def test_another_sites_and_another_persons_sheets_are_not_ones_own() -> None:
    known = {"site": "main", "actor": "ana"}

    def fits(pattern: str, sheet: str) -> bool:
        return re.fullmatch(as_regex(pattern, known), sheet) is not None

    assert fits("visits/{site}/{window}", "visits/main/2026-11-23")
    assert not fits("visits/{site}/{window}", "visits/north/2026-11-23")
    assert not fits("visits/{site}/{window}", "visits/main/2026-11-23/more")
    assert fits("attention/{actor}", "attention/ana")
    assert not fits("attention/{actor}", "attention/ben")
    assert not fits("patients/{site}", "patientsXmain")
