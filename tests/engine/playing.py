"""Playing the engine layer: writers on several nodes, pollers, backends that are terminated, a node that is killed."""

import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import psycopg

from backend.ids import new_id
from backend.inventory import RecordItem
from tests.engine.plan import Plan
from tests.engine.verdict import verdict
from tests.inventory.cast import Supplies
from tests.practice import open_practice

ROOT = Path(__file__).parents[2]
NODES, POLLERS = 2, 2
TERMINATED_EVERY = 1.5  # seconds
BACKENDS = (
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name <> 'watching' AND backend_type = 'client backend' ORDER BY pid"
)


@dataclass
class Played:
    """What was done, and what came of it."""

    transactions: int
    seconds: float = 0.0
    said: Counter[str] = field(default_factory=Counter)
    polled: list[dict[str, Any]] = field(default_factory=list)
    terminated: int = 0
    killed: int = 0
    wrong: list[str] = field(default_factory=list)

    def report(self) -> str:
        """Figures, and everything that is wrong."""
        pulls, rows = (sum(one[name] for one in self.polled) for name in ("pulls", "rows"))
        said = ", ".join(f"{name} {count}" for name, count in self.said.most_common())
        lines = [
            f"{self.transactions} commands, {self.seconds:.0f} s, {self.transactions / self.seconds:.0f} a second",
            f"writers     {said}",
            f"pollers     {pulls} pulls, {rows} rows",
            f"faults      backends terminated {self.terminated}, nodes killed {self.killed}",
            f"wrong       {len(self.wrong)}",
        ]
        return "\n".join([*lines, *(f"  {one}" for one in self.wrong[:20])])


def play(url: str, folder: Path, transactions: int, writers: int, seed: int) -> Played:
    """Fill the empty migrated database at `url`, play on it, and look at what is there in the end."""
    plan = made_plan(url, folder, transactions // writers, writers, seed)
    path = folder / "plan.json"
    path.write_bytes(msgspec.json.encode(plan))
    played = Played(plan.each * writers)
    with polling(path, played), terminating(plan, played):
        write(plan, path, played)
    played.wrong += verdict(plan, folder, played.polled)
    return played


def made_plan(url: str, folder: Path, each: int, writers: int, seed: int) -> Plan:
    """The practice with its supplies, and what its tablets will do there."""
    with open_practice(url, folder) as practice:
        supplies = Supplies(practice)
        items, places = [new_id() for _ in range(8)], [supplies.shelf, supplies.cart]
        for number, id in enumerate(items):
            practice.giver().give(RecordItem, item_id=id, name=f"Gauze {number}", base_unit="each", abc="C")
        return Plan(url, seed, writers, each, practice.staff["maria"], items, places)


def started(module: str, *arguments: object) -> subprocess.Popen[bytes]:
    """A process of the engine layer."""
    command = [sys.executable, "-m", f"tests.engine.{module}", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def write(plan: Plan, path: Path, played: Played) -> None:
    """All writers, on several nodes; one node is killed on its way, and another goes on in its place."""
    cuts = [plan.writers * number // NODES for number in range(NODES + 1)]
    parts = [*pairwise(cuts)]
    nodes = [started("node", path, *part) for part in parts]
    try:
        wait_for(plan, 1)
        began = time.monotonic()
        wait_for(plan, plan.each * plan.writers // 3)
        nodes[0].kill()
        nodes[0].communicate()
        played.killed += 1
        nodes[0] = started("node", path, *parts[0])
        for node in nodes:
            said, _ = node.communicate()
            if node.returncode:
                played.wrong.append(f"a node ended with {node.returncode}")
            else:
                played.said.update(msgspec.json.decode(said))
        played.seconds = time.monotonic() - began
    finally:
        for node in nodes:
            node.kill()
            node.wait()


def wait_for(plan: Plan, decided: int) -> None:
    """Until so many commands are in the journal."""
    while True:
        with connected(plan) as connection:
            query = "SELECT coalesce(sum(last_n), 0) FROM replica WHERE kind = 'device'"
            found = connection.execute(query).fetchone()
        if found is not None and found[0] >= decided:
            return
        time.sleep(0.2)


@contextmanager
def polling(path: Path, played: Played) -> Iterator[None]:
    """Pollers all the while; what they have in the end is kept."""
    pollers = [started("poller", path) for _ in range(POLLERS)]
    try:
        yield
        for poller in pollers:
            said, _ = poller.communicate(timeout=120)
            played.polled.append(msgspec.json.decode(said))
    finally:
        for poller in pollers:
            poller.kill()
            poller.wait()


@contextmanager
def terminating(plan: Plan, played: Played) -> Iterator[None]:
    """Now and then a connection of somebody is cut by the database."""
    over, draw = threading.Event(), random.Random(plan.seed)

    def cut() -> None:
        while not over.wait(TERMINATED_EVERY):
            with connected(plan) as connection:
                pids = [pid for (pid,) in connection.execute(BACKENDS)]
                if pids and connection.execute("SELECT pg_terminate_backend(%s)", [draw.choice(pids)]):
                    played.terminated += 1

    cutting = threading.Thread(target=cut)
    cutting.start()
    try:
        yield
    finally:
        over.set()
        cutting.join()


@contextmanager
def connected(plan: Plan) -> Iterator[psycopg.Connection[Any]]:
    """A connection that is spared."""
    url = plan.url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True, application_name="watching") as connection:
        yield connection
