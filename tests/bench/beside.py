"""`./daysheet bench sync`: the same work done by Daysheet, PouchDB and RxDB, side by side in one run."""

import os
import statistics
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench import losses
from tests.bench.holding import family
from tests.bench.report import columns, machine, spelled, tell
from tests.bench.rivals import Client, Daysheet, Peer, install_peers, running
from tests.bench.wire import morning
from tests.tablets import Tablet

CLIENTS, EDITS, EMPTY = 3, 201, 50
OURS, POUCH, RX = "Daysheet", "PouchDB", "RxDB"
ABOUT = f"""\
{OURS}: the worker's modules in Node against `serve` on SQLite with synchronous=FULL: each edit is a transaction of its
own, on the disk before it is answered. IndexedDB for Node is in memory, so what a device commits durably is written to
a file and synced as well. An edit is a command: checked, signed, journaled in a chain, shown in two to five rows.
{POUCH}: LevelDB files on both sides, which it writes without waiting for the disk. An edit is a document.
{RX}: LokiJS on both sides: memory, written to a file when idle. An edit is a document. Its one durable free storage
for Node (Deno KV) took 22 s for an empty sync. Online it keeps a stream open, so an empty sync is one question."""
NAMES = [OURS, POUCH, RX]
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Line:
    """One figure of all three; less is better."""

    name: str
    unit: str
    values: dict[str, float]
    load: float = field(default_factory=lambda: os.getloadavg()[0])

    def cells(self) -> tuple[str, ...]:
        ours, best = self.values[OURS], min(value for name, value in self.values.items() if name != OURS)
        ratio = f"{ours / best:.2f}×" if best else ""
        verdict = "ahead" if ours < best else "even" if ours == best else "behind"
        return (
            self.name,
            *(spelled(self.values[name], self.unit) for name in NAMES),
            ratio,
            verdict,
            f"{self.load:.1f}",
        )


def shown(lines: list[Line]) -> str:
    """The table; the ratio is to the better of the two."""
    return columns(
        [("figure", *NAMES, "ratio", "we are", "load"), *(line.cells() for line in lines)], right={1, 2, 3, 4}
    )


def compare(folder: Path, visits: list[str], patients: list[str]) -> str:
    """Everything, as a table, with the office of these visits and patients that stands in the folder."""
    install_peers()
    figures: dict[str, dict[str, tuple[float, str]]] = {}
    with ExitStack() as stack:
        office = stack.enter_context(running(Daysheet(folder)))
        clients = [stack.enter_context(running(office.client(f"Bench {number}"))) for number in range(CLIENTS)]
        writer = office.tablet("Bench writer")
        edits = [ours(writer, visits[number * 50 :], patients[number * 50 :]) for number in range(CLIENTS)]
        figures[OURS] = measured(office, clients, edits)
        rows = {row["id"]: {**row, "kind": row["body"]["kind"]} for row in clients[0].ask("read")["rows"]}
    for name, script in ((POUCH, "pouch"), (RX, "rxdb")):
        with ExitStack() as stack:
            peer = stack.enter_context(running(Peer(script, folder / script, list(rows.values()))))
            clients = [stack.enter_context(running(peer.client(f"Bench {number}"))) for number in range(CLIENTS)]
            ids = sorted(rows)
            edits = [theirs(ids[number * EDITS : (number + 1) * EDITS]) for number in range(CLIENTS)]
            figures[name] = measured(peer, clients, edits)
    lines = [
        Line(name, unit, {who: figures[who][name][0] for who in NAMES}) for name, (_, unit) in figures[OURS].items()
    ]
    title = f"{len(rows):,} rows, {CLIENTS} clients, one machine"
    return f"{title}\n{shown([*lines, *silent(folder)])}\n\n{ABOUT}\n\n{machine()}"


def ours(writer: Tablet, visits: list[str], patients: list[str]) -> list[dict[str, Any]]:
    """A morning at the desk, as commands."""
    commands = morning(writer, visits, patients)
    return [{name: command[name] for name in ("command", "fields")} for command in commands]


def theirs(ids: list[str]) -> list[dict[str, Any]]:
    """As many documents changed as an arrival changes one."""
    return [{"id": id, "body": {"status": "arrived", "arrived_at": "2026-11-23T13:02:10Z"}} for id in ids]


def measured(rival: Any, clients: list[Client], edits: list[list[dict[str, Any]]]) -> dict[str, tuple[float, str]]:
    """Every figure of one of them: its value and unit by its name."""
    tell(f"{type(rival).__name__}: first download, {EDITS} edits from each of {CLIENTS}, {EMPTY} empty rounds")
    figures: dict[str, tuple[float, str]] = {}
    meter = Meter(rival)
    seconds = [client.ask("download")["seconds"] for client in clients]
    figures |= meter.read("first download, median of three", statistics.median(seconds), "s", CLIENTS)
    for client in clients:
        client.ask("sync")
    for client, own in zip(clients, edits, strict=True):
        client.ask("edit", edits=own)
    meter = Meter(rival)
    for client in clients:
        client.begin("sync")
    took = max(client.end()["seconds"] for client in clients)
    figures |= meter.read(f"{CLIENTS} × {EDITS} edits at once, until all are handed in", took, "s")
    for client in clients:
        client.ask("sync")
    meter = Meter(rival)
    rounds = [clients[0].ask("sync")["seconds"] * 1000 for _ in range(EMPTY)]
    return figures | meter.read(f"empty sync, median of {EMPTY}", statistics.median(rounds), "ms", EMPTY)


class Meter:
    """What the wire carried and the server worked since it was made."""

    def __init__(self, rival: Any) -> None:
        self.rival, self.passed, self.cpu = rival, rival.tap.passed, cpu_seconds(rival.pid)

    def read(self, name: str, took: float, unit: str, times: int = 1) -> dict[str, tuple[float, str]]:
        """Per time: the seconds or milliseconds, then bytes, requests and the server's own milliseconds."""
        passed, cpu = self.rival.tap.passed - self.passed, cpu_seconds(self.rival.pid) - self.cpu
        per = {
            "bytes up": (passed.up / 1000 / times, "kB"),
            "bytes down": (passed.down / 1000 / times, "kB"),
            "requests": (passed.requests / times, ""),
            "server CPU": (cpu * 1000 / times, "ms"),
        }
        short = name.partition(",")[0]
        return {name: (took, unit), **{f"  {short}, {what}": value for what, value in per.items()}}


def cpu_seconds(pid: int) -> float:
    """User and system time of a process and all it started."""
    ticks = 0
    for one in family(pid):
        told = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(told[11]) + int(told[12])
    return ticks / TICKS


def silent(folder: Path) -> list[Line]:
    """Silent losses per case, each of two edits."""
    tell("Silent losses")
    office = folder / "losses"
    office.mkdir()
    found = {
        OURS: losses.lost_by_us(office),
        POUCH: losses.lost_by_peer("pouch", folder / "losses-pouch"),
        RX: losses.lost_by_peer("rxdb", folder / "losses-rxdb"),
    }
    lines = [Line(f"  {case}", "", {who: found[who][case] for who in NAMES}) for case in found[OURS]]
    return [Line("silent losses, of 10 edits", "", {who: sum(found[who].values()) for who in NAMES}), *lines]
