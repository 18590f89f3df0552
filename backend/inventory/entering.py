"""What is entered of every movement: an item, a place, so many of a unit, a lot; and how it is painted."""

from datetime import date
from typing import Annotated

from msgspec import Meta

from backend.effects import Add, Take
from backend.fields import MOST_OF_A_THING
from backend.values import field, key

Lot = Annotated[str, Meta(max_length=40, extra={"reader": "text"})]
Count = Annotated[int, Meta(ge=1, le=MOST_OF_A_THING, extra={"reader": "integer"})]
UnitName = Annotated[str, Meta(max_length=40, extra={"reader": "text"})]
Expires = Annotated[date, Meta(extra={"reader": "date", "min_date": "2000-01-01", "max_date": "2999-12-31"})]

HERE = key(field.item_id, field.place_id, field.lot)
THERE = key(field.item_id, field.to_place_id, field.lot)
# What a pack holds is not multiplied on the device, so only single ones are painted.
SINGLE = (field.unit, "set", False)
PUT_HERE = Add("stock", HERE, "on_hand", field.quantity, when=SINGLE)
PUT_THERE = Add("stock", THERE, "on_hand", field.quantity, when=SINGLE)
TAKEN_HERE = Take("stock", HERE, "on_hand", field.quantity, when=SINGLE)
