"""The network between tablets and office: it loses, repeats, delays and invents."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from tests.simulation.office import Down, Practice
from tests.simulation.world import World

if TYPE_CHECKING:
    from tests.simulation.tablet import Tablet

TIMEOUT = 30.0


class Network:
    """Carries the requests of all tablets; `watch` is shown every answer before it is carried back."""

    def __init__(self, world: World, practice: Practice, room: int) -> None:
        self.world, self.practice, self.room = world, practice, room
        self.watch: Callable[[dict[str, Any], int, dict[str, Any]], None] = lambda *_: None
        # Requests on their way, for another device's commit that comes in between.
        self.underway: dict[int, Callable[[], None]] = {}
        self._count, self._depth = 0, 0
        practice.database.fault = self._fault
        practice.database.between = self._between

    def send(self, tablet: "Tablet", request: dict[str, Any]) -> None:
        """One request; the tablet hears of it once, twice, late or never, and gives up by itself."""
        world, data, fetch = self.world, msgspec.json.encode(request), request["request_id"]
        world.after(TIMEOUT, lambda: tablet.gave_up(fetch))
        if not tablet.online:
            return
        if world.goes_wrong("portal"):
            world.after(0.2, lambda: tablet.answered(fetch, 200, b"<html>Welcome to the hotel</html>"))
            return
        if world.goes_wrong("request_lost"):
            return
        delay = world.draw.uniform(0.01, 2)
        if world.goes_wrong("late_request"):
            delay = world.draw.uniform(20, 4000)
        self._carry(tablet, fetch, data, delay)
        if world.goes_wrong("duplicate"):
            self._carry(tablet, fetch, data, world.draw.uniform(0.01, 900))

    def _carry(self, tablet: "Tablet", fetch: str, data: bytes, delay: float) -> None:
        self._count += 1
        number = self._count

        def arrives() -> None:
            if self.underway.pop(number, None) is None:
                return
            status, body = self.receive(data)
            if status == 0 or self.world.goes_wrong("answer_lost"):
                return
            back = self.world.draw.uniform(0.01, 2)
            if self.world.goes_wrong("late_answer"):
                back = self.world.draw.uniform(20, 4000)
            self.world.after(back, lambda: tablet.answered(fetch, status, body))

        self.underway[number] = arrives
        self.world.after(delay, arrives)

    def receive(self, data: bytes) -> tuple[int, bytes]:
        """The office's own answer; status 0 when it went down meanwhile."""
        try:
            status, body = self.practice.receive(data, self.room)
        except Down:
            return 0, b""
        self.world.counts["cut_answers"] += b'"more":true' in body[-400:] or b'"more":true' in body[:100]
        self.watch(msgspec.json.decode(data), status, msgspec.json.decode(body))
        return status, body

    def _fault(self) -> str:
        for fault in ("busy", "down_before_commit", "down_after_commit"):
            if self.world.goes_wrong(fault):
                return fault
        return ""

    def _between(self) -> None:
        """After any commit: the request of another device comes to its end before this one goes on."""
        if self.underway and self._depth < 2 and self.world.goes_wrong("interleaved"):
            self._depth += 1
            try:
                self.underway[self.world.draw.choice(sorted(self.underway))]()
            finally:
                self._depth -= 1
