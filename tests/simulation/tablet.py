"""A tablet as a model: outbox, binder, sync client and paint, step by step what `web/worker/` does."""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from backend.clock import instant, office_day
from backend.painting import Painted, paint
from tests.simulation.binder import Sheet, Store, place_of
from tests.simulation.network import Network
from tests.simulation.office import SIGNER, SITE
from tests.simulation.oracle import Oracle
from tests.simulation.world import World

BATCH = 200
REPAIRS = 6


class Crash(Exception):
    """The tablet's browser was killed; what its store has is all that is left."""


class Tablet:
    """`actors` are the people who use it in turn; `offset` is how wrong its wall clock is, in seconds."""

    def __init__(self, name: str, store: Store, actors: list[str], network: Network, oracle: Oracle) -> None:
        self.name, self.store, self.network, self.oracle = name, store, network, oracle
        self.world: World = network.world
        self.manifest = network.practice.manifest
        self.actors, self.actor = actors, actors[0]
        self.online, self.offset, self.boot = True, 0.0, 1
        self.booted = self.world.now
        self.wake()

    def wake(self) -> None:
        """Everything that lives in memory only."""
        self.acked, self.mismatch, self.repairs = 0, [], 0
        self.flight: dict[str, Any] | None = None
        self.again, self.rounds = False, 0

    def opener(self) -> str:
        """Who proves to be at the tablet. What somebody enters who never unlocked it is in the outbox all the same."""
        never = self.network.practice.staff["cleo"]
        return self.actor if self.actor != never else self.actors[0]

    # The clock of the device: never the world's.

    def wall(self) -> datetime:
        return self.world.now + timedelta(seconds=self.offset)

    def clock(self) -> dict[str, Any]:
        mono = (self.world.now - self.booted).total_seconds() * 1000
        return {"wall": instant(self.wall()), "mono": mono, "boot": f"{self.name}/{self.boot}"}

    def view(self) -> Painted:
        waiting = [entry.command for entry in self.store.pending() if not entry.again]
        return paint(self.store, waiting, self.manifest["commands"], self.manifest["ranks"])

    def save(self, command: str, fields: dict[str, Any]) -> dict[str, Any]:
        """A tap: durable, or Crash is raised. What is returned was said to be Saved."""
        spoken = {value for value in fields.values() if isinstance(value, str)}
        made = [(id, e.command["fields"]) for id, e in self.store.outbox.items() if "type" in e.command["fields"]]
        entry = {
            "command_id": self.world.new_id(), "command": command, "v": self.manifest["commands"][command]["v"],
            "fields": fields, "new": {}, "was": {}, "seen": None, "actor": self.actor, "made": self.clock(),
            "after": [id for id, by in made if spoken & {by.get("visit_id"), by.get("patient_id")}],
            "made_at": instant(self.wall()), "today": str(office_day(self.wall(), SITE.zone_name)),
            "site": SITE.id, "device": self.store.device_id,
        }  # fmt: skip
        self.crash_when("crash_before_append")
        self.store.append(entry)
        self.oracle.saved(self, entry)
        self.crash_when("crash_after_append")
        return entry

    def crash_when(self, fault: str) -> None:
        if self.world.goes_wrong(fault):
            self.crash()
            raise Crash

    def crash(self) -> None:
        self.wake()
        if self.world.goes_wrong("boot"):
            self.boot, self.booted = self.boot + 1, self.world.now
        self.oracle.looked(self)

    # Sync: one request at a time.

    def kick(self) -> None:
        if self.flight is not None:
            self.again = True
        elif self.online:
            self.repairs = 0
            self.one_round()

    def one_round(self) -> None:
        self.rounds += bool(self.store.outbox)
        self.flight = self.request()
        self.network.send(self, self.flight)

    def batch(self) -> list[dict[str, Any]]:
        names = ("command_id", "command", "v", "actor", "made", "was", "seen", "after", "fields")
        due = [e for e in self.store.pending() if e.replica == self.store.replica and e.n > self.acked]
        chosen = [{"n": entry.n} | {name: entry.command[name] for name in names} for entry in due[:BATCH]]
        return [SIGNER.entry(entry) for entry in chosen]

    def request(self) -> dict[str, Any]:
        store = self.store
        request = {
            "proto": 1, "app": "simulated", "request_id": self.world.new_id(), "device_id": store.device_id,
            "replica_id": store.replica, "epoch": store.epoch, "actor": self.opener(), "clock": self.clock(),
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
        if (go_on or again) and self.online:
            self.one_round()

    def apply(self, request: dict[str, Any], answer: dict[str, Any]) -> bool:
        """One transaction: rows, cursors, outcomes, outbox; then memory follows. Returns whether to go on at once."""
        self.crash_when("crash_before_apply")
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
        error = answer.get("error")
        self.world.counts[f"said_{error}"] += 1
        if error == "gap":
            self.acked = answer["expect"] - 1
            return self.mend() if self.store.offer_again(answer["expect"]) else self.become_new_replica()
        if error == "new_replica":
            return self.become_new_replica()
        if error == "epoch":
            self.store.offer_all_again()
            for sheet in self.store.sheets.values():
                sheet.cursor = ""
            self.store.epoch, self.store.acked_n, self.acked = answer["epoch"], 0, 0
            return self.mend()
        if status == 503:
            return False
        self.world.violated("I6", f"{self.name} was told {status} {error}")
        return False

    def become_new_replica(self) -> bool:
        self.store.renumber(self.world.new_id())
        self.acked = 0
        return self.mend()

    def mend(self) -> bool:
        self.repairs += 1
        return self.repairs <= REPAIRS

    def stands(self) -> dict[str, tuple[str, tuple[int, str, str]]]:
        return {name: place_of(sheet.cursor) for name, sheet in self.store.sheets.items() if sheet.cursor}
