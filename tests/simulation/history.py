"""One history: a morning of two or three devices with everything that goes wrong in it, and the quiet afterwards."""

import random
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from backend.logs import where
from tests.simulation.acts import Hand, choose
from tests.simulation.binder import Sheet, Store
from tests.simulation.cast import DEVICES, FILLED, MORNING
from tests.simulation.counting import COUNT_ACTS
from tests.simulation.desk import DESK_ACTS, DEVICE_ACTS
from tests.simulation.happenings import faulty_handlers, plan_happenings, release
from tests.simulation.judging import judge
from tests.simulation.network import Network
from tests.simulation.office import Practice
from tests.simulation.oracle import Oracle
from tests.simulation.shelves import SHELF_ACTS, WAITING_ACTS
from tests.simulation.tablet import Crash, NotSaved, Tablet
from tests.simulation.world import FAULTS, HAPPENINGS, Plan, World

# The 8:30 of most histories, minutes before midnight in New York, and minutes before its clocks are put back.
STARTS = (MORNING, MORNING, MORNING, MORNING + timedelta(hours=15, minutes=10), FILLED + timedelta(hours=1.7))
ROOMS = (1_000_000, 1_000_000, 1_000_000, 1_000_000, 6_000, 900)
HASTY = 0.25  # how many tablets
CLEAN_ROUNDS = 3
# Seconds by which a wall clock is wrong: a summer time that nobody was told of, hours, a day, ten years.
OFFSETS = (0.0, 0.0, 1.0, -1.0, 130.0, 3_600.0, -3_600.0, -10_800.0, 86_400.0, 3.2e8, -3.2e8)
GROUPS = (DESK_ACTS, DEVICE_ACTS, SHELF_ACTS, WAITING_ACTS, COUNT_ACTS)
ACTS = {name: act for group in GROUPS for name, act in group.items()}
# What a history is about: the devices in it, and what is done four times as often as elsewhere.
THEMES = (
    (("Tablet 1", "Tablet 2", "Desk"), DESK_ACTS),
    (("Tablet 1", "Tablet 2", "Desk"), DESK_ACTS),
    (("Desk", "Desk 2"), SHELF_ACTS),
    (("Desk", "Phone", "Desk 2"), {*WAITING_ACTS, "edit_item"}),
    (("Counter 1", "Counter 2", "Desk"), COUNT_ACTS),
    (tuple(DEVICES), set()),
)


@dataclass(frozen=True)
class Result:
    """What is told of a history; `trace` is the same in every replay of its plan.

    `order` has the id of each entry, its outcome and when it was received; `days` where each visit stands.
    """

    plan: Plan
    commands: Counter[str]
    outcomes: Counter[str]
    faults: Counter[str]
    violations: list[str]
    trace: str
    order: list[tuple[str, str, str]]
    days: dict[str, str]
    story: list[str]
    acts: list[tuple[int, int]]
    times: list[tuple[str, int]]
    devices: int


