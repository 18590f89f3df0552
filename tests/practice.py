"""The cast: a small practice with named people, opened for one test on the database that the suite runs on."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from litestar.testing import TestClient
from sqlalchemy import select

from backend.app import build_front, create_app
from backend.clock import Clock, instant
from backend.database import Database
from backend.feed import seen_row, sheet_row
from backend.giving import Giver
from backend.identity import OFFICE
from backend.ids import new_id
from backend.journal import journal
from backend.office import OpenSite
from backend.patients import ImportPatient
from backend.scheduling import BookVisit, RecordProvider, RecordVisitType
from backend.serving import Office
from backend.settings import Settings
from backend.staff import AddStaffMember, set_password
from backend.work import Site

SITE = Site("main", "Maple Street Family Medicine", "America/New_York")
PASSWORD = "a quiet morning"
# A Monday, 8:30 am in New York.
MORNING = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
STAFF = {
    "ana": ("Ana Garrido", ["front_desk"]),
    "ben": ("Ben Ito", ["front_desk"]),
    "maria": ("Maria Lindqvist", ["owner", "manager"]),
    "cleo": ("Cleo Marsh", ["clinical"]),
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

    def browser(self, who: str | None = None) -> "Browser":
        """A browser with cookies of its own, signed in as somebody."""
        browser = Browser(self)
        if who:
            browser.sign_in(who)
        return browser

    def tablet(self, name: str, who: str = "ana", purpose: str = "front_desk") -> "Tablet":
        """A device that a manager enrolled and somebody unlocked."""
        return Tablet(self, name, who, purpose)

    def row(self, kind: str, id: str) -> dict[str, Any] | None:
        """What everybody sees of a thing; None when it is gone or never was."""
        with self.database.read() as session:
            query = select(seen_row.c.body).where(seen_row.c.kind == kind, seen_row.c.id == id)
            body = session.execute(query).scalar()
        return None if body is None else msgspec.json.decode(body)

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


class Browser:
    """A person at a browser without a worker: pages and plain forms, or pieces of pages as htmx asks for them."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice
        self.cookies: dict[str, str] = {}

    def sign_in(self, who: str, password: str = PASSWORD) -> Any:
        return self.post("/signin", {"username": who, "password": password})

    def get(self, path: str, **headers: str) -> Any:
        return self._send("GET", path, headers=headers)

    def post(self, path: str, form: dict[str, Any] | None = None, partial: bool = False, **headers: str) -> Any:
        if partial:
            headers |= {"hx-request": "true", "hx-request-type": "partial"}
        return self._send("POST", path, data=form or {}, headers=headers)

    def _send(self, method: str, path: str, headers: dict[str, str], **more: Any) -> Any:
        client = self.practice.client
        client.cookies.clear()
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"accept": "text/html", "sec-fetch-site": "same-origin", "cookie": cookie, **headers}
        answer = client.request(method, path, headers=sent, follow_redirects=False, **more)
        for name, value in answer.cookies.items():
            self.cookies[name] = value
        return answer


class Tablet(Browser):
    """A device as the server knows it: it hands in batches and keeps what it is sent. No effects, no paint."""

    def __init__(self, practice: Practice, name: str, who: str, purpose: str) -> None:
        super().__init__(practice)
        self.sign_in("maria")
        answer = self.post("/devices/enrol", {"name": name, "place": "Front desk", "purpose": purpose})
        assert answer.status_code == 200, answer.text
        self.name, self.replica_id, self.n, self.epoch = name, new_id(), 0, None
        self.sheets: dict[str, dict[str, Any]] = {}
        self.cursors: dict[str, str] = {}
        self.sign_in(who)
        self.unlock()

    def unlock(self) -> Any:
        answer = self._send(
            "POST", "/devices/unlock", {"x-daysheet": "unlock"}, json={"replica_id": self.replica_id}
        )
        assert answer.status_code == 200, answer.text
        told = answer.json()
        self.device_id, self.actor, self.epoch = told["device"]["id"], told["actor"]["id"], told["epoch"]
        return told

    def command(self, command: str, fields: dict[str, Any], **more: Any) -> dict[str, Any]:
        """The next entry of this device's outbox."""
        self.n += 1
        entry = {"n": self.n, "command_id": new_id(), "command": command, "actor": self.actor, "fields": fields}
        return {**entry, "made": self.reading(), **more}

    def reading(self) -> dict[str, Any]:
        now = self.practice.clock.now()
        return {"wall": instant(now), "mono": now.timestamp() * 1000, "boot": self.name}

    def send(self, commands: list[dict[str, Any]] = (), packed: bool = False, **changes: Any) -> Any:  # type: ignore[assignment]
        """One request of the sync protocol; the raw answer."""
        body = {
            "proto": 1, "app": "2026.11.0", "request_id": new_id(), "device_id": self.device_id,
            "replica_id": self.replica_id, "epoch": self.epoch, "actor": self.actor, "clock": self.reading(),
            "commands": list(commands), "sheets": self.cursors, **changes,
        }  # fmt: skip
        content = msgspec.json.encode(body)
        headers = {"x-daysheet": "sync", "content-type": "application/json"}
        if packed:
            content, headers["content-encoding"] = gzip.compress(content), "gzip"
        return self._send("POST", "/sync", headers, content=content)

    def sync(self, commands: list[dict[str, Any]] = (), **changes: Any) -> dict[str, Any]:  # type: ignore[assignment]
        """Hand in, and take over what changed, until there is no more."""
        while True:
            answer = self.send(commands, **changes)
            assert answer.status_code == 200, answer.text
            told = answer.json()
            self.take(told)
            if not told["more"]:
                return told
            commands = []

    def take(self, told: dict[str, Any]) -> None:
        """Keep the rows and the cursors of an answer."""
        for name, page in told["sheets"].items():
            rows = {} if page.get("fresh") else self.sheets.setdefault(name, {})
            self.sheets[name] = rows
            for kind, id, version, body in page["rows"]:
                if body is None:
                    rows.pop((kind, id), None)
                else:
                    rows[kind, id] = (version, body)
            self.cursors[name] = page["cursor"]
        for name in told["drop"]:
            self.sheets.pop(name, None)
            self.cursors.pop(name, None)

    def receipt(self, command: dict[str, Any]) -> dict[str, Any]:
        """What this device was told became of a command."""
        return self.sheets[f"receipts/{self.replica_id}"]["receipt", command["command_id"]][1]

    def row(self, kind: str, id: str) -> dict[str, Any] | None:
        """The row as this device holds it."""
        return next((rows[kind, id][1] for rows in self.sheets.values() if (kind, id) in rows), None)


@cache
def front() -> Any:
    """The compiled templates and assets: the same for every test."""
    return build_front(Settings().web)


@contextmanager
def open_practice(url: str, folder: Path, cast: Cast | None = None) -> Iterator[Practice]:
    """The practice on its Monday morning: the one already in the database at `url`, or a new one in an empty one."""
    clock, database = StillClock(), Database(url)
    app = create_app(Settings(data=folder, database=url), clock, database, front())
    with TestClient(app, raise_server_exceptions=False) as client:
        practice = Practice(client, clock, app.state.office, cast or Cast())
        if cast is None:
            fill(practice)
        yield practice


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
    cast.provider = new_id()
    giver.give(RecordProvider, provider_id=cast.provider, name="Dr. Ruth Adeyemi", specialty="Family medicine")
    giver.give(RecordVisitType, visit_type_id=new_id(), name="Office visit", minutes=20)
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
