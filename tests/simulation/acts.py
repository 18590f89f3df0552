"""What people do, chosen from what their device shows them: a table of acts, each with the devices it is done at."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from backend.painting import Painted
from tests.simulation.binder import Store

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Deed:
    """A command as it is tapped: its fields, what the form showed of them, and what was decided on."""

    command: str
    fields: dict[str, Any]
    was: dict[str, Any] = field(default_factory=dict)
    seen: str | None = None
    v: int | None = None


@dataclass(frozen=True)
class Hand:
    """Somebody at a device: what it shows, what it keeps, who they are, and their own luck."""

    draw: random.Random
    view: Painted
    store: Store
    actor: str
    new_id: Callable[[], str]

    def rows(self, kind: str, /, **wanted: Any) -> list[Row]:
        """The rows of a kind in an order that no painting changes, with these values."""
        found = [row for row in self.view.rows(kind) if all(row.get(name) == value for name, value in wanted.items())]
        return list({row["id"]: row for row in sorted(found, key=lambda row: str(row["id"]))}.values())

    def any(self, kind: str, /, **wanted: Any) -> Row | None:
        """One of them."""
        found = self.rows(kind, **wanted)
        return self.draw.choice(found) if found else None


class Act(NamedTuple):
    """How often it is done, at devices of which purposes, and how it is chosen; None when there is nothing to do."""

    weight: int
    purposes: tuple[str, ...]
    choose: Callable[[Hand], Deed | None]


AT_DESK = ("front_desk", "desk")


def choose(hand: Hand, purpose: str, acts: Mapping[str, Act], weights: Mapping[str, int]) -> Deed | None:
    """One thing to do."""
    names = [name for name in sorted(acts) if purpose in acts[name].purposes and weights[name]]
    if not names:
        return None
    name = hand.draw.choices(names, [weights[name] for name in names])[0]
    return acts[name].choose(hand)
