"""Stock is carried from one place to another."""

from typing import Annotated

from backend.commands import FACT, Command, handles, undoes
from backend.fields import Id, Label
from backend.identity import HANDLERS
from backend.inventory.entering import PUT_THERE, TAKEN_HERE, Count, Lot, UnitName
from backend.inventory.moving import in_base_units, item_or_stub, move, place_or_stub, take_back
from backend.work import Work


class TransferStock(
    Command,
    tag="inventory.transfer_stock",
    truth=FACT,
    title="Transferred",
    roles=HANDLERS,
    effect=[*TAKEN_HERE, *PUT_THERE],
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
    stocks = {}
    for place_id in sorted(ways):
        place, amount = ways[place_id]
        stocks[place_id] = move("transferred", item, place, lot, amount, work, part=place_id)
    arrived = stocks[there.id]
    arrived.expires = arrived.expires or stocks[here.id].expires
    return None


@undoes(TransferStock)
def take_transfer_back(command_id: str, _carried: TransferStock, work: Work) -> None:
    take_back(command_id, work)
