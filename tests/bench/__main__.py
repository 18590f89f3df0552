"""`./daysheet bench`: sync, taps, trust, start-up, memory and counts on this machine, in one run. It judges nothing.

`./daysheet bench sync` measures sync alone, beside PouchDB and RxDB.
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

from backend import logs
from tests.bench import beside, counting, growing, scans, supplies, taps, trust, wire
from tests.bench.browser import Chromium
from tests.bench.holding import held
from tests.bench.office import Books, Server
from tests.bench.reference import durable_writes
from tests.bench.report import Figure, machine, shown, tell
from tests.tablets import Tablet

ROWS = 5_000
VISITS = 320
PATIENTS = 20_000
PUSHES = 5
COMMANDS = 201
COLD_STARTS = 5


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(prog="daysheet bench", description="Measure this version on this machine.")
    parser.add_argument("what", nargs="?", choices=["sync"], help="sync beside PouchDB and RxDB, and nothing else")
    parser.add_argument("--without-browser", action="store_true", help="only what needs no Chromium")
    parser.add_argument("--only", choices=["trust", "supplies", "counts", "scans"], help="only that part")
    given = parser.parse_args()
    logs.set_up("WARNING")
    print(machine(), flush=True)
    with tempfile.TemporaryDirectory(prefix="daysheet-bench-") as folder:
        if given.what == "sync":
            print(measure_sync(Path(folder)))
            return
        parts = {
            "trust": measure_trust, "supplies": measure_supplies, "counts": measure_counts, "scans": measure_scans,
        }  # fmt: skip
        take = parts.get(given.only, measure_all)
        figures = take(Path(folder), browser=not given.without_browser)
    print(f"\n{shown(figures)}\n\n{machine()}")


def filled(folder: Path) -> tuple[Books, list[str]]:
    """An office of 5,000 rows, and the visits of its tomorrow."""
    tell("Filling an office")
    books = Books(folder)
    books.open()
    books.register(VISITS)
    books.book(0, VISITS)
    visits = books.book(1, PUSHES * 50)
    books.register(ROWS - books.rows())
    books.database.close()
    return books, visits


def measure_sync(folder: Path) -> str:
    """Beside the others, and in an office that grew: two tables."""
    books, visits = filled(folder)
    peers = beside.compare(folder, visits, books.patients)
    return f"{peers}\n\n{growing.compare(folder, ROWS, visits[beside.CLIENTS * 50 :])}"


def measure_counts(folder: Path, browser: bool) -> list[Figure]:
    """What the office does when somebody hands in a whole shelf."""
    return counting.figures(folder)


def measure_trust(folder: Path, browser: bool) -> list[Figure]:
    """Locks, signatures and the push that carries them, at 5,000 rows."""
    books, visits = filled(folder)
    server = Server(folder)
    server.start()
    try:
        line = wire.Line(server.base)
        figures = push_figures(line.tablet("Bench 1"), folder, visits, books.patients)
        return figures + trust_figures(server, folder, line, browser)
    finally:
        server.stop()


def trust_figures(server: Server, folder: Path, line: wire.Line, browser: bool) -> list[Figure]:
    if not browser:
        return trust.figures(None, server, folder, line)
    with sync_playwright() as playwright:
        return trust.figures(playwright, server, folder, line)


def measure_supplies(folder: Path, browser: bool) -> list[Figure]:
    """The supply room, in an office of its own."""
    return supplies.figures(folder)


def measure_scans(folder: Path, browser: bool) -> list[Figure]:
    """Counting, in an office of its own."""
    if not browser:
        return []
    with sync_playwright() as playwright:
        return scans.figures(playwright, folder)


def measure_all(folder: Path, browser: bool) -> list[Figure]:
    """The day sheet, then the supply room, then counting in it."""
    figures = measure(folder, browser)
    for part in (measure_supplies, measure_counts, measure_scans):
        own = folder / part.__name__
        own.mkdir()
        figures += part(own, browser)
    return figures


def measure(folder: Path, browser: bool) -> list[Figure]:
    """One office that grows from 5,000 rows to 20,000 patients while it is measured."""
    books, visits = filled(folder)
    server = Server(folder)
    server.start()
    try:
        figures = sync_figures(server, folder, visits, books.patients, browser)
        server.stop()
        tell(f"Registering patients until there are {PATIENTS:,}")
        rate = books.register(PATIENTS - len(books.patients))
        figures.append(Figure("patients registered by commands, 500 a transaction, per second", rate, ""))
        books.close()
        figures.append(Figure("server start, until it answers", server.start(), "s"))
        return figures + grown_figures(server, folder, browser)
    finally:
        server.stop()


def sync_figures(server: Server, folder: Path, visits: list[str], patients: list[str], browser: bool) -> list[Figure]:
    """Everything at 5,000 rows."""
    line = wire.Line(server.base)
    tablet = line.tablet("Bench 1")
    tell("First download")
    down = wire.first_download(tablet)
    name = f"first download of {down.rows:,} rows over HTTP, {down.requests} requests"
    figures = [Figure(name, down.seconds, "s", 1.0), Figure("  on the wire", down.wire_bytes / 1000, "kB")]
    tell("Empty rounds")
    p50, p95 = wire.empty_rounds(tablet)
    figures += [Figure("empty sync p50", p50, "ms", 15), Figure("empty sync p95", p95, "ms", 15)]
    if browser:
        with sync_playwright() as playwright:
            figures += tap_figures(playwright, server, folder, line)
    figures += trust_figures(server, folder, line, browser)
    return figures + push_figures(tablet, folder, visits, patients)


def push_figures(tablet: Tablet, folder: Path, visits: list[str], patients: list[str]) -> list[Figure]:
    """An outbox that was offline for a morning."""
    tell("Push")
    raw = durable_writes(folder, COMMANDS)
    pushed = wire.push(tablet, visits, patients, PUSHES)
    name = f"push of {COMMANDS} commands, {pushed.requests} requests"
    return [Figure(name, pushed.seconds, "s", 0.6, raw, "raw SQLite, as many durable writes")]


def tap_figures(playwright: Playwright, server: Server, folder: Path, line: wire.Line) -> list[Figure]:
    """What a person waits for, at full speed and on a slow device."""
    tell("First copy in Chromium")
    chromium = Chromium(playwright, folder / "profile", "about:blank")
    try:
        seconds, rows = taps.first_copy(chromium, server, line.tablet("Bench 2"))
        figures = [Figure(f"first copy in Chromium, from opening the board to all {rows:,} rows kept", seconds, "s")]
        tell(f"{taps.TAPS} taps at full speed")
        p50, p95 = taps.p50_p95(taps.tap_board(chromium.page, server))
        figures += [Figure("tap to paint p50", p50, "ms"), Figure("tap to paint p95", p95, "ms", 50)]
        with held(chromium.pids, 0.25) as way:
            tell(f"{taps.TAPS} taps with the whole browser held to a quarter core ({way})")
            p50, p95 = taps.p50_p95(taps.tap_board(chromium.page, server))
        name = f"tap to paint, whole browser held to a quarter core by {way}"
        return [*figures, Figure(f"{name}, p50", p50, "ms"), Figure(f"{name}, p95", p95, "ms")]
    finally:
        chromium.close()


def grown_figures(server: Server, folder: Path, browser: bool) -> list[Figure]:
    """Everything at 20,000 patients."""
    line = wire.Line(server.base)
    figures = []
    tablet = line.tablet("Bench 3")
    down = wire.first_download(tablet, times=1)
    figures.append(
        Figure(f"first download of {down.rows:,} rows over HTTP, {down.requests} requests", down.seconds, "s")
    )
    if browser:
        with sync_playwright() as playwright:
            figures += cold_figures(playwright, server, folder, line)
    sizes = wire.shell_bytes(line, tablet)
    figures.append(Figure("the app on the wire, first visit", sum(sizes.values()) / 1000, "kB"))
    figures += [Figure(f"  {name}", size / 1000, "kB") for name, size in sorted(sizes.items(), key=lambda one: -one[1])]
    figures.append(Figure("the day's board as a page of the server", wire.board_bytes(tablet) / 1000, "kB"))
    memory = server.memory()
    figures.append(Figure("server memory, resident", memory.pop("resident"), "MB", 150))
    return figures + [Figure(f"server memory, {name}", value, "MB") for name, value in memory.items()]


def cold_figures(playwright: Playwright, server: Server, folder: Path, line: wire.Line) -> list[Figure]:
    """A browser started from nothing, its device enrolled and its person still signed in."""
    tell("First copy of the large office in Chromium")
    chromium = Chromium(playwright, folder / "profile-large", "about:blank")
    try:
        seconds, rows = taps.first_copy(chromium, server, line.tablet("Bench 4"))
    finally:
        chromium.close()
    tell(f"{COLD_STARTS} cold starts")
    starts = sorted(taps.cold_start(playwright, folder / "profile-large", server) for _ in range(COLD_STARTS))
    return [
        Figure(f"first copy in Chromium, to all {rows:,} rows kept", seconds, "s"),
        Figure(
            f"cold start of the browser to the first board, {PATIENTS:,} patients, median",
            starts[len(starts) // 2],
            "s",
        ),
        Figure("  the slowest", starts[-1], "s"),
    ]


if __name__ == "__main__":
    main()
