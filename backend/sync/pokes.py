"""Pokes: a stream that tells open pages that something changed, so that their device asks for it."""

import asyncio
from collections.abc import AsyncIterator

import msgspec
from litestar import Request, get
from litestar.response import ServerSentEvent, ServerSentEventMessage

from backend.callers import DEVICE_COOKIE, cookie_of
from backend.devices import find_device
from backend.errors import NotSignedIn
from backend.feed import epoch_and_head
from backend.serving import Office, office_of

HEARTBEAT_SECONDS = 20


@get("/sync/pokes")
async def pokes(request: Request) -> ServerSentEvent:
    """`poke` events with the newest number of the feed: nothing about what changed, and so nothing to leak."""
    office = office_of(request)
    known = await asyncio.to_thread(may_listen, request, office)
    if not known:
        raise NotSignedIn("Sign in first. Nothing was lost.")
    return ServerSentEvent(stream(office))


def may_listen(request: Request, office: Office) -> bool:
    """A device of ours, or somebody signed in."""
    with office.database.read() as session:
        device = find_device(session, cookie_of(request, DEVICE_COOKIE))
        return (device is not None and device.state == "enrolled") or office.find_caller(request, session) is not None


def newest(office: Office) -> int:
    """How far the feed has come."""
    with office.database.read() as session:
        return epoch_and_head(session)[1]


async def stream(office: Office) -> AsyncIterator[ServerSentEventMessage]:
    """`{"head": 1234}` at once, then whenever something was written; a comment now and then keeps the line open."""
    listeners = office.performer.listeners
    woken = listeners.listen()
    try:
        listeners.poke(await asyncio.to_thread(newest, office))
        while not listeners.closed:
            woken.clear()
            yield ServerSentEventMessage(event="poke", data=msgspec.json.encode({"head": listeners.head}).decode())
            while not listeners.closed:
                try:
                    await asyncio.wait_for(woken.wait(), HEARTBEAT_SECONDS)
                    break
                except TimeoutError:
                    yield ServerSentEventMessage(comment="still here")
    finally:
        listeners.forget(woken)
