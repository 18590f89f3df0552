"""The record on paper: a PDF that names no patient, and a plain sentence where none can be made."""

import sys

import pytest

from backend.clock import instant
from backend.downtime.printing import as_pdf
from backend.errors import Missing
from tests.practice import MORNING, Practice


def test_the_record_is_a_pdf_that_is_kept_nowhere(practice: Practice) -> None:
    pytest.importorskip("weasyprint")
    tablet = practice.tablet("Tablet 1")
    practice.clock.forward(minutes=20)
    entry = tablet.command("checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    tablet.sync([entry], apart=[[instant(MORNING), instant(practice.clock.now())]])
    maria = practice.browser("maria")
    id = maria.get("/downtime").text.split('data-row="outage:')[1][:36]
    answer = maria.get(f"/downtime/{id}/record.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"%PDF-")
    assert practice.browser("ana").get(f"/downtime/{id}/record.pdf").status_code == 403


def test_paper_fetches_nothing_and_without_the_package_it_says_what_to_do(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("weasyprint")
    html = "<p>hello</p><img src='file:///etc/passwd'><link rel=stylesheet href='http://127.0.0.1:9/x.css'>"
    assert as_pdf(html, practice.office).startswith(b"%PDF-")
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(Missing, match="Print the page from the browser"):
        as_pdf(html, practice.office)
