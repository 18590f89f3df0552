"""The office of the simulator: the real handlers on one SQLite in memory, refilled for every history."""

import gc
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import msgspec
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend import app, logs
from backend.answers import House
from backend.clock import Clock
from backend.database import Base, Database
from backend.devices import Known, find_caller
from backend.errors import Busy
from backend.house import kinds_of, sheets_of
from backend.keyring import Keyring
from backend.manifest import manifest_of
from backend.performing import Performer
from backend.serving import Office
from backend.settings import Settings
from backend.sync import receiving
from tests.simulation.cast import DEVICES, FILLED, fill, fixed_id
from tests.tablets import Signer

# One key for everybody: what a signature is worth is tested elsewhere, here each entry only has to carry one.
SIGNER = Signer()


class Down(BaseException):
    """The server stopped in the middle of a request: nothing of ours may catch it and go on."""


class VirtualClock(Clock):
    """The server's clock: it stands where the history puts it."""

    now_is = FILLED

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

    @cached_property
    def driver(self) -> sqlite3.Connection:
        """The one connection there is, as a base in memory has."""
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
    # What each device holds that was in use before, and where the journal ended then.
    sheets: dict[str, dict[str, Any]] = field(default_factory=dict)
    filled_seq: int = 0

    def begin(self) -> None:
        """The office as it was before its morning."""
        self.kept.backup(self.database.driver)
        self.database.fault, self.database.between = (lambda: ""), (lambda: None)

    def snapshot(self) -> sqlite3.Connection:
        """A backup of the office as it is now."""
        kept = sqlite3.connect(":memory:")
        self.database.driver.backup(kept)
        return kept

    def restore(self, kept: sqlite3.Connection, epoch: str) -> None:
        """The office as it was at a backup. Devices must be told: the epoch is another one."""
        kept.backup(self.database.driver)
        with self.database.engine.begin() as connection:
            connection.execute(text("UPDATE feed_head SET epoch = :epoch"), {"epoch": epoch})

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        """The driver's own answer, without any code of ours; times are texts, as SQLite keeps them."""
        found = self.database.driver.execute(query, values)
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    def receive(self, data: bytes, room: int) -> tuple[int, bytes]:
        """What the route does with the body of a request; a crash of the server has no answer."""
        batch = msgspec.json.decode(data, type=receiving.Batch)
        try:
            status, body = receiving.exchange(batch, find_known(self, batch.device_id), self.office, room)
        except Busy:
            status, body = 503, {"error": "busy"}
        return status, msgspec.json.encode(body)


def find_known(practice: Practice, device_id: str) -> Known | None:
    """The device, as if it had shown its token."""
    for found in practice.rows("SELECT id, name, purpose, code, site_id, state FROM device WHERE id = ?", device_id):
        return Known(**found, share="")
    return None


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
        fill(practice, SIGNER.spki)
    for name in DEVICES:
        practice.sheets[name] = first_sheets(practice, name)
    practice.filled_seq = practice.rows("SELECT max(seq) AS seq FROM journal")[0]["seq"]
    database.driver.backup(practice.kept)
    gc.freeze()
    return practice


def first_sheets(practice: Practice, name: str) -> dict[str, Any]:
    """What a device of this name is sent first."""
    request = {"request_id": "", "device_id": practice.devices[name], "replica_id": fixed_id("replica")}
    request["actor"] = practice.staff[DEVICES[name][1][0]]
    asked = msgspec.json.encode({**request, "proof": SIGNER.proof(request)})
    sheets: dict[str, Any] = msgspec.json.decode(practice.receive(asked, 1_000_000)[1])["sheets"]
    return {sheet: page for sheet, page in sheets.items() if not sheet.startswith("receipts/")}
