"""What the office does by itself."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

from backend.app import run_jobs
from backend.timetable import lease
from tests.practice import Practice


def test_a_job_that_is_due_is_done_once_by_however_many_servers(practice: Practice) -> None:
    run_jobs(practice.office)
    practice.clock.forward(hours=25)
    job = practice.office.jobs[0]
    now = practice.clock.now()
    with ThreadPoolExecutor(4) as servers:
        taken = list(servers.map(lambda _: lease(practice.office.performer, job, now), range(4)))
    assert len([run for run in taken if run is not None]) == 1


def test_the_calendar_stays_ahead_of_today(practice: Practice) -> None:
    practice.clock.forward(days=60)
    run_jobs(practice.office)
    assert practice.row("office_day", "main/2027-05-21") is not None
    assert run_jobs(practice.office) == 0, "not due again before tomorrow"


def test_also_the_first_time_a_job_is_done_once(practice: Practice) -> None:
    job, now = replace(practice.office.jobs[0], name="never done before"), practice.clock.now()
    together = Barrier(4)

    def take(_: int) -> str | None:
        # With a connection open, so that all of them ask in the same moment.
        with practice.database.read() as session:
            session.connection()
            together.wait()
        return lease(practice.office.performer, job, now)

    with ThreadPoolExecutor(4) as servers:
        assert len([run for run in servers.map(take, range(4)) if run is not None]) == 1
