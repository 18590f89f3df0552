"""Stock comes in."""

from typing import Annotated

from backend.commands import FACT, Command, handles, undoes
from backend.effects import Patch
from backend.fields import Id, Label
from backend.identity import HANDLERS
from backend.inventory.entering import HERE, PUT_HERE, Count, Expires, Lot, UnitName
from backend.inventory.moving import in_base_units, item_or_stub, move, place_or_stub, take_back
from backend.values import field, key
from backend.work import Work


class ReceiveStock(
    Command,
    tag="inventory.receive_stock",
    truth=FACT,
    title="Received",
    roles=HANDLERS,
    effect=[
        *PUT_HERE,
        Patch("stock", HERE, when=(field.expires, "set", True), expires=field.expires,
              fefo=key(field.expires, field.lot)),
    ],
):  # fmt: skip
    """Somebody put stock that came in into a place. A fact: never refused."""

    item_id: Annotated[Id, Label("Item")]
    place_id: Annotated[Id, Label("Place")]
    quantity: Annotated[Count, Label("How many")]
    unit: Annotated[UnitName, Label("Unit")] | None = None
    lot: Annotated[Lot, Label("Lot")] | None = None
    expires: Annotated[Expires, Label("Expires")] | None = None


@handles(ReceiveStock)
def receive_stock(received: ReceiveStock, work: Work) -> None:
    item, place = item_or_stub(received.item_id, work), place_or_stub(received.place_id, work)
    quantity = in_base_units(item, received.quantity, received.unit, work)
    if (item.has_lots and not received.lot) or (item.has_expiry and not received.expires):
        work.flag("lot_unknown", f"{item.name} came in without its lot or expiration date. Look at the shelf.")
    move("received", item, place, received.lot or "", quantity, work, expires=received.expires)


@undoes(ReceiveStock)
def take_receipt_back(command_id: str, _received: ReceiveStock, work: Work) -> None:
    take_back(command_id, work)
