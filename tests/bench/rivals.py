"""Whom sync is measured against: each a real server and real clients in processes of their own, on durable storage."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.office import Server
from tests.bench.tapping import Tap
from tests.bench.wire import Line
from tests.browser.office import free_port
from tests.tablets import Tablet
from tests.worker.node import WORKER, lay_out, node

PEERS = Path(__file__).parent / "peers"


class Client:
    """A client in a Node process of its own; `ask` names one of its methods."""

    def __init__(self, folder: Path, script: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        with (folder / "client.log").open("wb") as log:
            self.process = subprocess.Popen(
                [node(), str(script)],
                cwd=script.parent, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, encoding="utf-8",
            )  # fmt: skip

    def begin(self, ask: str, **given: Any) -> None:
        """Put a question and do not wait."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"ask": ask, **given}) + "\n")
        self.process.stdin.flush()

    def end(self) -> dict[str, Any]:
        """The answer, with the `seconds` that it took the client."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        said: dict[str, Any] = json.loads(line) if line else {"error": (self.folder / "client.log").read_text()[-400:]}
        if "error" in said:
            raise RuntimeError(f"{self.folder.name}: {said['error']}")
        return said

    def ask(self, ask: str, **given: Any) -> dict[str, Any]:
        self.begin(ask, **given)
        return self.end()

    def close(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


class Peer:
    """PouchDB or RxDB, whose scripts are `<name>_server.mjs` and `<name>_client.mjs`."""

    def __init__(self, name: str, folder: Path, rows: list[dict[str, Any]]) -> None:
        self.name, self.folder = name, folder
        folder.mkdir()
        kept = folder / "rows.json"
        kept.write_text(json.dumps(rows))
        port = free_port()
        with (folder / "server.log").open("wb") as log:
            self.process = subprocess.Popen(
                [node(), f"{name}_server.mjs", str(folder), str(kept), str(port)],
                cwd=PEERS, stdout=subprocess.PIPE, stderr=log, encoding="utf-8",
            )  # fmt: skip
        self.pid = self.process.pid
        assert self.process.stdout is not None
        if not self.process.stdout.readline():
            raise RuntimeError(f"{name} did not start: {(folder / 'server.log').read_text()[-400:]}")
        self.tap = Tap(port)

    def client(self, name: str, offline: bool = False) -> Client:
        """`offline` where it must not reconcile by itself."""
        client = Client(self.folder / name.replace(" ", "-"), PEERS / f"{self.name}_client.mjs")
        client.ask("open", base=self.tap.base, folder=str(client.folder), offline=offline)
        return client

    def close(self) -> None:
        self.tap.close()
        self.process.terminate()
        self.process.wait(30)
        assert self.process.stdout is not None
        self.process.stdout.close()


class Daysheet:
    """This version: `python -m backend serve`, and the worker's own modules in Node."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = Server(folder)
        self.server.start()
        assert self.server.process is not None
        self.pid = self.server.process.pid
        self.line = Line(self.server.base)
        self.tap = Tap(self.server.port)
        self.script = built(folder / "build")

    def tablet(self, name: str, who: str = "ana", purpose: str = "front_desk") -> Tablet:
        """A device that was enrolled and whose person signed in."""
        return Tablet(self.line, name, who, purpose)  # type: ignore[arg-type]

    def client(self, name: str, **enrolled: str) -> Client:
        client = Client(self.folder / name.replace(" ", "-"), self.script)
        cookies = self.tablet(name, **enrolled).cookies
        client.ask("open", base=self.tap.base, folder=str(client.folder), cookies=cookies)
        return client

    def close(self) -> None:
        self.tap.close()
        self.server.stop()


def built(folder: Path) -> Path:
    """The worker's modules under the addresses that the server gives them, and the client beside them."""
    lay_out(folder)
    for script in ("daysheet_client.mjs", "kept.mjs", "asking.mjs"):
        shutil.copy(PEERS / script, folder)
    shutil.copy(WORKER.parents[1] / "tests" / "worker" / "world.mjs", folder)
    return folder / "daysheet_client.mjs"


def install_peers() -> None:
    """PouchDB and RxDB, for this measurement alone."""
    install_packages(PEERS, "Installing PouchDB and RxDB for this measurement alone")


def install_packages(folder: Path, say: str = "") -> None:
    """What package-lock.json in the folder names, once; no script of a package runs. `say` tells who waits for it."""
    lock, stamp = folder / "package-lock.json", folder / "node_modules" / ".locked"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    if say:
        print(say, file=sys.stderr, flush=True)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    subprocess.run([*npm(), "ci", *quiet], cwd=folder, check=True, stdout=sys.stderr)
    shutil.copy(lock, stamp)


def npm() -> list[str]:
    """How npm is called: the one on the PATH, or the one that came with the Node of `./daysheet`."""
    if found := shutil.which("npm"):
        return [found]
    return [node(), str(Path(node()).parents[1] / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


@contextmanager
def running(rival: Any) -> Iterator[Any]:
    """The rival while it runs."""
    try:
        yield rival
    finally:
        rival.close()
