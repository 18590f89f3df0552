"""The oracle's own arithmetic of the supply room: movements (I2, I10), merged edits (I2), and decisions (I11)."""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from tests.simulation.office import Practice
from tests.simulation.world import World

DONE = ("applied", "flagged")
HOLDS = {"box": 10}
SIGNS = {
    "inventory.receive_stock": 1,
    "inventory.use_stock": -1,
    "inventory.waste_stock": -1,
    "inventory.write_off": -1,
}
MERGED = ("name", "cost_cents", "abc")
Entries = Mapping[str, Mapping[str, Any]]
Key = tuple[str, str, str]


def moved_by(entry: Mapping[str, Any]) -> Counter[Key]:
    """What a command moves, by item, place and lot, in base units."""
    command, fields = entry["command"], entry["fields"]
    found: Counter[Key] = Counter()
    if command not in SIGNS and command != "inventory.transfer_stock":
        return found
    item, place, lot = fields["item_id"], fields["place_id"], fields.get("lot") or ""
    quantity = fields["quantity"] * HOLDS.get(fields.get("unit"), 1)
    if command in SIGNS:
        found[item, place, lot] = SIGNS[command] * quantity
    elif place != fields["to_place_id"]:
        found[item, place, lot] = -quantity
        found[item, fields["to_place_id"], lot] = quantity
    return found


def judge_stock(practice: Practice, world: World, entries: Entries) -> None:
    """Every movement happened once, and what is on hand is their sum."""
    wanted: dict[str, Counter[Key]] = {}
    for id, entry in entries.items():
        if entry["outcome"] not in DONE:
            continue
        if entry["command"] == "undo":
            taken_back = entries.get(entry["fields"]["command_id"])
            moves = Counter({key: -value for key, value in (moved_by(taken_back) if taken_back else {}).items()})
        else:
            moves = moved_by(entry)
        if any(moves.values()):
            wanted[id] = moves
    found: dict[str, Counter[Key]] = {}
    sums: Counter[Key] = Counter()
    for row in practice.rows("SELECT * FROM movement"):
        key = row["item_id"], row["place_id"], row["lot"]
        sums[key] += row["quantity"]
        if row["kind"] != "adjusted":
            found.setdefault(row["command_id"], Counter())[key] += row["quantity"]
    if {id: +moves | -moves for id, moves in found.items()} != {id: +moves | -moves for id, moves in wanted.items()}:
        world.violated("I2", "stock moved otherwise than what happened to it")
    for row in practice.rows("SELECT * FROM stock"):
        if row["on_hand"] != sums[row["item_id"], row["place_id"], row["lot"]]:
            world.violated("I10", "what is on hand is not the sum of its movements")


def merge(values: dict[str, Any], entry: Mapping[str, Any]) -> None:
    """Three-way, field by field: who changed nothing leaves what somebody else put there."""
    for name in MERGED:
        if name not in entry["was"] or entry["fields"][name] != entry["was"][name]:
            values[name] = entry["fields"][name]


def judge_decisions(practice: Practice, world: World, entries: Entries, shown: Mapping[str, Mapping[str, Any]]) -> None:
    """Edits are merged in the office's order, and a yes took effect only on what was shown (I11)."""
    items: dict[str, dict[str, Any]] = {}
    for entry in entries.values():
        fields, cause = entry["fields"], entry["caused_by"]
        if entry["outcome"] not in DONE:
            continue
        if entry["command"] == "inventory.record_item":
            merge(items.setdefault(fields["item_id"], {}), entry)
        elif cause in shown and entry["command"] == "inventory.write_off":
            item = items[fields["item_id"]]
            title = f"Write off {fields['quantity']} each of {item['name']}"
            if (title, item["cost_cents"] * fields["quantity"]) != (shown[cause]["title"], shown[cause]["amount"]):
                world.violated("I11", "a write-off took effect that is not what was shown to who approved it")
        elif cause in shown and entry["command"] == "counts.post_variance":
            judge_variance(practice, world, cause, shown[cause], items[fields["item_id"]]["name"])
    for row in practice.rows("SELECT id, name, cost_cents, abc FROM item WHERE NOT is_stub"):
        if {name: row[name] for name in MERGED} != items[row["id"]]:
            world.violated("I2", "an item is not what its edits together say")


def judge_variance(practice: Practice, world: World, cause: str, shown: Mapping[str, Any], name: str) -> None:
    """What a count put into the book is the sum of the differences on the screen."""
    numbers = [[int(number) for number in re.findall(r"(-?\d+)(?= → | \w+$)", text)] for text in shown["changes"]]
    differences = sum(after - before for before, after in numbers)
    query = "SELECT quantity FROM movement JOIN journal USING (command_id) WHERE caused_by = ? AND kind = 'adjusted'"
    posted = sum(row["quantity"] for row in practice.rows(query, cause))
    if posted != differences or not shown["title"].startswith(name):
        world.violated("I11", "a variance was posted that is not what was shown to who approved it")
