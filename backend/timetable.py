"""The timetable: what the office does by itself, as commands of the actor `office`, by one server at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, String, Table, select, update
from sqlalchemy.orm import Session

from backend.commands import Command
from backend.database import Base, Instant, insert_missing
from backend.deciding import Asked, sent_by_us
from backend.identity import OFFICE
from backend.ids import derived, new_id
from backend.performing import Performer, perform
from backend.work import Device, Site

# The replica of everything that no device hands in.
SERVER_REPLICA = "00000000-0000-7000-8000-00000000000f"

timetable = Table(
    "timetable",
    Base.metadata,
    Column("job", String(80), primary_key=True),
    Column("next_at", Instant, nullable=False),
)


@dataclass(frozen=True)
class Job:
    """A command that the office gives every so often, at most once a minute.

    `due` returns the fields of each one to give now.
    """

    name: str
    every: timedelta
    command: type[Command]
    due: Callable[[Session, datetime], list[dict[str, Any]]]


@dataclass(frozen=True)
class Chore:
    """Upkeep that changes nothing anybody decided, so no command: done every so often by one server of the office.

    `do` is given the running office (which stands above this file) and the time; it returns how many things it did.
    """

    name: str
    every: timedelta
    do: Callable[[Any, datetime], int]


def lease(house: Performer, job: Job | Chore, now: datetime) -> str | None:
    """Take the job if it is due, so that no other server does it too; returns the run's id."""
    with house.database.write() as session:
        # There is a row to be locked also the first time, when several servers find none.
        insert_missing(session, timetable, [{"job": job.name, "next_at": now}])
        row = timetable.c
        if session.execute(select(row.next_at).where(row.job == job.name).with_for_update()).scalar_one() > now:
            return None
        session.execute(update(timetable).where(row.job == job.name).values(next_at=now + job.every))
    return new_id()


def run_due(house: Performer, jobs: list[Job], site: Site, now: datetime) -> int:
    """Do every job that is due; returns how many commands were given."""
    given = 0
    for job in jobs:
        run = lease(house, job, now)
        if run is None:
            continue
        with house.database.read() as session:
            due = job.due(session, now)
        for index, fields in enumerate(due):
            sent = sent_by_us(job.command, derived(run, f"{job.name}/{index}"), fields)
            perform(sent, asked_by_office(site, now), house)
            given += 1
    return given


def asked_by_office(site: Site, now: datetime) -> Asked:
    """The office itself asks, on its own server."""
    return Asked(SERVER_REPLICA, "server", Device(None, "the server"), site, OFFICE, now)
