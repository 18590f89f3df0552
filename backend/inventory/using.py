"""Stock is used, on a visit or otherwise."""

from typing import Annotated

from backend.commands import FACT, Command, handles, undoes
from backend.fields import Id, Label
from backend.identity import HANDLERS
from backend.inventory.entering import TAKEN_HERE, Count, Lot, UnitName
from backend.inventory.moving import flag_expired, in_base_units, item_or_stub, move, place_or_stub, take_back
from backend.work import Work


class UseStock(
    Command,
    tag="inventory.use_stock",
    truth=FACT,
    title="Used",
    roles=HANDLERS,
    effect=TAKEN_HERE,
):
    """Somebody used stock from a place, on a patient's visit or otherwise. A fact: never refused."""

    item_id: Annotated[Id, Label("Item")]
    place_id: Annotated[Id, Label("Place")]
    quantity: Annotated[Count, Label("How many")]
    unit: Annotated[UnitName, Label("Unit")] | None = None
    lot: Annotated[Lot, Label("Lot")] | None = None
    visit_id: Annotated[Id, Label("Visit")] | None = None


@handles(UseStock)
def use_stock(used: UseStock, work: Work) -> None:
    item, place = item_or_stub(used.item_id, work), place_or_stub(used.place_id, work)
    quantity = in_base_units(item, used.quantity, used.unit, work)
    if item.has_lots and not used.lot:
        work.flag("lot_unknown", f"{item.name} was used without its lot, so a recall could not find it.")
    stock = move("used", item, place, used.lot or "", -quantity, work, visit_id=used.visit_id)
    flag_expired(stock, item, work)


@undoes(UseStock)
def take_use_back(command_id: str, _used: UseStock, work: Work) -> None:
    take_back(command_id, work)
