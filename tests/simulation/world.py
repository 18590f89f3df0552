"""The world of one history: its randomness, its clock, what happens next, and what is told of it."""

import heapq
import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from backend.clock import instant
from tests.simulation.office import VirtualClock

# Each history draws how often each of these goes wrong; in about half of all histories one never does.
FAULTS = {
    "request_lost": "a request is lost",
    "answer_lost": "an answer is lost",
    "duplicate": "a request arrives twice",
    "late_request": "a request is long on its way",
    "late_answer": "an answer is long on its way",
    "cut_short": "an answer is cut short",
    "portal": "a hotel's page answers with 200",
    "proxy_error": "something on the way answers with 429, 500, 502 or 503",
    "error_after": "the office did the work, and 502 comes back",
    "too_large": "a proxy answers 413 to more than one command",
    "busy": "the database is busy",
    "down_before_commit": "the office dies before a commit",
    "down_after_commit": "the office dies after a commit",
    "interleaved": "another request is carried out in between",
    "crash_before_append": "the browser is killed before a command is kept",
    "crash_after_append": "the browser is killed when a command is kept",
    "crash_before_apply": "the browser is killed before an answer is kept",
    "crash_after_apply": "the browser is killed when an answer is kept",
    "crash_before_repair": "the browser is killed before its numbers are put right",
    "crash_after_repair": "the browser is killed when its numbers are put right",
    "put_lost": "the browser's store keeps nothing and says nothing",
    "store_full": "the browser's store has no room for an answer",
    "boot": "the tablet starts anew",
    "offline": "a tablet has no network for a while",
    "clock_set": "somebody sets a tablet's clock",
    "double_tap": "somebody taps twice",
}
# Happen once in a history, or not at all: how likely, and what is told.
HAPPENINGS = {
    "cloned": (0.14, "a profile is copied to another tablet"),
    "profile_wiped": (0.08, "a browser has lost its whole profile"),
    "profile_restored": (0.08, "a profile is put back as it was a while ago"),
    "restored": (0.14, "the office is restored from its backup"),
    "away": (0.08, "everybody is away for weeks"),
    "deployed": (0.12, "a new release is started"),
    "old_app": (0.12, "a tablet's app is too old to read"),
    "demoted": (0.1, "somebody is given another role"),
    "forged": (0.1, "another profile sends something else under a known id"),
    "handler_bug": (0.15, "a handler of ours has a bug"),
}
RATES = (0.0, 0.0, 0.0, 0.03, 0.1, 0.3)


class Plan(NamedTuple):
    """Which history: its seed, and what a shrunken one leaves out. `clocks` picks other clocks for its devices.

    `acts` and `tablets` are left out by number, `faults` by kind, `times` are single faults (kind, which one).
    """

    seed: int
    acts: frozenset[tuple[int, int]] = frozenset()
    tablets: frozenset[int] = frozenset()
    faults: frozenset[str] = frozenset()
    times: frozenset[tuple[str, int]] = frozenset()
    clocks: int = 0


class World:
    """Everything random and every moment of a history comes from here, so that its plan replays it exactly."""

    def __init__(self, plan: Plan, clock: VirtualClock, start: datetime) -> None:
        self.plan, self.start = plan, start
        self._clock = clock
        clock.now_is = start
        self._events: list[tuple[datetime, int, Callable[[], None]]] = []
        self._tie = 0
        self._streams: dict[str, random.Random] = {}
        self.rates = {fault: self.stream(f"rate of {fault}").choice(RATES) for fault in FAULTS}
        self.faulty = True
        self.counts: Counter[str] = Counter()
        self.times: list[tuple[str, int]] = []
        self.story: list[tuple[datetime, str]] = []
        self.violations: list[str] = []

    @property
    def now(self) -> datetime:
        return self._clock.now_is

    def stream(self, name: str) -> random.Random:
        """Randomness for one purpose: what is left out elsewhere does not change it."""
        if name not in self._streams:
            self._streams[name] = random.Random(f"{self.plan.seed}/{name}")
        return self._streams[name]

    def goes_wrong(self, fault: str) -> bool:
        """Whether this fault happens now; counted and told."""
        if not self.faulty or self.rates[fault] == 0 or self.stream(fault).random() >= self.rates[fault]:
            return False
        return self._comes(fault, FAULTS[fault])

    def happens(self, what: str) -> bool:
        """Whether one of `HAPPENINGS` is part of this history."""
        return self.stream(what).random() < HAPPENINGS[what][0] and what not in self.plan.faults

    def comes(self, what: str) -> bool:
        """Whether one of `HAPPENINGS` that is part of this history comes now; counted and told."""
        return self._comes(what, HAPPENINGS[what][1])

    def _comes(self, kind: str, sentence: str) -> bool:
        if kind in self.plan.faults:
            return False
        number = self.counts[f"drawn {kind}"]
        self.counts[f"drawn {kind}"] += 1
        if (kind, number) in self.plan.times:
            return False
        self.counts[kind] += 1
        self.times.append((kind, number))
        self.tell(sentence)
        return True

    def tell(self, sentence: str) -> None:
        self.story.append((self.now, sentence))

    def after(self, seconds: float, what: Callable[[], None]) -> None:
        """Something happens later."""
        self._tie += 1
        moment = self.now + timedelta(milliseconds=max(1, round(seconds * 1000)))
        heapq.heappush(self._events, (moment, self._tie, what))

    def run(self) -> None:
        """Until nothing is left to happen."""
        while self._events:
            moment, _, what = heapq.heappop(self._events)
            self._clock.now_is = max(moment, self.now)
            what()

    def pause(self, seconds: float) -> None:
        """Time passes, and nothing happens meanwhile."""
        self._clock.now_is = self.now + timedelta(seconds=seconds)

    def new_id(self) -> str:
        """A UUIDv7 of this moment."""
        time = f"{int(self.now.timestamp() * 1000):012x}"
        digits = f"{self.stream('ids').getrandbits(72):018x}"
        return f"{time[:8]}-{time[8:]}-7{digits[:3]}-8{digits[3:6]}-{digits[6:]}"

    def violated(self, invariant: str, sentence: str) -> None:
        """One of the promises of `sync.md` does not hold."""
        self.violations.append(f"{invariant} {sentence}")
        self.tell(f"{invariant} is broken: {sentence}")


class DeviceClock:
    """The clock of a device, never the world's: `offset` is how wrong its wall clock is, in seconds."""

    def __init__(self, world: World, name: str) -> None:
        self._world, self._name = world, name
        self.offset, self._boot, self._booted = 0.0, 1, world.now

    def restart(self) -> None:
        """The device starts anew, and with it its monotonic clock."""
        self._boot, self._booted = self._boot + 1, self._world.now

    def wall(self) -> datetime:
        return self._world.now + timedelta(seconds=self.offset)

    def reading(self) -> dict[str, object]:
        """As it is sent."""
        mono = (self._world.now - self._booted).total_seconds() * 1000
        return {"wall": instant(self.wall()), "mono": mono, "boot": f"{self._name}/{self._boot}"}
