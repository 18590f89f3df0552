"""A tablet as a model: outbox, binder, sync client and paint, step by step what `web/worker/` does."""

from collections.abc import Iterator
from typing import Any

import msgspec

from backend.clock import instant, office_day
from backend.painting import Painted, paint
from backend.values import evaluate
from tests.simulation.acts import Deed
from tests.simulation.binder import Sheet, Store
from tests.simulation.cast import DEVICES, SITE
from tests.simulation.network import Network
from tests.simulation.office import SIGNER
from tests.simulation.oracle import Oracle
from tests.simulation.world import DeviceClock, World

BATCH = 200
REPAIRS = 6
WIRE = ("command_id", "command", "v", "actor", "made", "was", "seen", "after", "fields")


class Crash(Exception):
    """The tablet's browser was killed; what its store has is all that is left."""


class NotSaved(Exception):
    """The store did not keep what it was given, and the screen says so."""


class Tablet:
    """`device` names what it was enrolled as."""

    def __init__(self, name: str, device: str, store: Store, network: Network, oracle: Oracle) -> None:
        self.name, self.device, self.store, self.network, self.oracle = name, device, store, network, oracle
        self.world: World = network.world
        self.manifest = network.practice.manifest
        self.purpose, known, never = DEVICES[device]
        staff = network.practice.staff
        self.known, self.actors = [staff[who] for who in known], [staff[who] for who in (*known, *never)]
        self.actor = self.actors[0]
        self.clock = DeviceClock(self.world, name)
        self.online, self.gone, self.proto = True, False, 1
        self.wake()

    def wake(self) -> None:
        """Everything that lives in memory only."""
        self.acked, self.limit, self.mismatch, self.repairs = 0, BATCH, [], 0
        self.flight: dict[str, Any] | None = None
        self.again, self.rounds = False, 0

    def opener(self) -> str:
        """Who proves to be at the tablet. What somebody enters who never unlocked it is in the outbox all the same."""
        return self.actor if self.actor in self.known else self.known[0]

    def view(self) -> Painted:
        waiting = [entry.command for entry in self.store.pending() if not entry.again]
        return paint(self.store, waiting, self.manifest["commands"], self.manifest["ranks"])

    def save(self, deed: Deed) -> dict[str, Any]:
        """A tap: durable, or Crash or NotSaved is raised. What is returned was said to be Saved."""
        entry = {
            "command_id": self.world.new_id(), "command": deed.command, "fields": deed.fields, "new": {},
            "v": deed.v or self.manifest["commands"][deed.command]["v"], "was": deed.was, "seen": deed.seen,
            "actor": self.actor, "made": self.clock.reading(), "after": self.built_on(deed.fields),
            "made_at": instant(self.clock.wall()), "today": str(office_day(self.clock.wall(), SITE.zone_name)),
            "site": SITE.id, "device": self.store.device_id,
        }  # fmt: skip
        self.crash_when("crash_before_append")
        self.keep(entry)
        self.oracle.saved(self, entry)
        self.crash_when("crash_after_append")
        return entry

    def keep(self, entry: dict[str, Any]) -> None:
        """Appended and read back; once more when it is not there."""
        for _ in range(2):
            if not self.world.goes_wrong("put_lost"):
                self.store.append(entry)
            if self.store.has(entry["command_id"]):
                return
        raise NotSaved

    def built_on(self, fields: dict[str, Any]) -> list[str]:
        """Every pending command whose effect put an id that these fields use."""
        spoken = {value for value in fields.values() if isinstance(value, str)}
        return [id for id, entry in self.store.outbox.items() if spoken & set(self.put_by(entry.command))]

    def put_by(self, command: dict[str, Any]) -> Iterator[Any]:
        scope = {"field": command["fields"], "actor": command["actor"], "site": SITE.id, "get": lambda *_: None}
        for step in self.manifest["commands"].get(command["command"], {}).get("effect") or []:
            if step["op"] == "put":
                yield evaluate(step["id"], scope)

    def crash_when(self, fault: str) -> None:
        if self.world.goes_wrong(fault):
            self.crash()
            raise Crash

    def crash(self) -> None:
        self.wake()
        if self.world.goes_wrong("boot"):
            self.clock.restart()
        self.oracle.looked(self)

    # Sync: one request at a time.

    def kick(self) -> None:
        if self.flight is not None:
            self.again = True
        elif self.online and not self.gone:
            self.repairs = 0
            self.one_round()

    def one_round(self) -> None:
        self.rounds += bool(self.store.outbox)
        self.flight = self.request()
        self.network.send(self, self.flight)

    def batch(self) -> list[dict[str, Any]]:
        due = [e for e in self.store.pending() if e.replica == self.store.replica and e.n > self.acked]
        return [
            SIGNER.entry({"n": entry.n} | {name: entry.command[name] for name in WIRE}) for entry in due[: self.limit]
        ]

    def request(self) -> dict[str, Any]:
        store = self.store
        request = {
            "proto": self.proto, "app": "simulated", "request_id": self.world.new_id(), "device_id": store.device_id,
            "replica_id": store.replica, "epoch": store.epoch, "actor": self.opener(), "clock": self.clock.reading(),
            "commands": self.batch(), "sheets": {name: sheet.cursor for name, sheet in store.sheets.items()},
            "mismatch": self.mismatch,
        }  # fmt: skip
        return request | {"proof": SIGNER.proof(request)}

    def gave_up(self, fetch: str) -> None:
        if self.flight is not None and self.flight["request_id"] == fetch:
            self.flight = None

    def answered(self, fetch: str, status: int, body: bytes) -> None:
        """An answer of whomever, whenever. Only the one to the request under way counts."""
        try:
            answer = msgspec.json.decode(body)
        except msgspec.DecodeError:
            self.gave_up(fetch)
            return
        flight = self.flight
        asked = answer.get("request_id") if status == 200 else fetch
        if flight is None or asked != flight["request_id"] or flight["replica_id"] != self.store.replica:
            self.world.counts["answers_dropped"] += 1
            return
        self.flight = None
        try:
            go_on = self.apply(flight, answer) if status == 200 else self.repair(status, answer, flight)
        except Crash:
            return
        again, self.again = self.again, False
        if (go_on or again) and self.online and not self.gone:
            self.one_round()

    def apply(self, request: dict[str, Any], answer: dict[str, Any]) -> bool:
        """One transaction: rows, cursors, outcomes, outbox; then memory follows. Returns whether to go on at once."""
        self.crash_when("crash_before_apply")
        if self.world.goes_wrong("store_full"):
            return False
        sent = request["commands"][-1]["n"] if request["commands"] else 0
        store, receipts, wrong = self.store, [], []
        for name, page in answer["sheets"].items():
            if name.startswith("receipts/"):
                receipts += page["rows"]
            held = store.sheets.get(name)
            self.oracle.moved(self, name, held.cursor if held else "", page)
            sheet = Sheet() if page.get("fresh") or held is None else held
            sheet.take(page)
            store.sheets[name] = sheet
            if "digest" in page and page["digest"] != f"{sheet.digest:032x}":
                wrong.append(name)
        for name in answer["drop"]:
            store.sheets.pop(name, None)
        store.settle(receipts)
        store.epoch, store.acked_n = answer["epoch"], max(store.acked_n, answer["acked_n"])
        self.oracle.received(self, receipts)
        self.crash_when("crash_after_apply")
        self.acked = min(sent, answer["acked_n"]) if sent else self.acked
        self.mismatch = []
        self.oracle.applied(self, request, answer)
        numbers = [entry.n for entry in store.pending() if entry.replica == store.replica and entry.n <= self.acked]
        if numbers and not answer["more"]:
            # A drained answer has brought every receipt there is: one that was forgotten meanwhile is asked for anew.
            self.world.counts["receipts_asked_for"] += 1
            self.acked = numbers[0] - 1
            return self.mend()
        if answer["more"] or self.batch():
            return True
        if wrong:
            self.world.counts["mismatches"] += len(wrong)
            self.oracle.mismatched(self, wrong)
            self.mismatch = wrong
            for name in wrong:
                store.sheets[name].cursor = ""
            return self.mend()
        return False

    def repair(self, status: int, answer: dict[str, Any], request: dict[str, Any]) -> bool:
        """What the office, or something on the way, answered instead. Returns whether to go on at once."""
        error, sent = answer.get("error"), request["commands"][-1]["n"] if request["commands"] else 0
        self.world.counts[f"said_{error}"] += 1
        if status == 409:
            self.crash_when("crash_before_repair")
            self.agree(error, answer)
            self.crash_when("crash_after_repair")
            return self.mend()
        if status == 413 and len(request["commands"]) > 1:
            self.limit = max(1, len(request["commands"]) // 2)
            return True
        if status == 426:
            before, self.acked = self.acked, answer["acked_n"] or self.acked
            return self.acked > before and bool(self.batch())
        if error == "revoked":
            self.acked = sent or self.acked
            # Also what was saved while the refusal was on its way.
            if self.batch():
                return True
            self.oracle.wiped(self)
            self.store, self.gone = Store(self.store.device_id, self.store.replica), True
        elif status not in (413, 429, 500, 502, 503):
            self.world.violated("I6", f"{self.name} was told {status} {error}")
        return False

    def agree(self, error: str | None, answer: dict[str, Any]) -> None:
        """One transaction that puts the numbers right."""
        if error == "gap" and self.store.offer_again(answer["expect"]):
            self.acked = answer["expect"] - 1
        elif error == "epoch":
            self.store.offer_all_again()
            for sheet in self.store.sheets.values():
                sheet.cursor = ""
            self.store.epoch, self.store.acked_n, self.acked = answer["epoch"], 0, 0
        else:
            self.become_new_replica()

    def become_new_replica(self) -> None:
        self.store.renumber(self.world.new_id())
        self.acked = 0

    def mend(self) -> bool:
        self.repairs += 1
        return self.repairs <= REPAIRS
