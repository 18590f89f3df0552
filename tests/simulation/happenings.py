"""What happens at most once in a history: clones, lost profiles, restores, releases, weeks away, other roles."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import msgspec

from backend.checkin import CheckIdentity, CheckIn, RecordArrival, RecordWalkIn, RegisterWalkIn
from backend.commands import Command
from backend.counts.observing import RecordAmount, RecordScan
from backend.giving import Giver
from backend.identity import OFFICE
from backend.inventory import ReceiveStock, UseStock
from backend.staff import AddStaffMember
from backend.sync import CloseCase, retry_held
from backend.sync.forgetting import ForgetReceipts, forgetting_due
from tests.simulation.binder import Store
from tests.simulation.cast import SITE, STAFF
from tests.simulation.office import SIGNER
from tests.simulation.tablet import WIRE, Tablet
from tests.simulation.world import World

if TYPE_CHECKING:
    from tests.simulation.history import Morning

BREAKABLE = (
    RecordArrival, CheckIdentity, CheckIn, RecordWalkIn, RegisterWalkIn, CloseCase, UseStock, ReceiveStock,
    RecordScan, RecordAmount,
)  # fmt: skip
DEMOTIONS = (("ben", ["clinical"]), ("ana", ["supplies"]), ("dana", ["supplies"]), ("cleo", ["privacy_officer"]))


def plan_happenings(morning: "Morning") -> None:
    """Which of them this history has, and when."""
    world = morning.world
    many: dict[str, Callable[[Morning], None]] = {
        "cloned": clone, "profile_wiped": lose_profile, "profile_restored": put_profile_back, "away": away,
        "restored": back_up_and_restore, "deployed": deploy, "old_app": use_old_app, "demoted": demote,
        "forged": forge,
    }  # fmt: skip
    for name, what in many.items():
        moment = world.stream(name).uniform(0.1, 0.9) * morning.length
        if world.happens(name):
            world.after(0.001 if name == "old_app" else moment, lambda what=what: what(morning))  # type: ignore[misc]


def one(morning: "Morning", name: str) -> Tablet | None:
    tablets = [tablet for tablet in morning.tablets if not tablet.gone]
    return morning.world.stream(name).choice(tablets) if tablets else None


def clone(morning: "Morning") -> None:
    """A profile is copied to another tablet, and both go on."""
    first = one(morning, "cloned")
    if first is not None and morning.world.comes("cloned"):
        copy = Tablet(f"Copy of {first.name}", first.device, first.store.copy(), morning.network, morning.oracle)
        morning.add(copy, morning.devices)


def lose_profile(morning: "Morning") -> None:
    """A browser threw everything away; the device goes on under its id with nothing."""
    tablet = one(morning, "profile_wiped")
    if tablet is not None and morning.world.comes("profile_wiped"):
        morning.oracle.gone(tablet, set())
        tablet.store = Store(tablet.store.device_id, morning.world.new_id())
        tablet.wake()


def put_profile_back(morning: "Morning") -> None:
    """A backup of the profile is put back a while later."""
    world, tablet = morning.world, one(morning, "profile_restored")
    if tablet is None:
        return
    kept = tablet.store.copy()

    def back() -> None:
        if not tablet.gone and world.comes("profile_restored"):
            morning.oracle.gone(tablet, kept.outbox.keys() | kept.decided.keys())
            tablet.store = kept
            tablet.wake()

    world.after(world.stream("profile_restored").uniform(60, 2000), back)


def back_up_and_restore(morning: "Morning") -> None:
    """The server loses everything since its backup."""
    world, kept, forged = morning.world, morning.practice.snapshot(), set(morning.oracle.forged)

    def restore() -> None:
        if world.comes("restored"):
            morning.oracle.forged &= forged
            morning.practice.restore(kept, "e1")

    world.after(world.stream("restored").uniform(60, 3000), restore)


def away(morning: "Morning") -> None:
    """Everybody is gone for weeks, whatever was under way; meanwhile old receipts are forgotten."""
    world, practice = morning.world, morning.practice
    if not world.comes("away"):
        return
    world.pause(world.stream("away").choice((35, 95)) * 86_400)
    giver = Giver(practice.office.performer, practice.clock, SITE, OFFICE)
    with practice.database.read() as session:
        due = forgetting_due(session, world.now)
    with without_faults(world):
        for fields in due:
            giver.give(ForgetReceipts, world.new_id(), **fields)


def deploy(morning: "Morning") -> None:
    """The office is started anew with another release, which tries again what a bug of the old one held."""
    if morning.world.comes("deployed"):
        morning.network.restart()
        release(morning, "1")


def release(morning: "Morning", number: str) -> None:
    """What every new release does first."""
    world, practice = morning.world, morning.practice
    with without_faults(world), patch("backend.sync.retrying.VERSION", f"simulated {number}"):
        world.counts["retried"] += retry_held(practice.office.performer, practice.clock)


def use_old_app(morning: "Morning") -> None:
    """One tablet's app is of the protocol before; it is given the new one only when all is quiet."""
    tablet = one(morning, "old_app")
    if tablet is not None and morning.world.comes("old_app"):
        tablet.proto = 0


