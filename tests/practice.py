"""The cast: a small practice with named people, opened for one test on the database that the suite runs on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from argon2 import PasswordHasher
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import select, update

from backend.app import build_front, build_house, move_in, open_office, run_jobs
from backend.clock import Clock
from backend.database import Database
from backend.deciding import Asked, Sent
from backend.feed import seen_row, sheet_row
from backend.giving import Giver
from backend.identity import OFFICE, Actor
from backend.ids import new_id
from backend.inventory import RecordPlace
from backend.journal import Receipt, journal
from backend.office import OpenSite
from backend.patients import ImportPatient
from backend.performing import perform
from backend.scheduling import BookVisit, RecordProvider, RecordVisitType
from backend.serving import Office
from backend.settings import Settings
from backend.staff import AddStaffMember, find_actor, set_password
from backend.staff.models import Password
from backend.work import Device, Site
from tests.tablets import PASSWORD, Browser, Tablet

SITE = Site("main", "Maple Street Family Medicine", "America/New_York")
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
# The replica of what tests do without a browser.
REPLICA = "00000000-0000-7000-8000-0000000000aa"
# A Monday, 8:30 am in New York.
MORNING = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
STAFF = {
    "ana": ("Ana Garrido", ["front_desk"]),
    "ben": ("Ben Ito", ["front_desk"]),
    "maria": ("Maria Lindqvist", ["owner", "manager"]),
    "cleo": ("Cleo Marsh", ["clinical"]),
    "dana": ("Dana Reyes", ["supplies"]),
    "petra": ("Petra Novak", ["privacy_officer"]),
}
PATIENTS = {
    "alma": ("Alma", "Castellanos", "1957-04-12", "5550100101"),
    "bruno": ("Bruno", "O’Hara", "1988-09-30", "5550100102"),
    "chiara": ("Chiara", "Sørensen", "2019-02-28", None),
}
VISITS = {"alma": "14:00", "bruno": "14:15", "chiara": "15:30"}  # UTC, on the morning's day


class StillClock(Clock):
    """A clock that moves only when a test says so."""

    def __init__(self, moment: datetime = MORNING) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def forward(self, **by: float) -> None:
        """`forward(minutes=5)`."""
        self.moment += timedelta(**by)


@dataclass
class Cast:
    """The ids of everybody, by the names that tests use."""

    staff: dict[str, str] = field(default_factory=dict)
    patients: dict[str, str] = field(default_factory=dict)
    visits: dict[str, str] = field(default_factory=dict)
    provider: str = ""
    room: str = ""


@dataclass
class Practice:
    """The running office, its clock, and its people."""

    client: TestClient[Any]
    clock: StillClock
    office: Office
    cast: Cast

    @property
    def staff(self) -> dict[str, str]:
        return self.cast.staff

    @property
    def patients(self) -> dict[str, str]:
        return self.cast.patients

    @property
    def visits(self) -> dict[str, str]:
        return self.cast.visits

    @property
    def database(self) -> Database:
        return self.office.database

    def giver(self) -> Giver:
        """Gives commands in the office's own name."""
        return Giver(self.office.performer, self.clock, SITE, OFFICE)

    def act(self, who: str, command: str, fields: dict[str, Any], **sent: Any) -> Receipt:
        """One command in somebody's name, as a form at the office gives it."""
        actor = find_staff(self, who)
        asked = Asked(REPLICA, "session", Device(None, "a browser"), SITE, actor, self.clock.now())
        said = {"command_id": new_id(), "command": command, "v": self.version_of(command), "fields": fields, **sent}
        return perform(Sent(**said), asked, self.office.performer)

    def version_of(self, command: str) -> int:
        """The one that a device of today speaks."""
        return max((v for name, v in self.office.performer.kinds if name == command), default=1)

    def browser(self, who: str | None = None) -> Browser:
        """A browser with cookies of its own, signed in as somebody."""
        browser = Browser(self)
        if who:
            browser.sign_in(who)
        return browser

    def tablet(self, name: str, who: str = "ana", purpose: str = "front_desk") -> Tablet:
        """A device that a manager enrolled and somebody unlocked."""
        return Tablet(self, name, who, purpose)

    def row(self, kind: str, id: str) -> dict[str, Any] | None:
        """What everybody sees of a thing; None when it is gone or never was."""
        with self.database.read() as session:
            query = select(seen_row.c.body).where(seen_row.c.kind == kind, seen_row.c.id == id)
            body = session.execute(query).scalar()
        return None if body is None else msgspec.json.decode(body)

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Every row of a kind that anybody sees, with its id."""
        with self.database.read() as session:
            query = select(seen_row.c.id, seen_row.c.body).where(seen_row.c.kind == kind, seen_row.c.body.is_not(None))
            return [{"id": row.id, **msgspec.json.decode(row.body)} for row in session.execute(query)]

    def later(self, **by: float) -> None:
        """Time passes, a minute unless said otherwise, and the office does what is due."""
        self.clock.forward(**(by or {"minutes": 1}))
        run_jobs(self.office)

    def sheets_with(self, kind: str, id: str) -> set[str]:
        """The sheets that show a row."""
        with self.database.read() as session:
            c = sheet_row.c
            query = select(c.sheet).where(c.kind == kind, c.id == id, c.present)
            return set(session.execute(query).scalars())

    def entry(self, command_id: str) -> Any:
        """What the journal says of a command."""
        with self.database.read() as session:
            return session.execute(select(journal).where(journal.c.command_id == command_id)).one_or_none()

    def entries(self, command: str) -> list[Any]:
        """Every journal entry of a kind of command, in order."""
        with self.database.read() as session:
            query = select(journal).where(journal.c.command == command).order_by(journal.c.seq)
            return list(session.execute(query))


def find_staff(practice: Practice, who: str) -> Actor:
    """Somebody of the cast as who acts."""
    with practice.database.read() as session:
        actor = find_actor(session, practice.staff[who])
    assert actor is not None
    return actor


# Putting the routes together takes longer than most tests: who has moved out leaves them to the next.
EMPTY_HOUSES: list[Litestar] = []
# By address. An engine knows how its dialect spells what it was asked before, which is a quarter of a test.
DATABASES: dict[str, Database] = {}


def front() -> Any:
    """The compiled templates and assets: the same for every test."""
    return build_front(Settings().web)


@contextmanager
def open_practice(url: str, folder: Path, cast: Cast | None = None, **settings: Any) -> Iterator[Practice]:
    """The practice on its Monday morning: the one already in the database at `url`, or a new one in an empty one."""
    clock, database = StillClock(), DATABASES.pop(url, None) or Database(url)
    given = Settings(data=folder, database=url, timed_jobs=False, **settings)
    # Settings of its own may be about the routes.
    house = EMPTY_HOUSES.pop() if EMPTY_HOUSES and not settings else build_house(given)
    app = move_in(house, open_office(given, clock, database, front()), front()[1])
    with TestClient(app, raise_server_exceptions=False) as client:
        practice = Practice(client, clock, app.state.office, cast or Cast())
        if cast is None:
            fill(practice)
        yield practice
    # Closed with the house; it opens again by itself.
    DATABASES[url] = database
    if not settings:
        EMPTY_HOUSES.append(house)


def fill(practice: Practice) -> None:
    """The site, the staff, one provider, three patients, and their visits of the morning."""
    cast = practice.cast
    giver = practice.giver()
    giver.give(OpenSite, site_id=SITE.id, name=SITE.name, zone_name=SITE.zone_name)
    for username, (name, roles) in STAFF.items():
        cast.staff[username] = new_id()
        who = {"staff_id": cast.staff[username], "name": name, "username": username}
        giver.give(AddStaffMember, **who, roles=roles, site_id=SITE.id)
        with practice.database.write() as session:
            set_password(session, cast.staff[username], PASSWORD)
            session.flush()
            # As an older server hashed it, cheaply: what is verified is the same, and every test signs in.
            session.execute(update(Password).where(Password.staff_id == cast.staff[username]).values(hash=QUICK))
    cast.provider = new_id()
    giver.give(RecordProvider, provider_id=cast.provider, name="Dr. Ruth Adeyemi", specialty="Family medicine")
    giver.give(RecordVisitType, visit_type_id=new_id(), name="Office visit", minutes=20)
    cast.room = new_id()
    giver.give(RecordPlace, place_id=cast.room, kind="room", name="Supply room")
    for name, (given, family, birth_date, phone) in PATIENTS.items():
        cast.patients[name] = new_id()
        person = {"given": given, "family": family, "birth_date": birth_date, "phone": phone, "source": name}
        giver.give(ImportPatient, patient_id=cast.patients[name], **person)
        cast.visits[name] = new_id()
        giver.give(
            BookVisit,
            visit_id=cast.visits[name],
            patient_id=cast.patients[name],
            starts_at=f"{MORNING.date()}T{VISITS[name]}:00Z",
            provider_id=cast.provider,
        )
    # Done now, so that no timed job comes in between what a test counts.
    run_jobs(practice.office)
