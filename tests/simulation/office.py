"""The office of the simulator: the real handlers on one SQLite in memory, refilled for every history."""

import gc
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import msgspec
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from backend import app, logs
from backend.answers import House
from backend.clock import Clock
from backend.database import Base, Database
from backend.devices import Known, find_caller
from backend.devices.enrolling import EnrolDevice
from backend.devices.models import DeviceSecret, PersonKey
from backend.devices.unlocking import record_unlock
from backend.errors import Busy
from backend.feed import feed_head
from backend.giving import Giver
from backend.house import kinds_of, sheets_of
from backend.identity import OFFICE
from backend.keyring import Keyring
from backend.manifest import manifest_of
from backend.office import OpenSite
from backend.patients import ImportPatient
from backend.performing import Performer
from backend.scheduling import BookVisit, RecordProvider, RecordVisitType
from backend.serving import Office
from backend.settings import Settings
from backend.staff import AddStaffMember
from backend.sync import receiving
from backend.work import Site
from tests.tablets import Signer

# One key for everybody: what a signature is worth is tested elsewhere, here each entry only has to carry one.
SIGNER = Signer()
SITE = Site("main", "Maple Street Family Medicine", "America/New_York")
MORNING = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
STAFF = {
    "ana": ("Ana Garrido", ["front_desk"]),
    "ben": ("Ben Ito", ["front_desk"]),
    "maria": ("Maria Lindqvist", ["owner", "manager"]),
    "cleo": ("Cleo Marsh", ["clinical"]),
}
DEVICES = {"Tablet 1": "front_desk", "Tablet 2": "front_desk", "Desk": "desk"}
PATIENTS = ("Alma Castellanos", "Bruno O’Hara", "Chiara Sørensen", "Dev Mbeki", "Elif Yilmaz", "Farid Haddad")


class Down(Exception):
    """The server stopped in the middle of a request."""


class VirtualClock(Clock):
    """The server's clock: it stands where the history puts it."""

    now_is = MORNING

    def now(self) -> datetime:
        return self.now_is


class Faulty(Database):
    """A database whose writes may be busy, may end before or after their commit, or let somebody else in between."""

    def __init__(self) -> None:
        super().__init__("sqlite://")
        self.fault: Callable[[], str] = lambda: ""
        self.between: Callable[[], None] = lambda: None

    @contextmanager
    def write(self) -> Iterator[Session]:
        fault = self.fault()
        if fault == "busy":
            raise Busy()
        with super().write() as session:
            yield session
            if fault == "down_before_commit":
                raise Down()
        if fault == "down_after_commit":
            raise Down()
        self.between()

    def driver(self) -> sqlite3.Connection:
        with self.engine.connect() as connection:
            return connection.connection.driver_connection  # type: ignore[return-value]


@dataclass
class Practice:
    """The office before its morning, kept to begin every history with; ids by the names of people and things."""

    office: Office
    database: Faulty
    clock: VirtualClock
    manifest: dict[str, Any]
    kept: sqlite3.Connection
    staff: dict[str, str] = field(default_factory=dict)
    devices: dict[str, str] = field(default_factory=dict)
    provider: str = ""
    # What a tablet of the desk holds that was in use before this morning.
    sheets: dict[str, dict[str, Any]] = field(default_factory=dict)

    def begin(self) -> None:
        """The office as it was before its morning."""
        self.kept.backup(self.database.driver())
        self.database.fault, self.database.between = (lambda: ""), (lambda: None)

    def snapshot(self) -> sqlite3.Connection:
        """A backup of the office as it is now."""
        kept = sqlite3.connect(":memory:")
        self.database.driver().backup(kept)
        return kept

    def restore(self, kept: sqlite3.Connection, epoch: str) -> None:
        """The office as it was at a backup. Devices must be told: the epoch is another one."""
        kept.backup(self.database.driver())
        with self.database.engine.begin() as connection:
            connection.execute(text("UPDATE feed_head SET epoch = :epoch"), {"epoch": epoch})

    def receive(self, data: bytes, room: int) -> tuple[int, bytes]:
        """What the route does with the body of a request; a crash of the server has no answer."""
        batch = msgspec.json.decode(data, type=receiving.Batch)
        with self.database.read() as session:
            device = find_known(session, batch.device_id)
        try:
            status, body = receiving.exchange(batch, device, self.office, room)
        except Busy:
            status, body = 503, {"error": "busy"}
        return status, msgspec.json.encode(body)


