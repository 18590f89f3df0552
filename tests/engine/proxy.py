"""A reverse proxy for tests: each connection goes to the next node that takes it, and ends when its node does."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

Way = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Proxy:
    """Listens at `port`. `first` is the node's port that is asked before the others, where one is."""

    def __init__(self, nodes: list[int]) -> None:
        self.nodes, self.first, self.port = nodes, 0, 0
        self._turn = 0

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def order(self) -> list[int]:
        """The nodes as the next connection tries them."""
        self._turn += 1
        turn = self._turn % len(self.nodes)
        return sorted(self.nodes[turn:] + self.nodes[:turn], key=lambda port: port != self.first)

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, both ways, until either end is gone."""
        try:
            for port in self.order():
                with suppress(OSError):
                    from_node, to_node = await asyncio.open_connection("127.0.0.1", port)
                    await both_ways((reader, to_node), (from_node, writer))
                    break
        finally:
            await closed(writer)


async def both_ways(there: Way, back: Way) -> None:
    """Until either ends; then the node's end is closed, too."""
    ways = [asyncio.create_task(pump(*way)) for way in (there, back)]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        await closed(there[1])


async def closed(writer: asyncio.StreamWriter) -> None:
    """A socket that outlives the loop is a warning, so whoever does not take the rest in time is cut off."""
    writer.close()
    try:
        await asyncio.wait_for(writer.wait_closed(), 1)
    except (OSError, TimeoutError):
        writer.transport.abort()


async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """Whatever comes goes on."""
    with suppress(OSError):
        while some := await source.read(65_536):
            target.write(some)
            await target.drain()


@contextmanager
def proxying(nodes: list[int]) -> Iterator[Proxy]:
    """A proxy that runs in a thread of its own."""
    proxy, loop, ready = Proxy(nodes), asyncio.new_event_loop(), threading.Event()

    async def run() -> None:
        server = await asyncio.start_server(proxy.pass_on, "127.0.0.1", 0)
        proxy.port = server.sockets[0].getsockname()[1]
        proxy.over = over = asyncio.Event()
        ready.set()
        await over.wait()
        server.close()
        # Whoever is still connected ends here, and is waited for: nothing may outlive the loop.
        passing = asyncio.all_tasks() - {asyncio.current_task()}
        for task in passing:
            task.cancel()
        await asyncio.gather(*passing, return_exceptions=True)
        await asyncio.sleep(0.1)

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()))
    thread.start()
    try:
        assert ready.wait(10)
        yield proxy
    finally:
        loop.call_soon_threadsafe(proxy.over.set)
        thread.join()
        loop.close()
