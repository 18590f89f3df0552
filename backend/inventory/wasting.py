"""Stock is thrown away: wasted, damaged, or past its date."""

from typing import Annotated

from msgspec import Meta

from backend.commands import FACT, Command, handles, undoes
from backend.fields import Choice, Id, Label
from backend.identity import HANDLERS
from backend.inventory.entering import TAKEN_HERE, Count, Lot, UnitName
from backend.inventory.moving import in_base_units, item_or_stub, move, place_or_stub, take_back
from backend.work import Work

REASONS = ("expired", "damaged", "contaminated", "dropped", "other")


class WasteStock(
    Command,
    tag="inventory.waste_stock",
    truth=FACT,
    title="Wasted",
    roles=HANDLERS,
    effect=TAKEN_HERE,
):
    """Somebody threw stock away, and says why. A fact: it is gone, whoever should have been asked."""

    item_id: Annotated[Id, Label("Item")]
    place_id: Annotated[Id, Label("Place")]
    quantity: Annotated[Count, Label("How many")]
    why: Annotated[Choice(*REASONS), Label("Why")]  # type: ignore[valid-type]
    unit: Annotated[UnitName, Label("Unit")] | None = None
    lot: Annotated[Lot, Label("Lot")] | None = None
    note: Annotated[str, Meta(max_length=120, extra={"reader": "text"}), Label("Note")] | None = None


@handles(WasteStock)
def waste_stock(wasted: WasteStock, work: Work) -> None:
    item, place = item_or_stub(wasted.item_id, work), place_or_stub(wasted.place_id, work)
    quantity = in_base_units(item, wasted.quantity, wasted.unit, work)
    if item.controlled:
        work.flag("controlled_wasted", f"{item.name} is controlled, and some of it was thrown away. Ask for a witness.")
    kind = "expired" if wasted.why == "expired" else "wasted"
    reason = f"{wasted.why}: {wasted.note}" if wasted.note else wasted.why
    move(kind, item, place, wasted.lot or "", -quantity, work, reason=reason)


@undoes(WasteStock)
def take_waste_back(command_id: str, _wasted: WasteStock, work: Work) -> None:
    take_back(command_id, work)
