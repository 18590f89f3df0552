"""The supply room of the tests: two rooms, a few items of every kind, and what people do with them."""

from typing import Any

from backend.ids import new_id
from backend.inventory import RecordItem, RecordPlace
from backend.journal import Receipt
from tests.practice import Practice


class Supplies:
    """The ids of everything, by the names that tests use."""

    def __init__(self, practice: Practice) -> None:
        self.practice = practice
        self.room, self.shelf, self.cart = practice.cast.room, new_id(), new_id()
        self.gloves, self.syringes, self.lidocaine = new_id(), new_id(), new_id()
        give = practice.giver().give
        give(RecordPlace, place_id=self.shelf, kind="bin", name="Shelf 3", parent_id=self.room)
        give(RecordPlace, place_id=self.cart, kind="room", name="Exam cart")
        box = {"packs": [{"name": "box", "holds": 100}, {"name": "case", "holds": 1000}]}
        code = {"codes": [{"code": "00614141000012", "unit": "box"}, {"code": "GLV-M"}]}
        give(
            RecordItem,
            item_id=self.gloves,
            name="Exam gloves M",
            base_unit="each",
            abc="B",
            cost_cents=9,
            **box,
            **code,
        )
        give(
            RecordItem,
            item_id=self.syringes,
            name="Syringe 5 ml",
            base_unit="each",
            abc="C",
            has_lots=True,
            has_expiry=True,
        )
        give(RecordItem, item_id=self.lidocaine, name="Lidocaine 1 %", base_unit="vial", abc="A", controlled=True)

    def does(self, who: str, what: str, **fields: Any) -> Receipt:
        """Somebody moves gloves on the shelf, unless the fields say otherwise."""
        known = {"item_id": self.gloves, "place_id": self.shelf}
        return self.practice.act(who, what, {**known, **fields})

    def on_hand(self, item_id: str | None = None, place_id: str | None = None, lot: str = "") -> int | None:
        """What everybody sees to be there."""
        row = self.practice.row("stock", f"{item_id or self.gloves}/{place_id or self.shelf}/{lot}")
        return None if row is None else row["on_hand"]
