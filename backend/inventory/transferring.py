"""Stock is carried from one place to another."""

from typing import Annotated

from backend.commands import FACT, Command, handles, undoes
from backend.effects import Add, Take
from backend.fields import Id, Label
from backend.identity import HANDLERS
from backend.inventory.moving import in_base_units, item_or_stub, move, place_or_stub, take_back
from backend.inventory.receiving import STOCK, Count, Lot, UnitName
from backend.values import field, key
from backend.work import Work

THERE = key(field.item_id, field.to_place_id, field.lot)


class TransferStock(
    Command,
    tag="inventory.transfer_stock",
    truth=FACT,
    title="Transferred",
    roles=HANDLERS,
    effect=[
        Take("stock", STOCK, "on_hand", field.quantity, when=(field.unit, "set", False)),
        Add("stock", THERE, "on_hand", field.quantity, when=(field.unit, "set", False)),
    ],
):
    """Somebody carried stock from one place to another. A fact; nothing is gained or lost by it."""

    item_id: Annotated[Id, Label("Item")]
    place_id: Annotated[Id, Label("From")]
    to_place_id: Annotated[Id, Label("To")]
    quantity: Annotated[Count, Label("How many")]
    unit: Annotated[UnitName, Label("Unit")] | None = None
    lot: Annotated[Lot, Label("Lot")] | None = None


@handles(TransferStock)
def transfer_stock(carried: TransferStock, work: Work) -> None:
    if carried.place_id == carried.to_place_id:
        return work.noop("same_place", "It is in that place already.")
    item = item_or_stub(carried.item_id, work)
    here, there = place_or_stub(carried.place_id, work), place_or_stub(carried.to_place_id, work)
    quantity, lot = in_base_units(item, carried.quantity, carried.unit, work), carried.lot or ""
    # One order for everybody, so that two who carry in opposite directions never wait for each other.
    ways = {here.id: (here, -quantity), there.id: (there, quantity)}
    left = None
    for place_id in sorted(ways):
        place, amount = ways[place_id]
        stock = move("transferred", item, place, lot, amount, work, part=place_id)
        left = stock if place is here else left
    arrived = work.session.get_one(type(left), (item.id, there.id, lot))
    arrived.expires = arrived.expires or left.expires
    return None


@undoes(TransferStock)
def take_transfer_back(command_id: str, _carried: TransferStock, work: Work) -> None:
    take_back(command_id, work)
