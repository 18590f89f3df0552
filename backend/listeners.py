"""Listeners: the open streams of this process, woken after every commit of this one or another."""

import asyncio
import threading


class Listeners:
    """Events of the streams that wait. Commits happen in worker threads, streams in the event loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[asyncio.Event, asyncio.AbstractEventLoop] = {}
        # The newest number of the feed that this process has heard of.
        self.head = 0
        self.closed = False

    def listen(self) -> asyncio.Event:
        """A new event of the running loop, set whenever something was written."""
        woken = asyncio.Event()
        with self._lock:
            self._waiting[woken] = asyncio.get_running_loop()
        return woken

    def forget(self, woken: asyncio.Event) -> None:
        """The stream has ended."""
        with self._lock:
            self._waiting.pop(woken, None)

    def poke(self, head: int) -> None:
        """The feed has come as far as `head`: wake every stream, unless they were told before."""
        with self._lock:
            if head <= self.head:
                return
            self.head = head
        self._wake()

    def close(self) -> None:
        """End every stream: a server that is asked to stop waits for its last answer, and a stream has none."""
        self.closed = True
        self._wake()

    def _wake(self) -> None:
        with self._lock:
            waiting = list(self._waiting.items())
        for woken, loop in waiting:
            if not loop.is_closed():
                loop.call_soon_threadsafe(woken.set)
