"""One office on two nodes: real processes on one PostgreSQL and one shared folder, and tablets at their proxy."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from alembic.script import ScriptDirectory
from sqlalchemy import select, update

from backend.app import ROOMS, open_office
from backend.clock import Clock
from backend.database import Database
from backend.giving import Giver
from backend.house import kinds_of
from backend.identity import OFFICE
from backend.ids import new_id
from backend.journal import journal, replica
from backend.migrating import alembic_config
from backend.office import OpenSite
from backend.patients import ImportPatient
from backend.scheduling import BookVisit
from backend.settings import Settings
from backend.staff.models import Password
from backend.work import Site
from tests.browser.office import environment, free_port, hire, zone_in_the_day
from tests.engine.proxy import Proxy, proxying
from tests.practice import PATIENTS, QUICK, STAFF, front
from tests.tablets import Tablet

ROOT = Path(__file__).parents[2]
COMES_UP_WITHIN = ENDS_WITHIN = RECONCILES_WITHIN = 90


class Node:
    """One server process; `root` is the checkout that it runs."""

    def __init__(self, url: str, folder: Path) -> None:
        self.database_url, self.folder, self.port, self.root = url, folder, free_port(), ROOT
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self, root: Path = ROOT) -> None:
        self.root = root
        settings = {"DAYSHEET_DATABASE": self.database_url, "DAYSHEET_PROXIES": "1"}
        with (self.folder / f"{self.port}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "backend", "serve", "--port", str(self.port)],
                cwd=root,
                env=environment(self.folder) | settings | {"PYTHONPATH": str(root)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait(self) -> None:
        """Until it answers."""
        until = time.monotonic() + COMES_UP_WITHIN
        while not self.answers():
            assert self.process is not None
            running = self.process.poll() is None and time.monotonic() < until
            assert running, f"The node did not start:\n{(self.folder / f'{self.port}.log').read_text()[-3000:]}"
            time.sleep(0.1)

    def start(self, root: Path = ROOT) -> None:
        self.launch(root)
        self.wait()

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=5).status_code == 200
        except httpx.TransportError:
            return False

    def get(self, path: str) -> httpx.Response:
        """Asked of this node alone."""
        return httpx.get(self.url + path, timeout=30)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """As a container is stopped, or by SIGKILL."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(ENDS_WITHIN)
            self.process = None


class Place:
    """The office as its tablets know it: an address, and what is booked there today."""

    def __init__(self, url: str, folder: Path, nodes: list[Node], proxy: Proxy, client: httpx.Client) -> None:
        self.database_url, self.folder, self.nodes, self.proxy, self.client = url, folder, nodes, proxy, client
        self.clock = Clock()
        self.database = Database(url)
        self.visits: dict[str, str] = {}

    def tablet(self, name: str, who: str) -> Tablet:
        return Tablet(self, name, who, "front_desk")  # type: ignore[arg-type]

    def version_of(self, command: str) -> int:
        """The one that a device of today speaks."""
        return max(v for name, v in kinds_of(ROOMS) if name == command)

    def last_n(self, tablet: Tablet) -> int:
        """How many commands of this tablet are decided."""
        with self.database.read() as session:
            query = select(replica.c.last_n).where(replica.c.id == tablet.replica_id)
            return int(session.execute(query).scalar() or 0)

    def entries(self, tablet: Tablet) -> list[tuple[int, str]]:
        """What the journal has of this tablet: numbers and ids."""
        with self.database.read() as session:
            query = select(journal.c.n, journal.c.command_id).where(journal.c.replica_id == tablet.replica_id)
            return [(row.n, row.command_id) for row in session.execute(query.order_by(journal.c.n))]


@contextmanager
def opened(url: str, folder: Path) -> Iterator[Place]:
    """An office with its staff, three patients who come today, two nodes, and the proxy before them."""
    visits = fill(url, folder)
    with ExitStack() as stack:
        nodes = [Node(url, folder) for _ in range(2)]
        for node in nodes:
            stack.callback(node.end, signal.SIGKILL)
            node.launch()
        for node in nodes:
            node.wait()
        proxy = stack.enter_context(proxying([node.port for node in nodes]))
        # A connection for each request, so that each may come to another node.
        limits = httpx.Limits(max_keepalive_connections=0)
        client = stack.enter_context(httpx.Client(base_url=proxy.url, limits=limits, timeout=60))
        place = Place(url, folder, nodes, proxy, client)
        stack.callback(place.database.close)
        place.visits = visits
        yield place


def fill(url: str, folder: Path) -> dict[str, str]:
    """The practice of the cast, today; returns its visits."""
    now, visits = datetime.now(UTC), {}
    site = Site("main", "Maple Street Family Medicine", zone_in_the_day(now))
    office = open_office(Settings(data=folder, database=url), Clock(), Database(url), front())
    giver = Giver(office.performer, office.clock, site, OFFICE)
    giver.give(OpenSite, site_id=site.id, name=site.name, zone_name=site.zone_name, open_weekdays="1234567")
    for username in ("ana", "ben", "maria"):
        hire(giver, username, *STAFF[username])
    with office.database.write() as session:
        session.execute(update(Password).values(hash=QUICK))
    for name, (given, family, birth_date, phone) in PATIENTS.items():
        person = {"patient_id": new_id(), "given": given, "family": family, "birth_date": birth_date, "phone": phone}
        giver.give(ImportPatient, **person, source=name)
        visits[name] = new_id()
        booked = {"visit_id": visits[name], "patient_id": person["patient_id"], "starts_at": now.isoformat()}
        giver.give(BookVisit, **booked)
    office.database.close()
    return visits


def deliver(tablet: Tablet, commands: list[dict[str, Any]]) -> None:
    """Hand in and take over as a device does: whatever is lost on the way is sent again, until there is no more."""
    until = time.monotonic() + RECONCILES_WITHIN
    while True:
        try:
            answer = tablet.send(commands)
            if answer.status_code == 200:
                told = answer.json()
                tablet.take(told)
                if not told["more"]:
                    return
                commands = []
                continue
        except httpx.TransportError:
            pass
        assert time.monotonic() < until, "it never came through"
        time.sleep(0.1)


@contextmanager
def at_work(tablet: Tablet, visits: list[str]) -> Iterator[list[dict[str, Any]]]:
    """Meanwhile this tablet records, one thing after the other; gives all that it did."""
    done: list[dict[str, Any]] = []
    over, failed = threading.Event(), list[BaseException]()

    def work() -> None:
        try:
            while not over.wait(0.05):
                command = tablet.command("checkin.record_arrival", {"visit_id": visits[len(done) % len(visits)]})
                done.append(command)
                deliver(tablet, [command])
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield done
    finally:
        over.set()
        thread.join()
    assert not failed, failed


def next_version(folder: Path) -> Path:
    """A checkout as the next version might be: another front end, and a column that this one does not know."""
    folder.mkdir()
    for name in ("backend", "migrations", "web"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    os.symlink((ROOT / "web" / "node_modules").resolve(), folder / "web" / "node_modules")
    with (folder / "web" / "shell" / "base.css").open("a") as style:
        style.write("\n/* The next version. */\n")
    before = ScriptDirectory.from_config(alembic_config("sqlite://")).get_current_head()
    (folder / "migrations" / "versions" / "9001_next.py").write_text(
        f'"""A column more."""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
        f'revision = "9001"\ndown_revision = "{before}"\n\n\ndef upgrade() -> None:\n'
        f'    op.add_column("visit", sa.Column("mood", sa.String(length=20), nullable=True))\n'
    )
    return folder
