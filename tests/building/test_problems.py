"""When something goes wrong: a sentence, the right status, the house's headers, and nothing of a patient in the log."""

import io
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from backend import logs
from backend.ids import new_id
from tests.forms import text_of
from tests.practice import PATIENTS, Practice

POLICY = ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'self'")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged."""
    stream = io.StringIO()
    logs.set_up(stream=stream)
    yield stream
    logs.set_up()


def break_the_board(practice: Practice) -> None:
    """A visit row that no template can show, as a bug of ours might publish it."""
    with practice.database.write() as session:
        session.execute(
            text('UPDATE seen_row SET body = replace(body, \'"starts_at":"\', \'"starts_at":"Castellanos \')')
        )


@pytest.mark.parametrize(
    ("method", "path", "status", "say"),
    [
        ("GET", "/nowhere", 404, "There is no such page."),
        ("GET", "/checkin/2026-02-30", 404, "There is no such page."),
        ("GET", "/checkin/2026-11-23/walk-ins", 404, "There is no such page."),
        ("POST", "/checkin/2026-11-23/nobody/arrival", 404, "There is no such form."),
        ("POST", "/find/kitchen", 404, "There is nothing to search by that name."),
        ("PUT", "/checkin", 405, "That cannot be done here."),
        ("DELETE", "/signin", 405, "That cannot be done here."),
        ("GET", "/signout", 405, "That cannot be done here."),
        ("GET", "/w/0000000000000000/worker/main.js", 404, "There is no such file."),
        ("GET", "/w/../../pyproject.toml", 404, ""),
    ],
)
def test_what_is_not_there_is_a_page_with_a_sentence(
    practice: Practice, method: str, path: str, status: int, say: str
) -> None:
    answer = practice.browser("ana")._send(method, path, {})
    assert answer.status_code == status, answer.text
    assert say in text_of(answer.text)
    assert POLICY[0] in answer.headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/signin", "/checkin/2026-11-23/registrations", "/find/checkin.board"])
def test_absurd_bodies_are_a_sentence_and_change_nothing(practice: Practice, path: str) -> None:
    ana = practice.browser("ana")
    head = {"content-type": "application/x-www-form-urlencoded"}
    large = ana._send("POST", path, head, content=b"family=" + b"x" * 3_000_000)
    garbage = ana._send("POST", path, head, content=b"\xff\xfe\x00=%ff&&&=&a")
    nothing = ana._send("POST", path, head, content=b"")
    assert large.status_code == 413
    assert "more than the office takes" in large.text
    assert garbage.status_code in (200, 400, 422)
    assert nothing.status_code in (200, 422)
    assert practice.entries("checkin.register_walk_in") == []


def test_a_fault_of_ours_is_a_number_and_no_value(practice: Practice, log: io.StringIO) -> None:
    ana = practice.browser("ana")
    break_the_board(practice)
    page = ana.get("/checkin")
    part = ana.get("/checkin?_part=list", **{"hx-request-type": "partial"})
    data = ana.get("/checkin", accept="application/json")
    assert [answer.status_code for answer in (page, part, data)] == [500, 500, 500]
    for answer in (page, part, data):
        assert "Something went wrong on our side (fault " in answer.text
        assert "Castellanos" not in answer.text
        assert "Traceback" not in answer.text
        assert POLICY[0] in answer.headers["content-security-policy"]
    assert "Castellanos" not in log.getvalue()
    assert '"event":"our_fault"' in log.getvalue().replace(" ", "")


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/signin", "/checkin", "/attention", "/device", "/worker.js", "/nowhere", "/sync/pokes/x"]
)
def test_every_answer_carries_the_policy_of_the_house(practice: Practice, path: str) -> None:
    for browser in (practice.browser(), practice.browser("ana")):
        answer = browser.get(path)
        for rule in POLICY:
            assert rule in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == ("no-cache" if path == "/worker.js" else "no-store")


def test_no_page_needs_more_than_the_policy_allows(practice: Practice) -> None:
    ana = practice.browser("ana")
    visit = practice.visits["alma"]
    for path in ("/checkin", "/checkin/2026-11-23/walk-in", "/attention", "/device", "/signin", f"/checkin/{visit}"):
        page = ana.get(path).text
        for forbidden in (" style=", "<style", " onclick=", "javascript:", "<script>"):
            assert forbidden not in page, path


def test_another_sites_form_is_refused_by_every_post(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    for path in (f"/checkin/2026-11-23/{visit}/arrival", "/find/checkin.board", "/signin", "/signout"):
        for header in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
            answer = ana.post(path, {}, **header)
            assert answer.status_code == 403
            assert "This came from another page than ours." in answer.text
    assert practice.entries("checkin.record_arrival") == []
    assert ana.get("/checkin").status_code == 200, "nobody was signed out"


def test_a_whole_morning_leaves_no_patient_in_the_log_or_in_an_address(practice: Practice, log: io.StringIO) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    addresses: list[Any] = [
        ana.get("/checkin"),
        ana.post("/find/checkin.board", {"day": "2026-11-23", "q": "Castellanos"}),
        ana.post(f"/checkin/2026-11-23/{visit}/arrival"),
        ana.post(f"/checkin/{visit}/identity", {"identifiers": ["name", "phone"]}),
        ana.post("/checkin/2026-11-23/registrations", {"family": "Castellanos", "phone": "5550100101"}),
        ana.sign_in("Castellanos", "Castellanos"),
        ana.get("/checkin?q=Castellanos"),
    ]
    tablet = practice.tablet("Tablet 1")
    odd = {"family": "Castellanos", "birth_date": "1957-04-12", "visit_id": new_id()}
    tablet.sync([tablet.command("checkin.register_walk_in", odd), tablet.command("Castellanos", odd)])
    lines = [msgspec.json.decode(line) for line in log.getvalue().splitlines()]
    assert {"request", "command"} <= {line["event"] for line in lines}
    known = {word for given, family, born, phone in PATIENTS.values() for word in (given, family, born, phone) if word}
    said = [line for line in lines if line["event"] != "command" or line["command"] != "Castellanos"]
    for line in said:
        assert not [word for word in known if word in str(line)], line
        assert visit not in str(line.get("route", "")), "a route is named by its pattern"
    for answer in addresses[:6]:
        assert "Castellanos" not in answer.headers.get("location", "")


def test_a_careless_log_line_loses_what_it_should_not_have_said(log: io.StringIO) -> None:
    logs.log.info("looked", patient="Alma Castellanos", route="/checkin/{day}", body={"q": "Alma"})
    assert "Alma" not in log.getvalue()
    assert '"/checkin/{day}"' in log.getvalue()
