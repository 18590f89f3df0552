"""A device's clock changes a recorded time and nothing else: not the order, not who wins, not whether it is kept."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.clock import instant
from backend.ids import new_id
from tests.practice import Practice
from tests.tablets import Tablet

ARRIVAL, WALK_IN = "checkin.record_arrival", "checkin.record_walk_in"


def reading(tablet: Tablet, fast: timedelta, boot: str) -> dict[str, object]:
    """What the clocks of a tablet say whose wall clock is fast by so much."""
    now = tablet.practice.clock.now()
    return {"wall": instant(now + fast), "mono": now.timestamp() * 1000, "boot": boot}


def walk_in(tablet: Tablet, who: str, made: dict[str, object]) -> dict[str, object]:
    visit = {"visit_id": new_id(), "patient_id": tablet.practice.patients[who], "type": "Walk-in"}
    return tablet.command(WALK_IN, visit, made=made)


@pytest.mark.parametrize("fast", [timedelta(hours=3), timedelta(hours=-3)])
def test_a_clock_three_hours_wrong_across_midnight(practice: Practice, fast: timedelta) -> None:
    """Two walk-ins a quarter of an hour before midnight and after it, handed in by a tablet that was restarted."""
    practice.clock.moment = datetime(2026, 11, 24, 4, 45, tzinfo=UTC)  # 11:45 pm in New York
    tablet, other = practice.tablet("Tablet 1"), practice.tablet("Tablet 2", "ben")
    late = walk_in(tablet, "alma", reading(tablet, fast, "b1"))
    practice.clock.forward(minutes=30)
    early = walk_in(tablet, "bruno", reading(tablet, fast, "b1"))
    arrival = tablet.command(ARRIVAL, {"visit_id": practice.visits["chiara"]}, made=reading(tablet, fast, "b1"))
    practice.clock.forward(minutes=5)
    other.sync([other.command(ARRIVAL, {"visit_id": practice.visits["chiara"]})])
    practice.clock.forward(minutes=5)
    tablet.sync([late, early, arrival], clock=reading(tablet, fast, "b2"))

    assert [entry.command_id for entry in practice.entries(WALK_IN)] == [late["command_id"], early["command_id"]]
    rows = [practice.row("visit", entry["fields"]["visit_id"]) for entry in (late, early)]
    assert [row["day"] for row in rows] == ["2026-11-23", "2026-11-24"], "the site's day, whatever the tablet's"
    assert [row["arrived_at"] for row in rows] == ["2026-11-24T04:45:00.000Z", "2026-11-24T05:15:00.000Z"]
    assert [row["about_steps"] for row in rows] == [["arrived"], ["arrived"]]
    page = practice.browser("ana").get(f"/checkin/{late['fields']['visit_id']}").text
    assert "about 11:45" in page
    assert [entry.device_id for entry in practice.entries(ARRIVAL)] == [other.device_id, tablet.device_id]
    row = practice.row("visit", practice.visits["chiara"])
    assert row is not None
    assert (row["arrived_at"], row["arrived_by"]) == ("2026-11-24T05:15:00.000Z", practice.staff["ana"])
    assert tablet.receipt(arrival)["say"] == "Already arrived at 12:20 am by Ben Ito on Tablet 2."


def test_within_one_boot_the_day_is_exact_whatever_the_clock_says(practice: Practice) -> None:
    practice.clock.moment = datetime(2026, 11, 24, 4, 59, tzinfo=UTC)
    tablet, fast = practice.tablet("Tablet 1"), timedelta(hours=3)
    entry = walk_in(tablet, "alma", reading(tablet, fast, "b1"))
    practice.clock.forward(hours=9)
    tablet.sync([entry], clock=reading(tablet, fast, "b1"))
    row = practice.row("visit", entry["fields"]["visit_id"])
    assert row is not None
    assert (row["day"], row["arrived_at"], row["about_steps"]) == ("2026-11-23", "2026-11-24T04:59:00.000Z", [])


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-11-01T03:59:00", "2026-10-31"),
        ("2026-11-01T04:01:00", "2026-11-01"),
        ("2026-11-02T04:30:00", "2026-11-01"),
        ("2027-03-14T04:30:00", "2027-03-13"),
        ("2027-03-15T03:59:00", "2027-03-14"),
        ("2027-03-15T04:01:00", "2027-03-15"),
    ],
)
def test_the_day_of_an_act_is_the_sites_also_when_its_clocks_change(practice: Practice, moment: str, day: str) -> None:
    practice.clock.moment = datetime.fromisoformat(f"{moment}+00:00")
    tablet = practice.tablet("Tablet 1")
    entry = walk_in(tablet, "alma", reading(tablet, timedelta(hours=1), "b1"))
    practice.clock.forward(hours=30)
    tablet.sync([entry], clock=reading(tablet, timedelta(hours=1), "b2"))
    row = practice.row("visit", entry["fields"]["visit_id"])
    assert row is not None
    assert row["day"] == day
