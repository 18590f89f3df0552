"""One history: a morning of two or three tablets with everything that goes wrong in it, and the quiet afterwards."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from backend.checkin import CheckIdentity, CheckIn, RecordArrival, RecordWalkIn, RegisterWalkIn
from backend.giving import Giver
from backend.identity import OFFICE
from backend.sync import CloseCase, retry_held
from backend.sync.forgetting import ForgetReceipts, forgetting_due
from tests.simulation.acts import choose
from tests.simulation.binder import Sheet, Store
from tests.simulation.network import Network
from tests.simulation.office import MORNING, SITE, Practice
from tests.simulation.oracle import Oracle
from tests.simulation.tablet import Crash, Tablet
from tests.simulation.world import World

# The 8:30 of most histories, and minutes before midnight in New York.
STARTS = (MORNING, MORNING, MORNING, MORNING + timedelta(hours=15, minutes=10))
ROOMS = (1_000_000, 1_000_000, 4_000, 600)
CLEAN_ROUNDS = 3
KINDS = (RecordArrival, CheckIdentity, CheckIn, RecordWalkIn, RegisterWalkIn, CloseCase)
OFFSETS = (0.0, 0.0, 1.0, -1.0, 130.0, -10_800.0, 86_400.0, 3.2e8, -3.2e8)


@dataclass(frozen=True)
class Result:
    """What is told of a history; `trace` is the same in every replay of its seed."""

    seed: int
    commands: int
    outcomes: Counter[str]
    faults: Counter[str]
    violations: list[str]
    trace: str


class Morning:
    """The tablets of one history and what is done at them."""

    def __init__(self, seed: int, practice: Practice) -> None:
        practice.begin()
        self.practice = practice
        self.world = World(seed, practice.clock, STARTS[seed % len(STARTS)])
        draw = self.world.draw
        self.oracle = Oracle(self.world, practice)
        self.network = Network(self.world, practice, draw.choice(ROOMS))
        self.network.watch = self.oracle.answered
        self.tablets: list[Tablet] = []
        staff = practice.staff
        people = {"Tablet 1": ["ana", "ben"], "Tablet 2": ["ben", "ana", "cleo"], "Desk": ["maria"]}
        for name in [*people][: draw.choice((2, 2, 3))]:
            store = Store(practice.devices[name], self.world.new_id())
            if draw.random() < 0.85:
                store.epoch = "e0"
                for sheet_name, page in practice.sheets.items():
                    store.sheets.setdefault(sheet_name, Sheet()).take(page)
            self.add(Tablet(name, store, [staff[who] for who in people[name]], self.network, self.oracle))

    def add(self, tablet: Tablet) -> None:
        """A tablet begins its day: it acts, looks for the office now and then, and has its troubles."""
        world, draw = self.world, self.world.draw
        tablet.offset = draw.choice(OFFSETS)
        self.tablets.append(tablet)
        moment = draw.uniform(0, 60)
        world.after(moment, tablet.kick)
        for _ in range(draw.randint(10, 20)):
            moment += draw.expovariate(1 / 240)
            world.after(moment, lambda: self.act(tablet))
        end, moment = moment, 0.0
        while (moment := moment + draw.uniform(60, 900)) < end:
            world.after(moment, tablet.kick)
        for _ in range(draw.randint(0, 3)):
            world.after(draw.uniform(0, end), lambda: self.trouble(tablet))

    def act(self, tablet: Tablet) -> None:
        """Somebody does one thing; the tablet may die under their finger, before it is saved or after."""
        draw = self.world.draw
        if draw.random() < 0.08:
            tablet.actor = draw.choice(tablet.actors)
        done = choose(draw, tablet.view(), self.world.new_id, tablet.actor)
        if done is None:
            return
        try:
            entry = tablet.save(*done)
            if self.world.goes_wrong("double_tap"):
                tablet.store.append(entry)
        except Crash:
            return
        tablet.kick()

    def trouble(self, tablet: Tablet) -> None:
        """The network goes for a while, or somebody sets the clock."""
        world = self.world
        if world.goes_wrong("offline") or world.draw.random() < 0.5:
            tablet.online = False
            world.after(world.draw.uniform(60, 5000), lambda: self.back(tablet))
        if world.goes_wrong("clock_set"):
            tablet.offset = world.draw.choice(OFFSETS)

    def back(self, tablet: Tablet) -> None:
        tablet.online = True
        tablet.kick()

    def clone(self) -> None:
        """A profile is copied to another tablet, and both go on."""
        first = self.world.draw.choice(self.tablets)
        self.world.counts["cloned"] += 1
        self.add(Tablet(f"copy of {first.name}", first.store.copy(), first.actors, self.network, self.oracle))

    def back_up_and_restore(self) -> None:
        """The server loses everything since its backup."""
        world = self.world
        kept = self.practice.snapshot()

        def restore() -> None:
            world.counts["restored"] += 1
            self.practice.restore(kept, f"e{world.counts['restored']}")

        world.after(world.draw.uniform(60, 4000), restore)

    def away_for_a_month(self) -> None:
        """Everybody is gone for five weeks, whatever was under way; meanwhile old receipts are forgotten."""
        world, practice = self.world, self.practice
        world.counts["a_month_away"] += 1
        world.pause(35 * 86_400)
        giver = Giver(practice.office.performer, practice.clock, SITE, OFFICE)
        with practice.database.read() as session:
            due = forgetting_due(session, world.now)
        world.faulty = False
        for fields in due:
            giver.give(ForgetReceipts, world.new_id(), **fields)
        world.faulty = True

    def run(self) -> None:
        """The safety phase, then the liveness phase."""
        world, draw = self.world, self.world.draw
        if draw.random() < 0.25:
            world.after(draw.uniform(60, 2400), self.clone)
        if draw.random() < 0.15:
            world.after(draw.uniform(60, 2400), self.back_up_and_restore)
        if draw.random() < 0.08:
            world.after(draw.uniform(600, 3000), self.away_for_a_month)
        bug = draw.choice(KINDS) if draw.random() < 0.15 else None
        with faulty_handler(bug, world) if bug else nothing():
            world.run()
        self.quiet()

    def quiet(self) -> None:
        """Faults have ended: three clean rounds drain every outbox (I6), and one more tells everybody of it."""
        world = self.world
        world.faulty, self.network.room = False, 1_000_000
        world.counts["retried"] += retry_held(self.practice.office.performer, self.practice.clock)
        for tablet in self.tablets:
            tablet.online, tablet.flight, tablet.rounds = True, None, 0
            tablet.kick()
            world.run()
            world.most_rounds = max(world.most_rounds, tablet.rounds)
            if tablet.store.outbox or tablet.rounds > CLEAN_ROUNDS:
                left = len(tablet.store.outbox)
                world.violated("I6", f"{tablet.name} needed {tablet.rounds} rounds and has {left} left to hand in")
        for tablet in self.tablets:
            tablet.kick()
            world.run()
        self.oracle.judge(self.tablets)


@contextmanager
def nothing() -> Iterator[None]:
    yield


@contextmanager
def faulty_handler(kind: Any, world: World) -> Iterator[None]:
    """A bug of ours in one handler: it breaks off when the work is done, for every third command."""
    right: Callable[..., None] = kind.handler

    def wrong(command: Any, work: Any) -> None:
        right(command, work)
        if world.faulty and int(work.command_id[-2:], 16) % 3 == 0:
            world.counts["handler_bug"] += 1
            raise ZeroDivisionError("a bug")

    kind.handler = staticmethod(wrong)
    try:
        yield
    finally:
        kind.handler = staticmethod(right)


def play(seed: int, practice: Practice) -> Result:
    """One history from its seed."""
    morning = Morning(seed, practice)
    try:
        morning.run()
    except Exception as error:
        # Whatever reaches this point would be a request that the server answers with 500 for ever.
        morning.world.violated("I6", f"{type(error).__name__}: {error}")
    with practice.database.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT outcome, hash FROM journal WHERE device_id IS NOT NULL ORDER BY seq"
        ).all()
    outcomes = Counter(row.outcome for row in rows)
    trace = rows[-1].hash if rows else ""
    world = morning.world
    return Result(seed, len(morning.oracle.said), outcomes, +world.counts, world.violations, trace)
