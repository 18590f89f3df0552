"""The stream that tells open pages that something changed."""

import asyncio
import json

from backend.sync.pokes import stream
from tests.practice import Practice


def test_a_page_hears_at_once_where_the_feed_stands_and_again_after_every_write(practice: Practice) -> None:
    async def listen() -> list[int]:
        heard = stream(practice.office)
        first = await anext(heard)
        await asyncio.to_thread(practice.act, "ana", "checkin.record_arrival", {"visit_id": practice.visits["alma"]})
        second = await anext(heard)
        await heard.aclose()
        return [json.loads(message.data)["head"] for message in (first, second)]

    before, after = asyncio.run(listen())
    assert after > before


def test_a_server_that_stops_ends_its_streams(practice: Practice) -> None:
    async def listen() -> int:
        heard = stream(practice.office)
        await anext(heard)
        practice.office.performer.listeners.close()
        return len([message async for message in heard])

    assert asyncio.run(listen()) <= 1


def test_nobody_listens_who_is_neither_signed_in_nor_a_device(practice: Practice) -> None:
    assert practice.browser().get("/sync/pokes", accept="text/event-stream").status_code == 401
