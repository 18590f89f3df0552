"""A device that only pulls, all the while: `python -m tests.engine.poller PLAN` until its standard input is closed.

It keeps what it is sent as a device does, and notices what goes back: a version, a receipt's number, a cursor.
"""

import sys
import threading
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from backend import logs
from backend.database import Database
from backend.feed import fingerprint, sheet_head
from backend.pulling import since
from tests.engine.plan import Plan

# Small, so that pages are cut in the middle of transactions.
ROOM = 20_000
PAUSE = 0.3


class Poller:
    """The sheets as this device has them: the version of each row, by sheet."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.rows: dict[str, dict[tuple[str, str], int]] = {}
        self.gone: dict[str, dict[tuple[str, str], int]] = {}
        self.cursors: dict[str, str] = {}
        self.receipts: dict[str, int] = {}
        self.pulls = self.taken = 0
        self.backwards: list[str] = []

    def pull(self) -> bool:
        """One answer; whether there is more."""
        with self.database.read() as session:
            names = list(session.execute(select(sheet_head.c.sheet).order_by(sheet_head.c.sheet)).scalars())
            pages, more = since(session, names, self.cursors, room=ROOM)
        for sheet, page in pages.items():
            self.take(sheet, page)
        self.pulls += 1
        return more

    def take(self, sheet: str, page: dict[str, Any]) -> None:
        """Keep the rows of a page, and look whether any of it is older than what is known."""
        rows, gone = self.rows.setdefault(sheet, {}), self.gone.setdefault(sheet, {})
        before = self.cursors.get(sheet)
        if before is not None and seq_of(page["cursor"]) < seq_of(before):
            self.backwards.append(f"{sheet}: the cursor went back")
        if before is not None and page.get("fresh"):
            self.backwards.append(f"{sheet}: sent afresh")
        for kind, id, version, body in page["rows"]:
            known = max(rows.pop((kind, id), 0), gone.pop((kind, id), 0))
            if version < known:
                self.backwards.append(f"{sheet}: {kind} {id} came in version {version} after {known}")
            (rows if body is not None else gone)[kind, id] = version
            if kind == "receipt" and body is not None:
                self.receipt(sheet, msgspec.json.decode(body)["n"], known == 0)
            self.taken += 1
        self.cursors[sheet] = page["cursor"]

    def receipt(self, sheet: str, n: int, is_new: bool) -> None:
        """The commands of one replica are decided one after the other, and so are heard of."""
        if is_new and n != self.receipts.get(sheet, 0) + 1:
            self.backwards.append(f"{sheet}: receipt {n} came after {self.receipts.get(sheet, 0)}")
        self.receipts[sheet] = max(n, self.receipts.get(sheet, 0))

    def told(self) -> dict[str, Any]:
        """What it has at the end: by sheet, how many rows and their digest."""
        sheets = {
            sheet: (len(rows), f"{sum(fingerprint(*key, version) for key, version in rows.items()) % 2**128:032x}")
            for sheet, rows in self.rows.items()
        }
        return {"pulls": self.pulls, "rows": self.taken, "backwards": self.backwards[:20], "sheets": sheets}


def seq_of(cursor: str) -> int:
    return int(msgspec.json.decode(cursor)[1])


def main(path: str) -> int:
    """Says at the end what it has and what went backwards, as JSON."""
    logs.set_up("ERROR")
    with open(path, "rb") as file:
        plan = msgspec.json.decode(file.read(), type=Plan)
    poller, over = Poller(Database(plan.url)), threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), over.set()), daemon=True).start()
    while True:
        last = over.is_set()
        try:
            while poller.pull():
                pass
        except OperationalError:
            continue
        if last:
            break
        over.wait(PAUSE)
    poller.database.close()
    print(msgspec.json.encode(poller.told()).decode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
