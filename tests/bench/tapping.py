"""A wire that counts: every byte and request between clients and one server, the same for all who are compared."""

import asyncio
import re
import threading
from contextlib import suppress
from dataclasses import dataclass

REQUEST = re.compile(rb"(?:GET|HEAD|POST|PUT|DELETE|OPTIONS) [^ \r\n]+ HTTP/1\.1\r\n")
CHUNK = 1 << 16
# A request's first line may come in two pieces; longer ones than this nobody sends here.
OVERLAP = 400


@dataclass(frozen=True)
class Passed:
    """What went over the wire: bytes with all headers, and requests."""

    up: int = 0
    down: int = 0
    requests: int = 0

    def __sub__(self, before: "Passed") -> "Passed":
        return Passed(self.up - before.up, self.down - before.down, self.requests - before.requests)


class Tap:
    """Listens on a port of its own and passes everything on to `port` of this machine."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.passed = Passed()
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(asyncio.start_server(self.connect, "127.0.0.1", 0))
        self.base = f"http://localhost:{self.server.sockets[0].getsockname()[1]}"
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        """End all connections."""

        async def end() -> None:
            self.server.close()
            others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)

        asyncio.run_coroutine_threadsafe(end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()

    async def connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        with suppress(OSError, asyncio.CancelledError):
            await asyncio.gather(self.carry_up(reader, back), self.carry_down(there, writer))
        for end in (writer, back):
            end.close()

    async def carry_up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tail = b""
        while chunk := await reader.read(CHUNK):
            ended = max((found.end() for found in REQUEST.finditer(tail + chunk)), default=0)
            requests = len(REQUEST.findall(tail + chunk))
            self.passed = Passed(self.passed.up + len(chunk), self.passed.down, self.passed.requests + requests)
            tail = (tail + chunk)[ended:][-OVERLAP:]
            writer.write(chunk)
            await writer.drain()
        writer.write_eof()

    async def carry_down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(CHUNK):
            self.passed = Passed(self.passed.up, self.passed.down + len(chunk), self.passed.requests)
            writer.write(chunk)
            await writer.drain()
        writer.write_eof()
