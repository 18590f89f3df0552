"""Silent losses: of edits that people were told are saved, how many nobody finds again without knowing where to look.

Two clients meet offline in each case of `Cases`; then each reconciles twice. An edit is there if a row of anybody's
has its values, or if a case that the product shows by itself names them. What only a special question brings to light
(PouchDB's `conflicts: true`) does not count, because no screen asks it unless somebody wrote that.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.ids import new_id
from backend.inventory import RecordItem, RecordPlace
from tests.bench.office import Books
from tests.bench.rivals import Client, Daysheet, Peer, running

Row = dict[str, Any]


@dataclass(frozen=True)
class Edit:
    """What one client is told, and the values by which it is known; none are left of a thing that is removed."""

    said: dict[str, Any]
    values: dict[str, Any]
    of: str = ""  # the id of the thing, where there is one to look at

    def stands_in(self, rows: list[Row]) -> bool:
        found = [row for row in rows if not self.of or row["id"].endswith(self.of)]
        if self.of and not self.values:
            return not found
        return any(self.values.items() <= row["body"].items() for row in found) or self.named_in_a_case(rows)

    def named_in_a_case(self, rows: list[Row]) -> bool:
        texts = [json.dumps(row["body"], ensure_ascii=False) for row in rows if row["id"].startswith("case:")]
        return any(all(str(value) in text for value in self.values.values()) for text in texts)


Cases = dict[str, tuple[Edit, Edit]]


def lost(cases: Cases, one: Client, other: Client, others: dict[str, tuple[Client, Client]]) -> dict[str, int]:
    """How many edits of each case are nowhere; `others` are the clients of cases that are not for these two."""
    for name, edits in cases.items():
        for client, edit in zip(others.get(name, (one, other)), edits, strict=True):
            client.ask("edit", edits=[edit.said])
    everybody = list(dict.fromkeys([one, other, *(client for pair in others.values() for client in pair)]))
    for client in everybody * 2:
        client.ask("sync")
    rows = [row for client in everybody for row in client.ask("read")["rows"]]
    return {name: sum(not edit.stands_in(rows) for edit in edits) for name, edits in cases.items()}


def lost_by_peer(name: str, folder: Path) -> dict[str, int]:
    """Where rows are replicated: one document per thing, as each of them advises."""
    item, priced, gone, line = (f"item:{new_id()}" for _ in range(4))
    documents = [
        {"id": id, "kind": "item", "body": {"name": "Gloves", "cost": 900}} for id in (item, priced, gone, line)
    ]

    def change(id: str, **body: Any) -> Edit:
        return Edit({"id": id, "body": body}, body, id)

    def added(**body: Any) -> Edit:
        return Edit({"id": f"patient:{new_id()}", "body": body}, body)

    cases = {
        "the same field": (change(item, name="Gloves, Ana"), change(item, name="Gloves, Ben")),
        "different fields": (change(priced, name="Gloves, large"), change(priced, cost=4711)),
        "delete against edit": (Edit({"id": gone, "remove": True}, {}, gone), change(gone, name="Gloves, thin")),
        "both create": (added(family="Newcomer A"), added(family="Newcomer B")),
        "the same thing counted twice": (change(line, found=4117), change(line, found=3889)),
    }
    with ExitStack() as stack:
        peer = stack.enter_context(running(Peer(name, folder, documents)))
        one, other = (stack.enter_context(running(peer.client(client, offline=True))) for client in ("one", "other"))
        for client in (one, other):
            client.ask("download")
        return lost(cases, one, other, {})


def lost_by_us(folder: Path) -> dict[str, int]:
    """Two desks, and two people who count the same shelf."""
    books = Books(folder)
    books.open()
    item, priced, gone = list(furnish(books))
    room, count = new_id(), new_id()
    books.giver.give(RecordPlace, place_id=room, kind="room", name="Supply room")
    books.database.close()

    def change(id: str, **values: Any) -> Edit:
        fields = {"item_id": id, **GLOVES, **values}
        return Edit({"command": "inventory.record_item", "fields": fields, "was": GLOVES}, values, id)

    def walk_in(family: str) -> Edit:
        fields = {"visit_id": new_id(), "patient_id": new_id(), "family": family, "given": "Noa", "sex": "female"}
        fields |= {"birth_date": "1990-05-17", "type": "Walk-in"}
        return Edit({"command": "checkin.register_walk_in", "fields": fields}, {"family": family})

    def counted(quantity: int) -> Edit:
        fields = {
            "count_id": count,
            "place_id": room,
            "item_id": item,
            "amounts": [{"unit": "each", "quantity": quantity}],
        }
        return Edit({"command": "counts.record_amount", "fields": fields}, {"quantity": quantity, "count_id": count})

    cases = {
        "the same field": (change(item, name="Gloves, Ana"), change(item, name="Gloves, Ben")),
        "different fields": (change(priced, name="Gloves, large"), change(priced, cost_cents=4711)),
        "delete against edit": (change(gone, active=False), change(gone, name="Gloves, thin")),
        "both create": (walk_in("Newcomer A"), walk_in("Newcomer B")),
        "the same thing counted twice": (counted(4117), counted(3889)),
    }
    with ExitStack() as stack:
        office = stack.enter_context(running(Daysheet(folder)))

        def device(name: str, who: str, purpose: str) -> Client:
            client = stack.enter_context(running(office.client(name, who=who, purpose=purpose)))
            client.ask("download")
            return client

        one, other = device("Desk 1", "maria", "desk"), device("Desk 2", "maria", "desk")
        asked = {"count_id": count, "kind": "spot", "place_id": room, "item_id": item}
        one.ask("edit", edits=[{"command": "counts.ask", "fields": asked}])
        one.ask("sync")
        counters = device("Counter 1", "cleo", "count"), device("Counter 2", "ana", "count")
        return lost(cases, one, other, {"the same thing counted twice": counters})


GLOVES = {
    "name": "Gloves", "base_unit": "each", "abc": "B", "cost_cents": 900, "has_lots": False, "has_expiry": False,
    "controlled": False, "active": True,
}  # fmt: skip


def furnish(books: Books) -> Iterator[str]:
    """Three items of the catalogue."""
    for _ in range(3):
        id = new_id()
        books.giver.give(RecordItem, item_id=id, **GLOVES)
        yield id