def demote(morning: "Morning") -> None:
    """Somebody is given another role; what their devices held for the old one leaves with their next sync."""
    world, practice = morning.world, morning.practice
    who, roles = world.stream("demoted").choice(DEMOTIONS)
    if not world.comes("demoted"):
        return
    fields = {"staff_id": practice.staff[who], "name": STAFF[who][0], "username": who, "roles": roles}
    with without_faults(world):
        giver = Giver(practice.office.performer, practice.clock, SITE, OFFICE)
        giver.give(AddStaffMember, world.new_id(), **fields, site_id=SITE.id)


def forge(morning: "Morning") -> None:
    """A broken copy of a profile, or somebody who means harm, sends something else under an id that is known."""
    world, tablet = morning.world, one(morning, "forged")
    journal = {row["command_id"] for row in morning.practice.rows("SELECT command_id FROM journal")}
    known = sorted(tablet.store.decided.keys() & journal) if tablet else []
    if tablet is None or not known or not world.comes("forged"):
        return
    id = world.stream("forged").choice(known)
    command = tablet.store.decided[id].command
    other = {name: command[name] for name in WIRE} | {"fields": {**command["fields"], "note": "something else"}}
    request = {
        "request_id": world.new_id(), "device_id": tablet.store.device_id, "replica_id": world.new_id(),
        "commands": [SIGNER.entry({"n": 1} | other)],
    }  # fmt: skip
    # The oracle must know whether the office took it.
    with without_faults(world):
        _, body = morning.network.receive(msgspec.json.encode(request))
    # A revoked device is turned away when what it handed in was decided.
    if msgspec.json.decode(body or b"{}").get("acked_n"):
        morning.oracle.forged.add(id)


@contextmanager
def without_faults(world: World) -> Iterator[None]:
    world.faulty, before = False, world.faulty
    try:
        yield
    finally:
        world.faulty = before


@contextmanager
def faulty_handlers(world: World) -> Iterator[None]:
    """Bugs of ours in some handlers, if this history has them: they break off when the work is done, now and then."""
    draw = world.stream("handler_bug")
    kinds: list[Any] = draw.sample(BREAKABLE, 4) if world.happens("handler_bug") else []
    right = {kind: kind.handler for kind in kinds}
    for kind in kinds:
        kind.handler = staticmethod(broken(right[kind], world))
    try:
        yield
    finally:
        for kind in kinds:
            kind.handler = staticmethod(right[kind])


def broken(right: Callable[[Command, Any], None], world: World) -> Callable[[Command, Any], None]:
    """The same handler, with a bug at its end that every second command runs into."""

    def wrong(command: Command, work: Any) -> None:
        right(command, work)
        if world.faulty and int(work.command_id[-2:], 16) % 2 == 0 and world.comes("handler_bug"):
            raise ZeroDivisionError("a bug")

    return wrong
