"""A tablet that could not reach the office says so when it can again: downtime.record_apart, and the record of it."""

from datetime import timedelta
from typing import Any

import pytest

from backend.clock import Reading, instant
from backend.downtime.coming_back import read_stretches
from backend.ids import new_id
from tests.practice import MORNING, Practice
from tests.tablets import Tablet

COMMAND = "downtime.record_apart"


def came_back(practice: Practice, tablet: Tablet, minutes: int, entries: list[dict[str, Any]] = (), **more: Any) -> Any:  # type: ignore[assignment]
    """The tablet reaches the office after so many minutes without it."""
    now = practice.clock.now()
    apart = [[instant(now - timedelta(minutes=minutes)), instant(now)]]
    return tablet.sync(list(entries), apart=apart, standing={"waiting": len(entries)}, **more)


def listed(practice: Practice) -> str:
    return practice.browser("maria").get("/downtime").text


def the_only_record(practice: Practice) -> str:
    page = listed(practice)
    assert page.count('data-row="outage:') == 1, page
    id = page.split('data-row="outage:')[1][:36]
    return practice.browser("maria").get(f"/downtime/{id}").text


def test_the_record_tells_what_was_done_without_the_office_by_whom_and_when_it_reached_it(practice: Practice) -> None:
    ana, ben = practice.tablet("Tablet 1"), practice.tablet("Tablet 2", "ben")
    practice.clock.forward(minutes=40)
    arrived = ana.command("checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    practice.clock.forward(minutes=20)
    again = ben.command("checkin.record_arrival", {"visit_id": practice.visits["bruno"]})
    wrong = ben.command("sync.close_case", {"case_id": practice.visits["alma"], "reason": "gone"})
    practice.clock.forward(minutes=30)
    came_back(practice, ana, 55, [arrived])
    practice.clock.forward(minutes=10)
    came_back(practice, ben, 61, [again, wrong])
    page = the_only_record(practice)
    assert "From 9:05 am to 10:10 am (1 h 05 min)" in " ".join(page.split())
    assert "3 entries were made without the office by Ana Garrido, Ben Ito." in page
    assert "existed on a device alone: 50 min." in page
    assert 'data-status="to_decide"' in page
    assert "Castellanos" not in page, "the record says no more of patients than it must"
    practice.act("maria", "sync.close_case", {"case_id": wrong["command_id"], "reason": "Nothing to do"})
    page = the_only_record(practice)
    assert 'data-status="closed"' in page
    assert "Maria Lindqvist: Nothing to do" in page
    practice.act("maria", "staff.end_membership", {"staff_id": practice.staff["ben"]})
    assert "by Ana Garrido, Ben Ito." in the_only_record(practice), "also who has left is named"


def test_the_record_lists_what_was_typed_in_from_paper_of_that_time(practice: Practice) -> None:
    tablet, line = practice.tablet("Tablet 1"), {"day": "2026-11-23", "written_by": "Cleo", "about": True}
    practice.clock.forward(minutes=90)
    came_back(practice, tablet, 80)
    typed = {who: {**line, "visit_id": practice.visits[who]} for who in ("alma", "bruno")}
    inside = practice.act("ana", "checkin.type_in_arrival", {**typed["alma"], "time": "09:00"})
    before = practice.act("ana", "checkin.type_in_arrival", {**typed["bruno"], "time": "07:00"})
    known = {"visit_id": new_id(), "patient_id": practice.patients["chiara"], "type": "Walk-in", "time": "09:20"}
    who = {"family": "O’Hara", "given": "Nora", "birth_date": "1988-09-30", "sex": "unknown"}
    walked_in = practice.act("ana", "checkin.type_in_walk_in", {**line, **known})
    ids = {"visit_id": new_id(), "patient_id": new_id()}
    registered = practice.act("ana", "checkin.type_in_registration", {**line, **known, **who, **ids})
    page = the_only_record(practice)
    for one in (inside, walked_in, registered):
        assert f'data-paper="{one.command_id}"' in page
    assert f'data-paper="{before.command_id}"' not in page
    assert "9:00 am (estimated)</td><td>Cleo</td><td>Ana Garrido" in page


def test_an_outage_is_open_until_the_tablet_has_handed_in_all_it_had(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    practice.clock.forward(minutes=20)
    left = tablet.command("checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    apart = [[instant(MORNING), instant(practice.clock.now())]]
    tablet.sync(apart=apart, standing={"waiting": 1})
    assert 'data-status="open"' in the_only_record(practice)
    practice.clock.forward(minutes=1)
    tablet.sync([left], standing={"waiting": 1})
    assert 'data-status="closed"' in the_only_record(practice)


def test_what_was_short_or_is_told_twice_is_no_other_outage(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    practice.clock.forward(minutes=30)
    came_back(practice, tablet, 2)
    assert 'data-row="outage:' not in listed(practice)
    apart = [[instant(MORNING), instant(practice.clock.now())]]
    tablet.sync(apart=apart)
    tablet.sync(apart=apart)
    practice.clock.forward(minutes=5)
    longer = [[instant(MORNING), instant(practice.clock.now())]]
    tablet.sync(apart=longer)
    assert [entry.outcome for entry in practice.entries(COMMAND)] == ["applied", "noop", "applied"]
    assert "(35 min)" in " ".join(the_only_record(practice).split())


def test_a_clock_that_is_wrong_by_hours_moves_no_outage(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    practice.clock.forward(minutes=30)
    now = practice.clock.now()
    ahead = {"wall": instant(now + timedelta(hours=7)), "mono": 5.0, "boot": "b"}
    apart = [[instant(now + timedelta(hours=7, minutes=-20)), instant(now + timedelta(hours=7))]]
    tablet.sync(apart=apart, clock=ahead)
    assert "From 8:40 am to 9:00 am" in " ".join(the_only_record(practice).split())


def test_an_outage_that_ends_on_another_day_names_that_day(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    practice.clock.forward(hours=24)
    came_back(practice, tablet, 20 * 60)
    assert "From 12:30 pm to Nov 24, 2026, 8:30 am" in " ".join(the_only_record(practice).split())


@pytest.mark.parametrize(
    "said",
    [None, 7, "x", {}, [1], [[]], [["x", "y"]], [[None, None]], [["9" * 5000, "1"]], [[instant(MORNING)] * 2],
     [[instant(MORNING + timedelta(hours=9)), instant(MORNING + timedelta(hours=10))]],
     [["2019-01-01T00:00:00Z", "2019-01-02T00:00:00Z"]], [[instant(MORNING), instant(MORNING - timedelta(hours=1))]]],
)  # fmt: skip
def test_what_cannot_be_is_no_outage(practice: Practice, said: Any) -> None:
    clock = Reading(instant(MORNING + timedelta(hours=1)), 0, "")
    assert read_stretches(said, clock, MORNING + timedelta(hours=1)) == []
    tablet = practice.tablet("Tablet 1")
    practice.clock.forward(hours=1)
    assert tablet.send(apart=said).status_code == 200
    assert practice.entries(COMMAND) == []


def test_nobody_says_it_by_hand_and_only_managers_and_who_answers_for_privacy_read_it(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    fields = {"apart_id": tablet.device_id, "device_id": tablet.device_id, "from_at": instant(MORNING)}
    said = practice.act("maria", COMMAND, {**fields, "to_at": instant(MORNING + timedelta(hours=1))})
    assert said.code == "not_allowed"
    statuses = [practice.browser(who).get("/downtime").status_code for who in ("ana", "petra", "maria")]
    assert statuses == [403, 200, 200]
    assert practice.browser("maria").get(f"/downtime/{tablet.device_id}").status_code == 404
