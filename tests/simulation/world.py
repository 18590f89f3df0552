"""The world of one history: its randomness, its clock, and what happens next."""

import heapq
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from backend.clock import Clock
from tests.simulation.office import VirtualClock

# Each history draws how often each of these goes wrong; in about half of all histories one never does.
FAULTS = (
    "request_lost", "answer_lost", "duplicate", "late_request", "late_answer", "portal", "busy", "down_before_commit",
    "down_after_commit", "interleaved", "crash_before_append", "crash_after_append", "crash_before_apply",
    "crash_after_apply", "offline", "boot", "clock_set", "double_tap",
)  # fmt: skip
RATES = (0.0, 0.0, 0.0, 0.03, 0.1, 0.3)


class World:
    """Everything random and every moment of a history comes from here, so that its seed replays it exactly."""

    def __init__(self, seed: int, clock: VirtualClock, start: datetime) -> None:
        self.seed, self.draw = seed, random.Random(seed)
        self._clock: Clock = clock
        self._server_clock = clock
        self._server_clock.now_is = start
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._tie = 0
        self.rates = {fault: self.draw.choice(RATES) for fault in FAULTS}
        self.faulty = True
        self.counts: Counter[str] = Counter()
        self.violations: list[str] = []
        self.most_rounds = 0

    @property
    def now(self) -> datetime:
        return self._clock.now()

    def goes_wrong(self, fault: str) -> bool:
        """Whether this fault happens now; counted."""
        happens = self.faulty and self.rates[fault] > 0 and self.draw.random() < self.rates[fault]
        self.counts[fault] += happens
        return happens

    def after(self, seconds: float, what: Callable[[], None]) -> None:
        """Something happens later."""
        self._tie += 1
        moment = self.now + timedelta(milliseconds=max(1, round(seconds * 1000)))
        heapq.heappush(self._events, (moment, self._tie, what))

    def run(self) -> None:
        """Until nothing is left to happen."""
        while self._events:
            moment, _, what = heapq.heappop(self._events)
            self._server_clock.now_is = max(moment, self.now)
            what()

    def pause(self, seconds: float) -> None:
        """Time passes, in the quiet after the faults."""
        self._server_clock.now_is = self.now + timedelta(seconds=seconds)

    def new_id(self) -> str:
        """A UUIDv7 of this moment."""
        time = f"{int(self.now.timestamp() * 1000):012x}"
        digits = f"{self.draw.getrandbits(72):018x}"
        return f"{time[:8]}-{time[8:]}-7{digits[:3]}-8{digits[3:6]}-{digits[6:]}"

    def violated(self, invariant: str, sentence: str) -> None:
        """One of the promises of `sync.md` does not hold."""
        self.violations.append(f"{invariant} {sentence}")
