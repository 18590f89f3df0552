"""The downtime packet: the schedule and blank sheets on paper, for the case that the tablets fail, too."""

import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from backend.access_log import access_entry
from backend.downtime.packet import keep_packets
from tests.forms import text_of
from tests.practice import Practice


def test_the_packet_has_the_day_and_lines_to_write_on_and_is_logged_as_printed(practice: Practice) -> None:
    page = practice.browser("ana").get("/downtime/packet")
    assert page.status_code == 200, page.text
    assert page.text.count('data-row="visit:') == 3
    said = text_of(page.text)
    assert "Alma Castellanos" in said
    assert "04/12/1957" in said
    assert "(555) 010-0101" in said
    assert page.text.index("9:00 am") < page.text.index("9:15 am") < page.text.index("10:30 am")
    assert page.text.count("data-day=") == 2, "today and the next office day"
    with practice.database.read() as session:
        query = select(access_entry.c.kind, access_entry.c.actor_id, access_entry.c.rows)
        noted = session.execute(query.where(access_entry.c.page == "downtime.packet")).all()
    assert [tuple(one) for one in noted] == [("print", practice.staff["ana"], 3)]
    assert practice.browser("dana").get("/downtime/packet").status_code == 403


def test_a_folder_that_was_set_holds_the_newest_packet_of_each_site(practice: Practice, tmp_path: Path) -> None:
    pytest.importorskip("weasyprint")
    now = practice.clock.now()
    assert keep_packets(practice.office, now) == 0, "no folder was set, so nothing that names patients is written"
    given = msgspec.structs.replace(practice.office.settings, packets=str(tmp_path / "packets"))
    office = replace(practice.office, settings=given)
    assert keep_packets(office, now) == 1
    assert keep_packets(office, now + timedelta(days=1)) == 1
    [file] = (tmp_path / "packets").iterdir()
    assert file.name == "downtime-packet-main-2026-11-24.pdf"
    assert file.read_bytes().startswith(b"%PDF-")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
