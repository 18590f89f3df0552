"""What is entered of every movement: an item, a place, so many of a unit, a lot; and how it is painted."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from backend.effects import Add, Patch, Step, Take
from backend.fields import MOST_OF_A_THING
from backend.values import Value, field, key, row

Lot = Annotated[str, Meta(max_length=40, extra={"reader": "text"})]
Count = Annotated[int, Meta(ge=1, le=MOST_OF_A_THING, extra={"reader": "integer"})]
UnitName = Annotated[str, Meta(max_length=40, extra={"reader": "text"})]
Expires = Annotated[date, Meta(extra={"reader": "date", "min_date": "2000-01-01", "max_date": "2999-12-31"})]

HERE = key(field.item_id, field.place_id, field.lot)
THERE = key(field.item_id, field.to_place_id, field.lot)
# What a pack holds is not multiplied on the device, so only single ones are painted.
SINGLE = (field.unit, "set", False)
LEVEL_HERE = key(field.place_id, field.item_id)
LEVEL_THERE = key(field.to_place_id, field.item_id)


def came(stock: Value, level: Value) -> list[Step]:
    """So many more of a lot in a place, and of the item there."""
    return [
        Add("stock", stock, "on_hand", field.quantity, when=SINGLE),
        Add("level", level, "on_hand", field.quantity, when=SINGLE),
        Take("level", level, "short", field.quantity, when=SINGLE),
        *judged(level),
    ]


def went(stock: Value, level: Value) -> list[Step]:
    """So many less."""
    return [
        Take("stock", stock, "on_hand", field.quantity, when=SINGLE),
        Take("level", level, "on_hand", field.quantity, when=SINGLE),
        Add("level", level, "short", field.quantity, when=SINGLE),
        *judged(level),
    ]


def judged(level: Value) -> list[Step]:
    """Whether what is there now is less than there should be."""
    return [
        Patch("level", level, is_low=False),
        Patch("level", level, when=(row.on_hand, "lt", row.least), is_low=True),
    ]


PUT_HERE = came(HERE, LEVEL_HERE)
PUT_THERE = came(THERE, LEVEL_THERE)
TAKEN_HERE = went(HERE, LEVEL_HERE)
