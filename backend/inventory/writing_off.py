"""Stock that is still there is given up: large amounts wait for a second person."""

from typing import Annotated

from msgspec import Meta

from backend.approvals import ask
from backend.commands import REQUEST, Command, handles
from backend.errors import Refused
from backend.fields import Id, Label
from backend.identity import HANDLERS, NOBODY
from backend.inventory.cataloguing import find_item
from backend.inventory.entering import Count, Lot, UnitName
from backend.inventory.models import Item, Place, Stock
from backend.inventory.moving import held_by, move
from backend.inventory.placing import find_place
from backend.waiting import Change, FrozenCase, case_for
from backend.work import Work

# A setting of the rule from then on: facts/domain.md §3 leaves the limit to the practice.
LARGE_CENTS = 10_000
Reason = Annotated[str, Meta(min_length=3, max_length=120, extra={"reader": "text"}), Label("Why")]


class AskToWriteOff(
    Command, tag="inventory.ask_to_write_off", truth=REQUEST, title="Asked to write off stock", roles=HANDLERS
):
    """Somebody asks to give up stock that is still there: recalled, expired, or of no more use to the office."""

    item_id: Annotated[Id, Label("Item")]
    place_id: Annotated[Id, Label("Place")]
    quantity: Annotated[Count, Label("How many")]
    reason: Reason
    unit: Annotated[UnitName, Label("Unit")] | None = None
    lot: Annotated[Lot, Label("Lot")] | None = None


@handles(AskToWriteOff)
def ask_to_write_off(asking: AskToWriteOff, work: Work) -> None:
    item, place = find_item(asking.item_id, work), find_place(asking.place_id, work)
    holds = held_by(item, asking.unit, work)
    if holds is None:
        raise Refused(f"{item.name} does not come in that unit.", "unknown_unit")
    quantity, lot = asking.quantity * holds, asking.lot or ""
    refuse_more_than_there_is(item, place, lot, quantity, work)
    waiting = WriteOff(item_id=item.id, place_id=place.id, lot=lot, quantity=quantity, reason=asking.reason)
    ask(work, waiting, reason=asking.reason)


class WriteOff(Command, tag="inventory.write_off", truth=REQUEST, title="Wrote off stock", roles=NOBODY):
    """Stock was given up, by the office itself once nobody had to be asked any more. In base units."""

    item_id: Id
    place_id: Id
    quantity: Count
    reason: Reason
    lot: Annotated[str, Meta(max_length=40)] = ""


@case_for(WriteOff, title="Large write-off of stock", amount_from=LARGE_CENTS)
def write_off_case(giving_up: WriteOff, work: Work) -> FrozenCase:
    """What is given up and what it cost; not what is on hand, which moves by itself and would void every yes."""
    item, place = find_item(giving_up.item_id, work), find_place(giving_up.place_id, work)
    much = f"{giving_up.quantity} {item.base_unit}"
    # What nobody knows the cost of may be dear: without an amount, somebody is asked.
    amount = None if item.cost_cents is None else item.cost_cents * giving_up.quantity
    lot = [f"Lot {giving_up.lot}"] if giving_up.lot else []
    return FrozenCase(
        title=f"Write off {much} of {item.name}",
        amount=amount,
        changes=(Change("Written off", "0", much),),
        evidence=(place.path, *lot, *(["Controlled"] if item.controlled else [])),
    )


@handles(WriteOff)
def write_off(giving_up: WriteOff, work: Work) -> None:
    item, place = find_item(giving_up.item_id, work), find_place(giving_up.place_id, work)
    refuse_more_than_there_is(item, place, giving_up.lot, giving_up.quantity, work)
    move("wasted", item, place, giving_up.lot, -giving_up.quantity, work, reason=giving_up.reason)


def refuse_more_than_there_is(item: Item, place: Place, lot: str, quantity: int, work: Work) -> None:
    """Nobody can give up what is not there."""
    stock = work.session.get(Stock, (item.id, place.id, lot), with_for_update=True)
    on_hand = 0 if stock is None else stock.on_hand
    if quantity > on_hand:
        raise Refused(f"{place.path} holds {max(on_hand, 0)} {item.base_unit} of that lot.", "not_there")