def find_known(session: Session, device_id: str) -> Known | None:
    """The device, as if it had shown its token."""
    found = session.execute(text("SELECT * FROM device WHERE id = :id"), {"id": device_id}).one_or_none()
    return found and Known(found.id, found.name, found.purpose, found.code, found.site_id, found.state, "")


def fixed_id(name: str) -> str:
    """The same id in every run, for things that are there before any history."""
    digits = f"{sum(ord(letter) * 257**at for at, letter in enumerate(name)) % 16**20:020x}"
    return f"01930000-0000-7{digits[:3]}-8{digits[3:6]}-{digits[6:18]}"


def open_practice() -> Practice:
    """Site, staff, devices, patients and their visits; built once in each process."""
    logs.set_up("CRITICAL")
    clock, database = VirtualClock(), Faulty()
    Base.metadata.create_all(database.engine)
    manifest = manifest_of(app.ROOMS, "simulated", [])
    office = Office(
        settings=Settings(data=Path(), web=Path()),
        clock=clock,
        database=database,
        performer=Performer(database, sheets_of(app.ROOMS), kinds_of(app.ROOMS)),
        keyring=Keyring([b"k" * 32]),
        answering=House(manifest, SimpleNamespace(render=None)),  # type: ignore[arg-type]
        find_caller=find_caller,
        rooms=list(app.ROOMS),
    )
    practice = Practice(office, database, clock, manifest, sqlite3.connect(":memory:"))
    with ExitStack() as stack:
        # A short calendar: its days never change here, and every tablet of every history would carry all of them.
        stack.enter_context(patch("backend.office.opening.DAYS_AHEAD", 8))
        stack.enter_context(patch("backend.office.opening.DAYS_BACK", 3))
        fill(practice)
    request = {"request_id": "", "device_id": practice.devices["Tablet 1"], "replica_id": fixed_id("replica")}
    request["actor"] = practice.staff["ana"]
    asked = msgspec.json.encode({**request, "proof": SIGNER.proof(request)})
    practice.sheets = msgspec.json.decode(practice.receive(asked, 1_000_000)[1])["sheets"]
    database.driver().backup(practice.kept)
    gc.freeze()
    return practice


def fill(practice: Practice) -> None:
    """The same practice in every process."""
    database = practice.database
    with database.write() as session:
        session.execute(insert(feed_head).values(id=1, value=0, epoch="e0"))
    count = 0

    def give(kind: Any, **fields: Any) -> None:
        nonlocal count
        count += 1
        Giver(practice.office.performer, practice.clock, SITE, OFFICE).give(kind, fixed_id(f"give/{count}"), **fields)

    give(OpenSite, site_id=SITE.id, name=SITE.name, zone_name=SITE.zone_name)
    for username, (name, roles) in STAFF.items():
        practice.staff[username] = staff_id = fixed_id(username)
        give(AddStaffMember, staff_id=staff_id, name=name, username=username, roles=roles, site_id=SITE.id)
    for name, purpose in DEVICES.items():
        practice.devices[name] = device_id = fixed_id(name)
        give(EnrolDevice, device_id=device_id, name=name, purpose=purpose, place="Front desk")
        with database.write() as session:
            session.add(DeviceSecret(device_id=device_id, token_hash=name, share=""))
            for username in ("ana", "ben", "maria"):
                staff_id = practice.staff[username]
                record_unlock(session, device_id, staff_id, MORNING)
                key = {"key_id": "k", "public_key": SIGNER.spki, "since": MORNING}
                session.add(PersonKey(device_id=device_id, staff_id=staff_id, **key))
    practice.provider = fixed_id("provider")
    give(RecordProvider, provider_id=practice.provider, name="Dr. Ruth Adeyemi", specialty="Family medicine")
    give(RecordVisitType, visit_type_id=fixed_id("type"), name="Office visit", minutes=20)
    for number, name in enumerate(PATIENTS):
        given, _, family = name.partition(" ")
        patient_id = fixed_id(f"patient/{number}")
        birth = f"19{50 + 7 * number}-04-12"
        give(ImportPatient, patient_id=patient_id, source=name, given=given, family=family, birth_date=birth)
        visit = {"visit_id": fixed_id(f"visit/{number}"), "patient_id": patient_id, "provider_id": practice.provider}
        starts_at = f"2026-11-{23 + (number == 5)}T{14 + number // 4}:{number % 4 * 15:02d}:00Z"
        give(BookVisit, **visit, starts_at=starts_at, status="cancelled_by_patient" if number == 4 else "booked")
