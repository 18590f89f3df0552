"""Movements of stock: each is added with its balance in one transaction, and taken back only by its opposite."""

from datetime import date, datetime

from sqlalchemy import func, select

from backend.errors import Refused
from backend.inventory.models import Item, Movement, Pack, Place, Stock
from backend.inventory.placing import label_of
from backend.work import Work

UNKNOWN_ITEM = "This entry names an item the office does not know yet. Find out what it is."
UNKNOWN_PLACE = "This entry names a place the office does not know yet. Find out where it is."
UNKNOWN_UNIT = "This entry counts in a unit that the item does not come in. It was taken as single ones."


def move(
    kind: str,
    item: Item,
    place: Place,
    lot: str,
    quantity: int,
    work: Work,
    *,
    expires: date | None = None,
    visit_id: str | None = None,
    reason: str | None = None,
    reverses: str | None = None,
    counters: str | None = None,
    at: datetime | None = None,
    part: str = "",
) -> Stock:
    """Add one movement of `quantity` base units, negative for what leaves; `part` tells those of one command apart.

    `at` is when it happened, if that is not when the command was given: for the opposite of a movement and for what
    a count puts right. What happened before a posted count and becomes known after it is cancelled out at once.
    """
    stock = stock_of(item.id, place.id, lot, work)
    at = at or work.happened_at
    stock.on_hand += quantity
    stock.expires = expires or stock.expires
    movement = Movement(
        id=work.new_id(f"movement {part}"), command_id=work.command_id, item_id=item.id, place_id=place.id, lot=lot,
        kind=kind, quantity=quantity, visit_id=visit_id, reason=reason, actor_id=work.actor.id,
        device_id=work.device.id, happened_at=at, happened_about=work.happened_about, received_at=work.received_at,
        reverses=reverses, counters=counters,
    )  # fmt: skip
    work.session.add(movement)
    work.concerns(item.id)
    work.publish("stock", stock.row_id)
    work.publish("level", f"{place.id}/{item.id}")
    if kind == "adjusted":
        return stock
    if stock.counted_at is not None and at <= stock.counted_at:
        # Whoever counted saw the shelf without it, so the number they found already has it in.
        known = {"reason": "Counted after this happened", "counters": movement.id, "at": at, "part": f"{part} counted"}
        work.publish("late_movement", movement.id)
        work.flag("counted_since", f"{item.name} in {place.path} was counted after this happened. The count stands.")
        return move("adjusted", item, place, lot, -quantity, work, **known)
    if quantity < 0 and stock.on_hand < 0 and reverses is None:
        work.flag("more_than_on_hand", f"{item.name} in {place.path}: more left than the office knew to be there.")
    return stock


def stock_of(item_id: str, place_id: str, lot: str, work: Work) -> Stock:
    """The balance, locked until this command is done; begun at nothing if there is none.

    A lot that nobody knew was not there when the others were counted, so it was counted with them.
    """
    key = (item_id, place_id, lot)
    stock = work.session.get(Stock, key, with_for_update=True)
    if stock is None:
        beside = select(func.max(Stock.counted_at)).where(Stock.item_id == item_id, Stock.place_id == place_id)
        counted_at = work.session.scalar(beside)
        stock = Stock(item_id=item_id, place_id=place_id, lot=lot, on_hand=0, counted_at=counted_at)
        work.session.add(stock)
        work.session.flush()
    return stock


def in_base_units(item: Item, quantity: int, unit: str | None, work: Work) -> int:
    """So many of a unit, in base units. A fact in an unknown unit is kept and flagged."""
    holds = held_by(item, unit, work)
    if holds is None:
        work.flag("unknown_unit", UNKNOWN_UNIT)
    return quantity * (holds or 1)


def held_by(item: Item, unit: str | None, work: Work) -> int | None:
    """How many base units one of this unit is; None when the item does not come in it. No unit is the base unit."""
    if unit in (None, item.base_unit):
        return 1
    pack = work.session.get(Pack, (item.id, unit))
    return None if pack is None else pack.holds


def item_or_stub(item_id: str, work: Work) -> Item:
    """The item that a fact names. Unknown here: a stub stands in, flagged, so that the fact is not lost."""
    item = work.session.get(Item, item_id)
    if item is None:
        rest = {"cost_cents": None, "has_lots": False, "has_expiry": False, "controlled": False, "active": True}
        item = Item(
            id=item_id, site_id=work.site.id, name="Unknown item", base_unit="each", abc="C", is_stub=True, **rest
        )
        work.session.add(item)
        work.flag("unknown_item", UNKNOWN_ITEM)
        work.publish("item", item.id)
    work.keep_to_site(item.site_id)
    return item


def place_or_stub(place_id: str, work: Work) -> Place:
    """The place that a fact names; a stub stands in for an unknown one."""
    place = work.session.get(Place, place_id)
    if place is None:
        name, label = "Unknown place", label_of(place_id)
        known = {"name": name, "path": name, "label": label, "active": True}
        place = Place(id=place_id, site_id=work.site.id, room_id=place_id, kind="room", **known)
        work.session.add(place)
        work.flag("unknown_place", UNKNOWN_PLACE)
        work.publish("place", place.id)
        work.publish("shelf_label", f"{place.site_id}/{place.label}")
    work.keep_to_site(place.site_id)
    return place


def flag_expired(stock: Stock, item: Item, work: Work) -> None:
    """What is past its date should have been taken out before."""
    if stock.expires is not None and stock.expires < work.today:
        work.flag("expired_lot", f"{item.name}, lot {stock.lot or 'not known'}, had expired when it was used.")


def take_back(command_id: str, work: Work) -> None:
    """Undo a command's movements by their opposites; nothing is ever removed."""
    # What was cancelled out because of a count is so again by its opposite's own rule.
    query = select(Movement).where(Movement.command_id == command_id, Movement.counters.is_(None))
    movements = list(work.session.scalars(query))
    if not movements:
        raise Refused("There is nothing of it to take back.", "nothing_moved")
    if work.session.scalar(select(Movement.id).where(Movement.reverses.in_([one.id for one in movements])).limit(1)):
        return work.noop("already_undone", "This was taken back before.")
    # By place, as whoever carries takes them: two who wait for each other would both be sent away.
    for number, movement in enumerate(sorted(movements, key=lambda one: (one.place_id, one.id))):
        item, place = item_or_stub(movement.item_id, work), place_or_stub(movement.place_id, work)
        opposite = {"reason": "Undone", "reverses": movement.id, "at": movement.happened_at, "part": f"undo {number}"}
        move(movement.kind, item, place, movement.lot, -movement.quantity, work, **opposite)
    return None
