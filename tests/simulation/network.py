"""The network between tablets and office: it loses, repeats, delays, cuts short and invents."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from tests.simulation.office import Down, Practice
from tests.simulation.world import World

if TYPE_CHECKING:
    from tests.simulation.tablet import Tablet

TIMEOUT = 30.0
PAGES = ((429, b"{}"), (500, b"oops"), (502, b"<html>Bad gateway</html>"), (503, b'{"error": "maintenance"}'))


class Network:
    """Carries the requests of all tablets; `watch` is shown every request before it is carried out, and its answer."""

    def __init__(self, world: World, practice: Practice, room: int) -> None:
        self.world, self.practice, self.room = world, practice, room
        self.arriving: Callable[[dict[str, Any]], Any] = lambda _: None
        self.watch: Callable[[dict[str, Any], Any, int, dict[str, Any]], None] = lambda *_: None
        # Requests on their way, for another device's commit that comes in between.
        self.underway: dict[int, Callable[[], None]] = {}
        self._count, self._depth = 0, 0
        self._draw = world.stream("network")
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
        if world.goes_wrong("proxy_error"):
            status, page = self._draw.choice(PAGES)
            world.after(0.2, lambda: tablet.answered(fetch, status, page))
            return
        if len(request["commands"]) > 1 and world.goes_wrong("too_large"):
            world.after(0.2, lambda: tablet.answered(fetch, 413, b'{"error": "too_large"}'))
            return
        if world.goes_wrong("request_lost"):
            return
        delay = self._draw.uniform(0.01, 2)
        if world.goes_wrong("late_request"):
            delay = self._draw.uniform(20, 4000)
        self._carry(tablet, fetch, data, delay)
        if world.goes_wrong("duplicate"):
            self._carry(tablet, fetch, data, self._draw.uniform(0.01, 900))

    def _carry(self, tablet: "Tablet", fetch: str, data: bytes, delay: float) -> None:
        self._count += 1
        number = self._count

        def arrives() -> None:
            if self.underway.pop(number, None) is None:
                return
            status, body = self.receive(data)
            if status == 0 or self.world.goes_wrong("answer_lost"):
                return
            if self.world.goes_wrong("error_after"):
                status, body = 502, PAGES[2][1]
            if self.world.goes_wrong("cut_short"):
                body = body[: self._draw.randint(1, len(body) - 1)]
            back = self._draw.uniform(0.01, 2)
            if self.world.goes_wrong("late_answer"):
                back = self._draw.uniform(20, 4000)
            self.world.after(back, lambda: tablet.answered(fetch, status, body))

        self.underway[number] = arrives
        self.world.after(delay, arrives)

    def receive(self, data: bytes) -> tuple[int, bytes]:
        """The office's own answer; status 0 when it went down meanwhile."""
        request = msgspec.json.decode(data)
        known = self.arriving(request)
        try:
            status, body = self.practice.receive(data, self.room)
        except Down:
            return 0, b""
        answer = msgspec.json.decode(body)
        self.world.counts["cut_answers"] += bool(answer.get("more"))
        self.watch(request, known, status, answer)
        return status, body

    def restart(self) -> None:
        """The office starts anew: what was on its way is lost with its connections."""
        self.underway.clear()

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
                self.underway[self._draw.choice(sorted(self.underway))]()
            finally:
                self._depth -= 1
