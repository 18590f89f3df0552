"""Whether the same sync, of nothing or of one changed row, costs the same at 5,000 and at 200,000 rows."""

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backend import demo
from backend.feed import fingerprint
from tests.bench.beside import cpu_seconds
from tests.bench.office import Server
from tests.bench.report import columns, quantile, spelled, tell
from tests.bench.wire import Line
from tests.tablets import Tablet

LARGE = 200_000
ROUNDS = 45


@dataclass(frozen=True)
class Cost:
    """Of one round: the median that the device waits, and the server's processor time, both in milliseconds."""

    waited: float
    cpu: float


def compare(folder: Path, rows: int, visits: list[str]) -> str:
    """The costs in an office of `rows` rows, then in the same one grown to 200,000, as a table with the ratios."""
    server = Server(folder)
    server.start()
    try:
        line = Line(server.base)
        reader, writer = line.tablet("Growing reader"), line.tablet("Growing writer")
        for tablet in (reader, writer):
            tablet.sync()
        small = measured(server, reader, writer, visits[: ROUNDS + 1])
        server.stop()
        tell(f"Growing the office to {LARGE:,} rows")
        grow(folder / "daysheet.sqlite3", LARGE - rows)
        server.start()
        large = measured(server, reader, writer, visits[ROUNDS + 1 : 2 * ROUNDS + 2])
    finally:
        server.stop()
    head = ("the same sync", f"{rows:,} rows", f"{LARGE:,} rows", "ratio")
    lines = [
        (f"{name}, {what}", spelled(before, "ms"), spelled(after, "ms"), f"{after / before:.2f}×")
        for name in small
        for what, before, after in (
            ("median", small[name].waited, large[name].waited),
            ("server CPU", small[name].cpu, large[name].cpu),
        )
    ]
    return columns([head, *lines], right={1, 2, 3})


def measured(server: Server, reader: Tablet, writer: Tablet, visits: list[str]) -> dict[str, Cost]:
    """Each kind of round; what the process does only once is done before."""
    left = iter(visits)

    def change() -> None:
        writer.sync([writer.command("checkin.record_arrival", {"visit_id": next(left)})])
        told = reader.sync()
        if not any(page["rows"] for page in told["sheets"].values()):
            raise RuntimeError("The changed row did not come")

    change()
    empty = cost_of(server, lambda: reader.send([]))
    return {
        "an empty round": empty,
        "a row changed by one device and read by another": cost_of(server, change),
    }


def cost_of(server: Server, once: Callable[[], object]) -> Cost:
    assert server.process is not None
    took, before = [], cpu_seconds(server.process.pid)
    for _ in range(ROUNDS):
        began = time.perf_counter()
        once()
        took.append((time.perf_counter() - began) * 1000)
    return Cost(quantile(took, 0.5), (cpu_seconds(server.process.pid) - before) * 1000 / ROUNDS)


def grow(path: Path, more: int) -> None:
    """More patients in every table that sync and the desk read, as copies; by commands it would take an hour."""
    connection = sqlite3.connect(path)
    sheet = f"patients/{demo.SITE.id}"
    known = [id for (id,) in connection.execute("SELECT id FROM patient ORDER BY id")]
    copies = [(f"{number:08x}{known[number % len(known)][8:]}", known[number % len(known)]) for number in range(more)]
    columns_of = {table: columns_in(connection, table) for table in ("patient", "seen_row", "sheet_row")}
    made = {"id": ":new", "mrn": "mrn || :new", "source": "source || :new", "owner": "replace(owner, :old, :new)"}
    for table, where in (
        ("patient", "id = :old"),
        ("seen_row", "kind = 'patient' AND id = :old"),
        ("sheet_row", f"sheet = '{sheet}' AND kind = 'patient' AND id = :old"),
    ):
        values = ", ".join(made.get(name, name) for name in columns_of[table])
        names = ", ".join(columns_of[table])
        connection.executemany(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} WHERE {where}",
            ({"new": new, "old": old} for new, old in copies),
        )
    version = dict(connection.execute("SELECT id, version FROM seen_row WHERE kind = 'patient'").fetchall())
    count, digest = connection.execute("SELECT count, digest FROM sheet_head WHERE sheet = ?", [sheet]).fetchone()
    total = (int(digest, 16) + sum(fingerprint("patient", new, version[new]) for new, _ in copies)) % 2**128
    head = (count + more, f"{total:032x}", sheet)
    connection.execute("UPDATE sheet_head SET count = ?, digest = ? WHERE sheet = ?", head)
    connection.commit()
    connection.close()


def columns_in(connection: sqlite3.Connection, table: str) -> list[str]:
    return [name for _, name, *_ in connection.execute(f"PRAGMA table_info({table})")]
