"""Seeing: what was seen is inserted into the count, shown to who saw it, and struck when they take it back."""

from datetime import date

from sqlalchemy import select

from backend.commands import Command
from backend.counts.models import Observation, StockCount
from backend.counts.opening import flag_over, place_in, take
from backend.errors import Refused
from backend.inventory import Item, Place, in_base_units
from backend.work import Work


def observe(
    count: StockCount,
    place: Place,
    item: Item | None,
    what: str,
    quantity: int,
    work: Work,
    *,
    unit: str = "each",
    lot: str = "",
    expires: date | None = None,
    said: str | None = None,
    part: int = 0,
) -> None:
    """Insert what was seen, and show it to who saw it."""
    seen = Observation(
        id=work.new_id(f"observation {part}"), command_id=work.command_id, count_id=count.id, by=work.actor.id,
        place_id=place.id, item_id=item.id if item else None, what=what, said=said, unit=unit, lot=lot,
        expires=expires, quantity=quantity, base=in_base_units(item, quantity, unit, work) if item else quantity,
        seen_at=work.happened_at, seen_about=work.happened_about, received_at=work.received_at,
        device_id=work.device.id, submitted_at=None, struck=False,
    )  # fmt: skip
    work.session.add(seen)
    work.session.flush()
    flag_over(count, work)
    take(place_in(count, place, work), work, over=False)
    show(seen, work)


def show(seen: Observation, work: Work) -> None:
    """Show the line that it went into again."""
    if seen.item_id is None:
        # The count says how many such things were found.
        work.publish("count", seen.count_id)
        return work.publish("stray", seen.stray_id)
    if seen.what != "none":
        work.publish("count_line", seen.line_id)
    else:
        # That there is none says so of every lot and unit that was entered before.
        same = (Observation.count_id == seen.count_id, Observation.place_id == seen.place_id)
        same += (Observation.item_id == seen.item_id, Observation.by == seen.by, Observation.what != "none")
        for one in work.session.scalars(select(Observation).where(*same)):
            work.publish("count_line", one.line_id)
    return work.publish("tally", seen.tally_id)


def strike(command_id: str, _entered: Command, work: Work) -> None:
    """Mark what a command saw as struck; what was handed in stands as evidence and is counted again instead."""
    found = list(work.session.scalars(select(Observation).where(Observation.command_id == command_id)))
    if not found:
        raise Refused("There is nothing of it to take back.", "nothing_seen")
    if all(seen.struck for seen in found):
        return work.noop("already_undone", "This was taken back before.")
    if any(seen.submitted_at for seen in found):
        raise Refused("This was handed in already. Enter what is right, and hand it in again.", "handed_in")
    for seen in found:
        seen.struck = True
        show(seen, work)
    return None
