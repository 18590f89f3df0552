"""A day of visits is moved to today, so that a board can be seen."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.fhir import made
from tests.fhir.looking import commands, rows
from tests.practice import MORNING, StillClock

TODAY = str(MORNING.date())
NEW_YORK = ZoneInfo("America/New_York")


def local(visit):
    """The clock time of a visit at the office."""
    return datetime.fromisoformat(visit["starts_at"]).astimezone(NEW_YORK).time()


def busy_day(count):
    """Visits of a day in summer, fifteen minutes apart from 7:00 at the office, and their patients."""
    begins = datetime(2019, 7, 9, 11, 0, tzinfo=UTC)
    visits = [made.encounter(f"e{n}", f"p{n}", (begins + timedelta(minutes=15 * n)).isoformat()) for n in range(count)]
    return [*visits, *(made.patient(f"p{n}") for n in range(count))]


def test_the_busiest_day_moves_whole_and_keeps_its_clock_times(take, empty_database, tmp_path):
    quiet = made.encounter("quiet", "p1", "2019-07-10T11:00:00Z", status="finished")
    report = take(made.ndjson(tmp_path / "a.ndjson", *busy_day(30), quiet), shift=True)
    assert f"Moved to {TODAY}: 30 visits of 30 patients, from 1 day(s)." in report
    moved = [visit for visit in rows(empty_database, "visit") if visit["day"] == TODAY]
    assert len(moved) == 30
    assert min(local(visit) for visit in moved) == time(7, 0)
    assert {visit["status"] for visit in moved} == {"booked"}
    (left,) = [visit for visit in rows(empty_database, "visit") if visit["day"] != TODAY]
    assert (left["day"], left["status"]) == ("2019-07-10", "checked_out")


def test_quiet_days_are_put_together_until_the_board_is_full(take, empty_database, tmp_path):
    people = [made.patient(f"p{n}") for n in range(40)]
    visits = [made.encounter(f"e{n}", f"p{n % 40}", f"20{n // 2 + 10}-03-03T08:00:00Z") for n in range(80)]
    take(made.ndjson(tmp_path / "a.ndjson", *visits, *people), shift=True)
    moved = [visit for visit in rows(empty_database, "visit") if visit["day"] == TODAY]
    assert len(moved) == 24
    assert len({visit["patient_id"] for visit in moved}) == 24
    assert len({visit["starts_at"] for visit in moved}) == 24
    assert all(time(8) <= local(visit) < time(17) for visit in moved)


def test_moved_visits_are_of_a_length_that_a_board_shows(take, empty_database, tmp_path):
    spans = [("2020-01-06T15:00:00Z", "2020-01-06T15:01:00Z"), ("2020-01-06T16:00:00Z", "2020-01-09T16:00:00Z")]
    visits = [
        made.encounter(f"e{n}", "p1", period={"start": start, "end": end}) for n, (start, end) in enumerate(spans)
    ]
    take(made.ndjson(tmp_path / "a.ndjson", made.patient("p1"), *visits), shift=True)
    assert sorted(visit["minutes"] for visit in rows(empty_database, "visit")) == [10, 120]


def test_who_has_died_is_not_put_on_the_board_of_today_nor_are_stays_in_hospital(take, empty_database, tmp_path):
    people = [made.patient("p1", deceasedBoolean=True), made.patient("p2")]
    visits = [
        made.encounter("e1", "p1", "2020-01-06T15:00:00Z"),
        made.encounter("e2", "p2", "2020-01-06T15:00:00Z", **{"class": {"code": "IMP"}}),
        made.encounter("e3", "p2", "2020-01-06T16:00:00Z"),
    ]
    report = take(made.ndjson(tmp_path / "a.ndjson", *people, *visits), shift=True)
    assert "Moved to 2026-11-23: 1 visits" in report
    assert "3 visits" in report
    assert "2 AMB\n  1 IMP" in report


def test_moving_twice_on_one_day_moves_once_and_the_next_day_moves_on(take, empty_database, tmp_path):
    file = made.ndjson(tmp_path / "a.ndjson", *busy_day(24))
    take(file, shift=True)
    before = commands(empty_database)
    assert "nothing new" in take(file, shift=True)
    assert commands(empty_database) == before
    tomorrow = StillClock()
    tomorrow.forward(days=1)
    assert "24 visits" in take(file, shift=True, clock=tomorrow)
    assert {visit["day"] for visit in rows(empty_database, "visit")} == {"2026-11-24"}


def test_there_may_be_nothing_to_move(take, tmp_path):
    assert "Moved to 2026-11-23: 0 visits" in take(made.ndjson(tmp_path / "a.ndjson", made.patient("p1")), shift=True)
