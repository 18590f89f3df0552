"""The real application in a process of its own: a request says what time it is, and may be its last."""

import asyncio
import os
import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server
from sqlalchemy.orm import Session

from backend.clock import parse_instant
from backend.database import Database
from backend.running import QUIET
from tests.practice import StillClock


class Mortal(Database):
    """A database whose process is killed at one of its writes, counted from 1: before its commit, or right after."""

    before = after = 0

    @contextmanager
    def write(self) -> Iterator[Session]:
        with super().write() as session:
            yield session
            session.flush()
            self.before -= 1
            if self.before == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        self.after -= 1
        if self.after == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def told(app: Any, clock: StillClock, database: Mortal) -> Any:
    """The application behind two headers: what time it is, and where this process ends."""

    async def simulated(scope: Any, receive: Any, send: Any) -> None:
        said = dict(scope.get("headers", ()))
        if b"x-simulated-now" in said:
            clock.moment = parse_instant(said[b"x-simulated-now"].decode())
        where, _, number = said.get(b"x-simulated-end", b":0").decode().partition(":")
        database.before, database.after = (int(number) if where == name else 0 for name in ("before", "after"))
        await app(scope, receive, send)

    return simulated


def serve(app: Any, port: int, parent: int) -> None:
    """Until killed, or until nobody is left who could."""

    async def serving() -> None:
        server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, **QUIET)
        task = asyncio.ensure_future(server.serve())
        while os.getppid() == parent and not task.done():
            await asyncio.sleep(1)
        if task.done() and task.exception():
            traceback.print_exception(task.exception())
        os._exit(0)

    asyncio.run(serving())
