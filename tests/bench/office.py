"""The office that is measured: a database filled by commands, and a server in a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from urllib.request import urlopen
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from backend import demo
from backend.app import build_front, open_office
from backend.clock import Clock, office_day
from backend.commands import Command, tag_of
from backend.database import Database
from backend.deciding import Sent
from backend.feed import sheet_head
from backend.giving import Giver
from backend.identity import OFFICE
from backend.ids import new_id
from backend.migrating import migrate
from backend.office import OpenSite
from backend.patients import ImportPatient
from backend.scheduling import BookVisit, RecordProvider, RecordVisitType
from backend.settings import PROJECT, Settings
from tests.browser.office import free_port

START_SECONDS = 60


class Books:
    """The office's database, filled in this process while no server runs."""

    def __init__(self, folder: Path) -> None:
        self.settings = Settings(data=folder)
        migrate(self.settings.database_url)
        self.database = Database(self.settings.database_url)
        self.office = open_office(self.settings, Clock(), self.database, build_front(self.settings.web))
        self.giver = Giver(self.office.performer, self.office.clock, demo.SITE, OFFICE)
        self.patients: list[str] = []
        self.providers = [new_id() for _ in demo.PROVIDERS]

    def close(self) -> None:
        self.database.close()

    def open(self) -> None:
        """The site, its people and what they offer."""
        site = {"site_id": demo.SITE.id, "name": demo.SITE.name, "zone_name": demo.SITE.zone_name}
        self.giver.give(OpenSite, **site, open_weekdays="1234567")
        demo.add_staff(self.giver, self.office)
        for id, (name, specialty) in zip(self.providers, demo.PROVIDERS, strict=True):
            self.giver.give(RecordProvider, provider_id=id, name=name, specialty=specialty)
        for name, minutes in demo.TYPES:
            self.giver.give(RecordVisitType, visit_type_id=new_id(), name=name, minutes=minutes)

    def register(self, count: int) -> float:
        """More patients; returns commands per second."""
        new = [new_id() for _ in range(count)]
        began = time.perf_counter()
        self.give(sent(ImportPatient, self.patient(id, number)) for number, id in enumerate(new, len(self.patients)))
        self.patients += new
        return count / (time.perf_counter() - began)

    def patient(self, id: str, number: int) -> dict[str, object]:
        """Somebody invented; each name comes back after 600 people, each birth date after 76 years."""
        family, given = demo.FAMILY[number % 25], demo.GIVEN[number // 25 % 24]
        return {
            "patient_id": id, "source": f"bench/{number}", "family": family, "given": given,
            "birth_date": f"{1932 + number % 76}-{1 + number % 12:02d}-{1 + number % 28:02d}",
            "sex": ("female", "male")[number % 2], "phone": f"555{number:07d}", "line": f"{1 + number % 400} Alder St",
            "city": "Millbrook", "state": "NY", "postal_code": "12545",
        }  # fmt: skip

    def book(self, days_ahead: int, count: int) -> list[str]:
        """Visits of the first patients, spread over one day; returns their ids in order."""
        zone = ZoneInfo(demo.SITE.zone_name)
        day = office_day(self.office.clock.now(), demo.SITE.zone_name) + timedelta(days=days_ahead)
        opens = datetime.combine(day, clock_time(8), zone)
        ids = [new_id() for _ in range(count)]
        self.give(
            sent(
                BookVisit,
                {
                    "visit_id": id, "patient_id": self.patients[number], "provider_id": self.providers[number % 3],
                    "starts_at": (opens + timedelta(minutes=number * 540 // count)).isoformat(),
                },
            )
            for number, id in enumerate(ids)
        )  # fmt: skip
        return ids

    def give(self, commands: Iterator[Sent]) -> None:
        for receipts in self.giver.give_all(commands):
            wrong = [receipt for receipt in receipts if receipt.outcome != "applied"]
            if wrong:
                raise RuntimeError(f"The office could not be filled: {wrong[0].say}")

    def rows(self) -> int:
        """Rows in all sheets; before any device is enrolled, just those that a tablet of the front desk holds."""
        with self.database.read() as session:
            return int(session.scalar(select(func.sum(sheet_head.c.count))) or 0)


def sent(kind: type[Command], fields: dict[str, object]) -> Sent:
    return Sent(command_id=new_id(), command=tag_of(kind), fields=fields)


class Server:
    """`python -m backend serve` over that database."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.base = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Returns the seconds until it answered."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DAYSHEET_")}
        began = time.perf_counter()
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "backend", "serve", "--port", str(self.port)],
                cwd=PROJECT,
                env={**kept, "DAYSHEET_DATA": str(self.folder)},
                stdout=log,
                stderr=log,
            )
        while time.perf_counter() - began < START_SECONDS:
            if self.process.poll() is not None:
                break
            try:
                with urlopen(f"{self.base}/healthz", timeout=1):
                    return time.perf_counter() - began
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"The server did not start; see {self.folder / 'server.log'}")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(30)
            self.process = None

    def memory(self) -> dict[str, float]:
        """MB by kind: `resident` counts shared pages whole, `proportional` only this process's share of them."""
        assert self.process is not None
        proc = Path(f"/proc/{self.process.pid}")
        if not proc.exists():
            told = subprocess.run(["ps", "-o", "rss=", "-p", str(self.process.pid)], capture_output=True, check=True)
            return {"resident": int(told.stdout) / 1024}
        found = {"resident": kilobytes(proc / "status", "VmRSS:") / 1024}
        with suppress(OSError):
            found["proportional"] = kilobytes(proc / "smaps_rollup", "Pss:") / 1024
        return found


def kilobytes(path: Path, name: str) -> int:
    return next(int(line.split()[1]) for line in path.read_text().splitlines() if line.startswith(name))
