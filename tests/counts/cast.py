"""A count of Shelf 3: 200 gloves, two lots of syringes, ten vials of something controlled; and who counts them."""

from typing import Any

from backend.ids import new_id
from backend.journal import Receipt
from tests.inventory.cast import Supplies
from tests.practice import Practice


class Counting:
    """The supply room as received on Monday, and a full count of its shelf that Maria asked for."""

    def __init__(self, practice: Practice) -> None:
        self.practice, self.supplies = practice, Supplies(practice)
        self.gloves, self.syringes, self.lidocaine = (
            self.supplies.gloves, self.supplies.syringes, self.supplies.lidocaine,
        )  # fmt: skip
        self.shelf, self.room = self.supplies.shelf, self.supplies.room
        came = self.supplies.does
        came("cleo", "inventory.receive_stock", quantity=200)
        came("cleo", "inventory.receive_stock", item_id=self.syringes, quantity=50, lot="S1", expires="2027-03-31")
        came("cleo", "inventory.receive_stock", item_id=self.syringes, quantity=20, lot="S2", expires="2027-09-30")
        came("cleo", "inventory.receive_stock", item_id=self.lidocaine, quantity=10)
        practice.clock.forward(minutes=5)
        self.id = self.ask(place_id=self.shelf)

    def ask(self, who: str = "maria", **fields: Any) -> str:
        """A count that somebody asks for; its id."""
        id = new_id()
        known = {"count_id": id, "kind": "full", "place_id": self.room}
        done = self.practice.act(who, "counts.ask", {**known, **fields})
        assert done.outcome == "applied", done
        return id

    def does(self, who: str, what: str, **fields: Any) -> Receipt:
        """Somebody counts on the shelf, a minute after what was done before."""
        self.practice.clock.forward(minutes=1)
        return self.practice.act(who, f"counts.{what}", {"count_id": self.id, "place_id": self.shelf, **fields})

    def sees(self, who: str, item_id: str, quantity: int, unit: str = "each", lot: str | None = None) -> Receipt:
        """Somebody says how many of an item there are."""
        amounts = [{"unit": unit, "quantity": quantity}]
        return self.does(who, "record_amount", item_id=item_id, amounts=amounts, lot=lot)

    def sees_all(self, who: str, gloves: int = 200, s1: int = 50, s2: int = 20, lidocaine: int = 10) -> Receipt:
        """Somebody counts the whole shelf and hands it in."""
        self.sees(who, self.gloves, gloves)
        self.sees(who, self.syringes, s1, lot="S1")
        self.sees(who, self.syringes, s2, lot="S2")
        self.sees(who, self.lidocaine, lidocaine, "vial")
        return self.does(who, "submit")

    def task(self, item_id: str) -> str:
        """Where an item on the shelf stands."""
        row = self.practice.row("count_review", f"{self.id}/{self.shelf}/{item_id}")
        assert row is not None
        return str(row["state"])

    def findings(self, item_id: str) -> list[dict[str, Any]]:
        """The evidence of an item, as reviewers see it."""
        return sorted(
            (row for row in self.rows("count_finding") if row["task_id"] == f"{self.id}/{self.shelf}/{item_id}"),
            key=lambda row: row["sort_key"],
        )

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Every row of a kind, with its id."""
        return self.practice.rows(kind)

    def requests(self) -> list[dict[str, Any]]:
        """What waits for an approval."""
        return [row for row in self.rows("approval") if row["state"] == "asked"]

    def approve(self, who: str, request: dict[str, Any], reason: str = "miscount", cause: str = "Two boxes") -> Receipt:
        """Somebody says yes to what they were shown, and why."""
        self.practice.clock.forward(minutes=1)
        fields = {"approval_id": request["id"], "reason": reason, "root_cause": cause}
        return self.practice.act(who, "approvals.approve", fields, seen=request["hash"])

    def on_hand(self, item_id: str, lot: str = "") -> int | None:
        """What the office has on the shelf."""
        return self.supplies.on_hand(item_id, lot=lot)
