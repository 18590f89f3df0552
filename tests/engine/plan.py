"""What every writer does, known beforehand: so a node that died is taken up again, and the end can be reckoned."""

import random
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from backend.deciding import Sent
from backend.identity import Actor

MOVES = ("inventory.receive_stock", "inventory.use_stock", "inventory.transfer_stock")
KINDS = (*MOVES, "checkin.record_arrival", "checkin.register_walk_in", "undo")
HOW_OFTEN = (20, 20, 10, 30, 10, 10)
NAMES = (("Noor", "Rahimi"), ("Ona", "Castellanos"), ("Pia", "O’Hara"), ("Quentin", "Novak"))
# Few, so that writers meet: at the same balance, in the same visit, and at what nobody has made yet.
VISITS, NEW_LOT_EVERY = 60, 25

Key = tuple[str, str, str]  # item, place, lot


class Act(NamedTuple):
    """One command of one writer."""

    command_id: str
    command: str
    fields: dict[str, Any]
    undoes: int | None = None


class Plan(msgspec.Struct, frozen=True, dict=True):
    """Writers numbered from 0, each with commands numbered from 1. The same plan is the same in every process."""

    url: str
    seed: int
    writers: int
    each: int
    maria: str
    items: list[str]
    places: list[str]

    def id(self, *what: object) -> str:
        """An id that every process makes alike."""
        return str(uuid.UUID(int=random.Random(f"{self.seed} {what}").getrandbits(128), version=4))

    def replica(self, writer: int) -> str:
        return self.id("replica", writer)

    @property
    def actor(self) -> Actor:
        """Maria, who may do everything."""
        return Actor(self.maria, "Maria Lindqvist", frozenset(["owner", "manager"]))

    def acts(self, writer: int) -> list[Act]:
        """All that this writer does."""
        return self._all[writer]

    @cached_property
    def _all(self) -> dict[int, list[Act]]:
        return {writer: [*self._acts(writer)] for writer in range(self.writers)}

    def _acts(self, writer: int) -> Iterator[Act]:
        draw, undoable = random.Random(f"{self.seed} {writer}"), list[int]()
        for n in range(1, self.each + 1):
            command = draw.choices(KINDS, HOW_OFTEN)[0]
            if command == "undo" and undoable:
                undone = undoable.pop()
                before = self.id("command", writer, undone)
                yield Act(self.id("command", writer, n), command, {"command_id": before}, undone)
                continue
            command = MOVES[0] if command == "undo" else command
            if command in MOVES:
                undoable.append(n)
            yield Act(self.id("command", writer, n), command, self._fields(draw, command, writer, n))

    def _fields(self, draw: random.Random, command: str, writer: int, n: int) -> dict[str, Any]:
        if command in MOVES:
            lot = draw.choice(("", "A", f"L{n // NEW_LOT_EVERY}"))
            here, there = draw.sample(self.places, 2)
            to = {"to_place_id": there} if command == MOVES[2] else {}
            known = {"item_id": draw.choice(self.items), "place_id": here, "lot": lot or None}
            return {**known, "quantity": draw.randint(20, 40) if command == MOVES[0] else draw.randint(1, 9), **to}
        if command == "checkin.record_arrival":
            return {"visit_id": self.id("visit", draw.randrange(VISITS), n // 200)}
        given, family = draw.choice(NAMES)
        born = str(date(1930, 1, 1) + timedelta(days=draw.randrange(30_000)))
        # Two writers may register the same somebody, as two tablets do that copied one form.
        person, rest = self.id("patient", draw.randrange(3), n), {"type": "Office visit", "provider_id": None}
        about = {"visit_id": self.id("walk-in", writer, n), "patient_id": person, "reason": None, **rest}
        return {"given": given, "family": family, "birth_date": born, "sex": "unknown", "phone": None, **about}

    def sent(self, writer: int, n: int) -> Sent:
        """The command as a device hands it in."""
        act = self.acts(writer)[n - 1]
        return Sent(command_id=act.command_id, command=act.command, fields=act.fields, n=n)

    def stock(self) -> dict[Key, int]:
        """What must be on hand at the end, whatever the order in which the writers came."""
        found: Counter[Key] = Counter()
        for acts in self._all.values():
            undone = {act.undoes for act in acts}
            for n, act in enumerate(acts, 1):
                if act.command not in MOVES or n in undone:
                    continue
                fields, lot = act.fields, act.fields["lot"] or ""
                sign = 1 if act.command == MOVES[0] else -1
                found[fields["item_id"], fields["place_id"], lot] += sign * fields["quantity"]
                if act.command == MOVES[2]:
                    found[fields["item_id"], fields["to_place_id"], lot] += fields["quantity"]
        return {key: quantity for key, quantity in found.items() if quantity}

    def arrived(self) -> set[str]:
        """The visits of everybody who came."""
        desk = ("checkin.record_arrival", "checkin.register_walk_in")
        acts = [act for acts in self._all.values() for act in acts]
        return {act.fields["visit_id"] for act in acts if act.command in desk}