class Morning:
    """The devices of one history and what is done at them."""

    def __init__(self, plan: Plan, practice: Practice) -> None:
        practice.begin()
        self.practice = practice
        self.world = World(plan, practice.clock, random.Random(f"{plan.seed}/start").choice(STARTS))
        self.oracle = Oracle(self.world, practice)
        draw = self.world.stream("morning")
        self.network = Network(self.world, practice, draw.choice(ROOMS))
        self.network.arriving, self.network.watch = self.oracle.arriving, self.oracle.answered
        self.tablets: list[Tablet] = []
        self.acts: list[tuple[int, int]] = []
        self.length = 0.0
        names, often = draw.choice(THEMES)
        self.weights = {
            name: (act.weight * (4 if name in often else 1)) if draw.random() < 0.8 else 0 for name, act in ACTS.items()
        }
        chosen = draw.sample(names, draw.choice((2, 2, min(3, len(names)))))
        # Those that are left out are counted too: a copy of a profile comes after all of them.
        self.devices = len(chosen)
        for number, name in enumerate(chosen):
            if number in plan.tablets:
                continue
            store = Store(practice.devices[name], self.world.new_id())
            # What unlocks a device names the epoch; its sheets it may still lack.
            store.epoch = "e0"
            if self.world.stream(f"tablet {number}").random() < 0.9:
                for sheet_name, page in practice.sheets[name].items():
                    store.sheets.setdefault(sheet_name, Sheet()).take(page)
            self.add(Tablet(name, name, store, self.network, self.oracle), number)

    def add(self, tablet: Tablet, number: int) -> None:
        """A tablet begins its day: it acts, looks for the office now and then, and has its troubles."""
        world, draw = self.world, self.world.stream(f"tablet {number}")
        tablet.clock.offset = self._clock(number)
        self.tablets.append(tablet)
        moment = draw.uniform(0, 60)
        world.after(moment, tablet.kick)
        # On some, people tap while what the page asked for when it opened is on its way.
        hasty = self.world.stream(f"hasty {number}")
        is_hasty = hasty.random() < HASTY
        for count in range(draw.randint(3, 9)):
            moment += draw.expovariate(1 / 240)
            if (number, count) not in world.plan.acts:
                self.acts.append((number, count))
                if is_hasty:
                    world.after(max(0, moment - hasty.uniform(0, 3)), tablet.kick)
                world.after(moment, lambda count=count: self.act(tablet, number, count))  # type: ignore[misc]
        world.after(draw.uniform(60, moment), tablet.kick)
        for _ in range(draw.randint(0, 2)):
            world.after(draw.uniform(0, moment), lambda: self.trouble(tablet, number))
        self.length = max(self.length, moment)

    def _clock(self, number: int) -> float:
        """How wrong this tablet's clock is: other randomness for every set of clocks, and for nothing else."""
        return self.world.stream(f"clock {number}/{self.world.plan.clocks}").choice(OFFSETS)

    def act(self, tablet: Tablet, number: int, count: int) -> None:
        """Somebody does one thing; the tablet may die under their finger, before it is saved or after."""
        if tablet.gone:
            return
        draw = random.Random(f"{self.world.plan.seed}/act {number}/{count}")
        if draw.random() < 0.15:
            tablet.actor = draw.choice(tablet.actors)
        hand = Hand(draw, tablet.view(), tablet.store, tablet.actor, self.world.new_id)
        deed = choose(hand, tablet.purpose, ACTS, self.weights)
        if deed is None:
            return
        who = next(name for name, id in self.practice.staff.items() if id == tablet.actor)
        self.world.tell(f"{tablet.name}, {who.title()}: {deed.command}")
        try:
            entry = tablet.save(deed)
            if self.world.goes_wrong("double_tap"):
                tablet.store.append(entry)
        except Crash:
            return
        except NotSaved:
            self.world.counts["said_not_saved"] += 1
            return
        tablet.kick()

    def trouble(self, tablet: Tablet, number: int) -> None:
        """The network goes for a while, or somebody sets the clock."""
        world, draw = self.world, self.world.stream(f"trouble {number}")
        minutes, often = draw.uniform(1, 80), draw.random() < 0.4
        if world.goes_wrong("offline") or often:
            tablet.online = False
            world.after(minutes * 60, lambda: self.back(tablet))
        if world.goes_wrong("clock_set"):
            tablet.clock.offset = self._clock(number)

    def back(self, tablet: Tablet) -> None:
        tablet.online = True
        tablet.kick()

    def run(self) -> None:
        """The safety phase, then the liveness phase."""
        plan_happenings(self)
        with faulty_handlers(self.world):
            self.world.run()
        self.quiet()

    def quiet(self) -> None:
        """Faults have ended: three clean rounds drain every outbox (I6), and one more tells everybody of it."""
        world = self.world
        world.faulty, self.network.room = False, 1_000_000
        world.tell("all faults have ended")
        release(self, "2")
        for tablet in self.tablets:
            tablet.online, tablet.flight, tablet.rounds, tablet.limit = True, None, 0, 200
            if tablet.proto == 0:
                self.hand_in_with_old_app(tablet)
            tablet.kick()
            world.run()
            if tablet.store.outbox or tablet.rounds > CLEAN_ROUNDS:
                left = len(tablet.store.outbox)
                world.violated("I6", f"{tablet.name} needed {tablet.rounds} rounds and has {left} left to hand in")
        for tablet in self.tablets:
            tablet.kick()
            world.run()
        judge(self.oracle, self.tablets)

    def hand_in_with_old_app(self, tablet: Tablet) -> None:
        """Too old to read, and all of it is decided all the same (I18); then the tablet is given the new one."""
        tablet.kick()
        self.world.run()
        known = {row["command_id"] for row in self.practice.rows("SELECT command_id FROM journal")}
        if left := tablet.store.outbox.keys() - known:
            self.world.violated("I18", f"{len(left)} commands of an old app were not taken")
        tablet.proto, tablet.rounds, tablet.acked = 1, 0, 0


def play(plan: Plan, practice: Practice) -> Result:
    """One history."""
    morning = Morning(plan, practice)
    try:
        morning.run()
    except Exception as error:
        # Whatever reaches this point would be a request that the server answers with 500 for ever.
        morning.world.violated("I6", f"{type(error).__name__} at {where(error)}")
    world = morning.world
    rows = practice.rows("SELECT * FROM journal WHERE device_id IS NOT NULL ORDER BY seq")
    return Result(
        plan=plan,
        commands=Counter(said["command"] for said in morning.oracle.said.values()),
        outcomes=Counter(row["outcome"] for row in rows),
        faults=+Counter({name: world.counts[name] for name in (*FAULTS, *HAPPENINGS, *TOLD)}),
        violations=world.violations,
        trace=rows[-1]["hash"] if rows else "",
        order=[(row["command_id"], row["outcome"], row["received_at"]) for row in rows],
        days={row["id"]: row["day"] for row in practice.rows("SELECT id, day FROM visit")},
        story=[f"{moment:%a %H:%M:%S}  {sentence}" for moment, sentence in world.story],
        acts=morning.acts,
        times=world.times,
        devices=morning.devices,
    )


# What follows from faults, and is told beside them.
TOLD = (
    "answers_dropped", "cut_answers", "retried", "receipts_asked_for", "mismatches", "said_not_saved", "said_gap",
    "said_new_replica", "said_epoch", "said_busy", "said_revoked", "said_too_old", "said_too_large",
)  # fmt: skip
