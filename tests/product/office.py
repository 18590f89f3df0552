"""`python -m tests.product.office FOLDER`: an office that begins, dies and comes back at one line of JSON each.

The application is put together once and served by forks of this process, so that a killed server is back in a moment.
"""

import gc
import json
import os
import shutil
import signal
import socket
import sqlite3
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from litestar.testing import TestClient

from backend import logs
from backend.app import build_front, create_app, run_jobs
from backend.clock import parse_instant
from backend.giving import Giver
from backend.identity import OFFICE
from backend.migrating import migrate
from backend.settings import Settings
from tests.browser.office import free_port
from tests.practice import StillClock
from tests.product.oracle import judge
from tests.product.practice import ITEMS, MORNING, PATIENTS, SITE, fill, fixed_id, set_quick_password, warm_up
from tests.product.serving import Mortal, serve, told
from tests.tablets import PASSWORD


class Host:
    """One office at a time, in one folder: `history.sqlite3`, and copies of it by name."""

    def __init__(self, folder: Path) -> None:
        logs.set_up("CRITICAL")
        self.folder, self.child = folder, 0
        self.settings = Settings(data=folder, database=f"sqlite:///{self.path()}", timed_jobs=False)
        self.front = build_front(self.settings.web)
        self.clock, self.database = StillClock(MORNING), Mortal(self.settings.database_url)
        (folder / "manifest.json").write_text(json.dumps(self.front[1].manifest))
        (folder / "build/worker/templates.js").write_bytes(self.front[1].files["worker/templates.js"].body)
        self.app = self.warmed_up()
        self.port = free_port()

    def warmed_up(self) -> Any:
        """The application, when all that a morning needs was done once: each fork of this process has it done.

        No connection and no thread may be left of it, nor any row that was kept in memory.
        """
        migrate(self.settings.database_url)
        app = create_app(self.settings, self.clock, self.database, self.front)
        self.tokens = fill(app.state.office)
        self.keep("filled")
        with TestClient(app) as client:
            warm_up(client, app.state.office, self.clock)
        self.database.close()
        assert threading.active_count() == 1
        put_in_place(self.path("filled"), self.path())
        gc.freeze()
        return create_app(self.settings, self.clock, self.database, self.front)

    # The orders.

    def hello(self) -> dict[str, Any]:
        """Serve what was filled, and say what the practice is."""
        self.start()
        staff = {name: fixed_id(name) for name in ("ana", "ben", "maria")}
        kinds = sorted(self.app.state.office.performer.sheets.rows)
        now = MORNING.timestamp() * 1000
        things = {
            "visits": [fixed_id(f"visit/{number}") for number in range(len(PATIENTS))],
            "patients": [fixed_id(f"patient/{number}") for number in range(len(PATIENTS))],
            "item": fixed_id(ITEMS[0]),
            "shelf": fixed_id("Exam cart/shelf"),
        }
        devices = {name: fixed_id(name) for name in self.tokens}
        known = {"things": things, "kinds": kinds, "tokens": self.tokens, "devices": devices}
        return {"port": self.port, "staff": staff, "password": PASSWORD, "now": now, **known}

    def keep(self, name: str) -> None:
        """A copy of the database as it is now."""
        with closing(sqlite3.connect(self.path())) as now, closing(sqlite3.connect(self.path(name))) as copy:
            now.backup(copy)

    def begin(self, name: str, epoch: str = "") -> None:
        """The office as it was when that copy was made; told to be another epoch, when it is a restored backup."""
        self.stop()
        put_in_place(self.path(name), self.path())
        if epoch:
            with closing(sqlite3.connect(self.path())) as connection, connection:
                connection.execute("UPDATE feed_head SET epoch = ?", (epoch,))
        self.start()

    def restart(self) -> None:
        """The same office, after its process died."""
        self.stop()
        self.start()

    def work_off(self, now: str) -> None:
        """Whatever the timetable has for this moment."""
        self.clock.moment = parse_instant(now)
        self.stop()
        run_jobs(self.app.state.office)
        self.database.close()
        self.start()

    def give(self, now: str, commands: list[tuple[str, dict[str, Any]]]) -> None:
        """What was done at the office itself meanwhile, by the names of the commands, in its own name."""
        self.clock.moment = parse_instant(now)
        self.stop()
        office = self.app.state.office
        giver = Giver(office.performer, self.clock, SITE, OFFICE)
        for name, fields in commands:
            giver.give(next(kind for (tag, _), kind in office.performer.kinds.items() if tag == name), **fields)
            if name == "staff.add_member":
                set_quick_password(office, fields["staff_id"])
        self.database.close()
        self.start()

    def judge(self, claim: dict[str, Any]) -> dict[str, Any]:
        """What the tables say of what the tablets claim."""
        with closing(sqlite3.connect(self.path())) as connection:
            return judge(connection, claim)

    # The process.

    def path(self, name: str = "history") -> Path:
        return self.folder / f"{name}.sqlite3"

    def start(self) -> None:
        parent = os.getpid()
        self.child = os.fork()
        if self.child == 0:
            os.close(0)
            serve(told(self.app, self.clock, self.database), self.port, parent)
        while True:
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if os.waitpid(self.child, os.WNOHANG)[0]:
                self.child = 0
                raise RuntimeError("the office's server did not start")
            time.sleep(0.002)

    def stop(self) -> None:
        if self.child:
            os.kill(self.child, signal.SIGKILL)
            os.waitpid(self.child, 0)
        self.child = 0


def put_in_place(copy: Path, database: Path) -> None:
    """The database becomes that copy, which nobody may be using."""
    for left in database.parent.glob(f"{database.name}*"):
        left.unlink()
    shutil.copy(copy, database)


def main() -> None:
    """Orders come in on stdin, each with its answer on stdout."""
    host = Host(Path(sys.argv[1]))
    print(json.dumps(host.hello()), flush=True)
    try:
        for line in sys.stdin:
            order, given = json.loads(line)
            print(json.dumps(getattr(host, order)(**given)), flush=True)
    finally:
        host.stop()


if __name__ == "__main__":
    main()
