"""A real server process on a folder of its own, which a test stops, kills and starts again."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.app import open_office
from backend.clock import Clock
from backend.database import Database
from backend.giving import Giver
from backend.identity import OFFICE
from backend.ids import new_id
from backend.journal import broken_link, journal
from backend.migrating import migrate
from backend.office import OpenSite, sites
from backend.patients.models import Patient
from backend.scheduling import RecordVisitType
from backend.scheduling.models import Visit, VisitEvent
from backend.settings import Settings
from backend.staff import AddStaffMember, set_password
from backend.work import Site
from tests.browser.forking import Forked, begin
from tests.browser.records import write_records
from tests.practice import STAFF, front
from tests.tablets import PASSWORD

ROOT = Path(__file__).parents[2]
COMES_UP_WITHIN = 90
ENDS_WITHIN = 10


def zone_in_the_day(now: datetime) -> str:
    """A zone where it is neither early nor late, so that no test meets midnight."""
    return "America/New_York" if 6 <= now.astimezone(ZoneInfo("America/New_York")).hour < 20 else "Asia/Singapore"


@contextmanager
def giving(folder: Path, site: Site | None = None, clock: Clock | None = None) -> Iterator[Giver]:
    """Gives commands in the office's own name, beside a server that runs or instead of one; by default at its site."""
    settings = Settings(data=folder)
    opened = open_office(settings, clock or Clock(), Database(settings.database_url), front())
    try:
        if site is None:
            with opened.database.read() as session:
                [site] = sites(session)
        yield Giver(opened.performer, opened.clock, site, OFFICE)
    finally:
        opened.database.close()


def hire(giver: Giver, username: str, name: str, roles: list[str]) -> None:
    """Somebody joins, with the password that everybody of the tests has."""
    staff_id = new_id()
    giver.give(AddStaffMember, staff_id=staff_id, name=name, username=username, roles=roles, site_id=giver.site.id)
    with giver.house.database.write() as session:
        set_password(session, staff_id, PASSWORD)


def prepare(folder: Path, now: datetime | None = None, zone_name: str = "") -> None:
    """A database with a site, its staff, and what another system knew of its patients and their visits today."""
    now = now or datetime.now(UTC)
    site = Site("main", "Maple Street Family Medicine", zone_name or zone_in_the_day(now))
    migrate(Settings(data=folder).database_url)
    with giving(folder, site) as giver:
        giver.give(OpenSite, site_id=site.id, name=site.name, zone_name=site.zone_name, open_weekdays="1234567")
        for username, (name, roles) in STAFF.items():
            hire(giver, username, name, roles)
        for name, minutes in (("Office visit", 20), ("Walk-in", 20)):
            giver.give(RecordVisitType, visit_type_id=new_id(), name=name, minutes=minutes)
    morning = now.astimezone(ZoneInfo(site.zone_name)).replace(hour=9, minute=0, second=0, microsecond=0)
    write_records(folder / "records.ndjson", morning)
    run("import", "fhir", str(folder / "records.ndjson"), folder=folder)


def environment(folder: Path) -> dict[str, str]:
    """Only what this office needs: the settings of the machine's own office are nothing to it."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("DAYSHEET_")}
    return known | {"DAYSHEET_DATA": str(folder), "DAYSHEET_LOG_LEVEL": "WARNING"}


def run(*command: str, folder: Path) -> None:
    whole = [sys.executable, "-m", "backend", *command]
    done = subprocess.run(whole, cwd=ROOT, env=environment(folder), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class OfficeServer:
    """The office of a test: its address stays the same however often its server dies."""

    def __init__(self, prepared: Path, folder: Path, *options: str) -> None:
        shutil.copytree(prepared, folder)
        self.folder, self.options, self.port = folder, options, free_port()
        self.settings: dict[str, str] = {}
        # By how much its clock is before that of everything else on this machine.
        self.ahead = timedelta(0)
        self.url = f"http://localhost:{self.port}"
        self.process: Forked | None = None

    def start(self) -> None:
        """Returns when it answers."""
        command = ["serve", "--port", str(self.port), *self.options]
        self.process = begin(command, environment(self.folder) | self.settings, self.folder / "server.log", self.ahead)
        until = time.monotonic() + COMES_UP_WITHIN
        while not self.answers():
            said = (self.folder / "server.log").read_text()
            running = self.process.poll() is None and time.monotonic() < until
            assert running, f"The server did not start:\n{said}"
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def stop(self) -> None:
        """As a container is stopped: it must end by itself, however many pages listen for its pokes."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """As in a power cut."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(how)
        self.process.wait(timeout=ENDS_WITHIN)
        self.process = None

    @contextmanager
    def read(self) -> Iterator[Session]:
        """What the server's tables hold."""
        database = Database(Settings(data=self.folder).database_url)
        try:
            with database.read() as session:
                yield session
        finally:
            database.close()

    def people(self, family: str) -> list[Patient]:
        with self.read() as session:
            found = list(session.scalars(select(Patient).where(Patient.family == family)))
            session.expunge_all()
            return found

    def visits(self, family: str) -> list[Visit]:
        with self.read() as session:
            query = select(Visit).join(Patient, Patient.id == Visit.patient_id).where(Patient.family == family)
            found = list(session.scalars(query))
            session.expunge_all()
            return found

    def events(self, family: str) -> list[VisitEvent]:
        """What happened to the visits of somebody, in the order of receipt."""
        with self.read() as session:
            query = select(VisitEvent).join(Visit, Visit.id == VisitEvent.visit_id)
            query = query.join(Patient, Patient.id == Visit.patient_id).where(Patient.family == family)
            found = list(session.scalars(query.order_by(VisitEvent.place)))
            session.expunge_all()
            return found

    def entries(self, *commands: str) -> list[Any]:
        """The journal's entries of these kinds, in order."""
        with self.read() as session:
            query = select(journal).where(journal.c.command.in_(commands)).order_by(journal.c.seq)
            return list(session.execute(query))

    def broken_link(self) -> int | None:
        with self.read() as session:
            return broken_link(session)
