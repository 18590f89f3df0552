"""Sync as a device has it, over HTTP: the first download, a push, an empty round, and the bytes of the app itself."""

import json
import re
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import msgspec

from backend.clock import Clock
from backend.ids import new_id
from tests.bench.report import quantile
from tests.tablets import Tablet


@dataclass
class Line:
    """A real network connection to the office, where tests have one inside their own process."""

    base: str
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.base, timeout=60)

    def tablet(self, name: str) -> Tablet:
        return Tablet(self, name, "ana", "front_desk")  # type: ignore[arg-type]


@dataclass(frozen=True)
class Download:
    """What came down until nothing more was to come."""

    seconds: float
    wire_bytes: int
    rows: int
    requests: int


def exchange(tablet: Tablet, commands: list[dict[str, Any]]) -> Download:
    """Hand in, 200 at a time, and read every answer to its end."""
    wire_bytes = rows = requests = 0
    began = time.perf_counter()
    while True:
        answer = tablet.send(commands[:200], packed=len(commands) > 5)
        if answer.status_code != 200:
            raise RuntimeError(f"The office answered {answer.status_code}: {answer.text[:200]}")
        told = msgspec.json.decode(answer.content)
        tablet.take(told)
        wire_bytes += answer.num_bytes_downloaded
        rows += sum(len(page["rows"]) for page in told["sheets"].values())
        requests += 1
        commands = commands[200:]
        if not told["more"] and not commands:
            return Download(time.perf_counter() - began, wire_bytes, rows, requests)


def first_download(tablet: Tablet, times: int = 5) -> Download:
    """The median of several, each from nothing."""
    runs = []
    for _ in range(times):
        tablet.cursors.clear()
        tablet.sheets.clear()
        runs.append(exchange(tablet, []))
    return sorted(runs, key=lambda run: run.seconds)[times // 2]


def empty_rounds(tablet: Tablet, count: int = 200) -> tuple[float, float]:
    """Milliseconds, p50 and p95, of a round that brings nothing and finds nothing."""
    took = []
    for _ in range(count):
        began = time.perf_counter()
        told = msgspec.json.decode(tablet.send([]).content)
        took.append((time.perf_counter() - began) * 1000)
        if told["sheets"]:
            tablet.take(told)
    return quantile(took, 0.5), quantile(took, 0.95)


def morning(tablet: Tablet, visits: list[str], patients: list[str]) -> list[dict[str, Any]]:
    """201 entries of an outbox that was offline: 50 patients seen through check-in, 50 walk-ins, and somebody new."""
    commands = []
    for id in visits[:50]:
        visit = {"visit_id": id}
        commands.append(tablet.command("checkin.record_arrival", visit))
        commands.append(tablet.command("checkin.check_identity", {**visit, "identifiers": ["name", "birth_date"]}))
        commands.append(tablet.command("checkin.check_in", visit))
    for id in patients[:50]:
        walk_in = {"visit_id": new_id(), "patient_id": id, "type": "Walk-in"}
        commands.append(tablet.command("checkin.record_walk_in", walk_in))
    new = {"visit_id": new_id(), "patient_id": new_id(), "type": "Walk-in", "sex": "female"}
    new |= {"family": f"Newcomer {tablet.n}", "given": "Noa", "birth_date": "1990-05-17"}
    return [*commands, tablet.command("checkin.register_walk_in", new)]


def push(tablet: Tablet, visits: list[str], patients: list[str], times: int) -> Download:
    """The median of several mornings, each with 50 visits of its own; every entry must have been applied."""
    runs = []
    for number in range(times):
        commands = morning(tablet, visits[number * 50 :], patients[number * 50 :])
        runs.append(exchange(tablet, commands))
        wrong = [told for told in map(tablet.receipt, commands) if told["outcome"] != "applied"]
        if wrong:
            raise RuntimeError(f"{len(wrong)} entries were not applied: {wrong[0]}")
    return sorted(runs, key=lambda run: run.seconds)[times // 2]


def board_bytes(tablet: Tablet) -> int:
    """Bytes on the wire of the day's board, where the office and not the worker answers it."""
    return int(tablet.get("/checkin", **{"accept-encoding": "gzip"}).num_bytes_downloaded)


GROUPS = [
    ("templates", r"/worker/templates\.js$"),
    ("manifest", r"/worker/manifest\.js$"),
    ("worker", r"/worker/|^/worker\.js$"),
    ("htmx", r"/lib/htmx\.js$"),
    ("libraries", r"/lib/"),
    ("scripts", r"/scripts/"),
    ("styles", r"\.css$"),
    ("icons", r"\.(png|svg|webmanifest)$"),
    ("page", r""),
]


def shell_bytes(line: Line, tablet: Tablet) -> dict[str, int]:
    """Bytes on the wire of all that a first visit fetches, by group: the page for signing in, its files, the worker."""
    page = tablet.get("/signin")
    build = re.search(r"/w/([0-9a-f]{16})/", page.text)
    assert build is not None
    told = line.client.get(f"/w/{build[1]}/worker/manifest.js").text
    assets = json.loads(told[told.index("{") : told.rindex("}") + 1])["assets"]
    sizes = {"page": page.num_bytes_downloaded}
    for path in ["/worker.js", *assets]:
        answer = line.client.get(path, headers={"accept-encoding": "gzip"})
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        group = next(name for name, pattern in GROUPS if re.search(pattern, path))
        sizes[group] = sizes.get(group, 0) + answer.num_bytes_downloaded
    return sizes
