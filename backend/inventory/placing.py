"""Places: rooms, cabinets and bins."""

from typing import Annotated

from msgspec import Meta
from sqlalchemy import select

from backend.commands import REQUEST, Command, handles
from backend.effects import Patch, Put
from backend.errors import Missing, Refused
from backend.fields import Choice, Id, Label, NewId
from backend.identity import KEEPERS
from backend.inventory.cataloguing import show_goods
from backend.inventory.merging import merged
from backend.inventory.models import PLACE_KINDS, Place, Stock
from backend.values import field, fold, ref, row, site
from backend.work import Work

NEW_PLACE = {
    "sheet": "places/{site}",
    "site_id": site,
    "parent_id": field.parent_id,
    "kind": field.kind,
    "name": field.name,
    "path": field.name,
    "label": "",
    "active": field.active,
    "sort_key": fold(field.name),
}


# What every shelf label begins with.
LABEL = "PL-"


class RecordPlace(
    Command,
    tag="inventory.record_place",
    truth=REQUEST,
    title="Place",
    roles=KEEPERS,
    effect=[
        Put("place", field.place_id, when=[(row.id, "set", False), (field.kind, "eq", "room")],
            room_id=field.place_id, **NEW_PLACE),
        Put("place", field.place_id, when=[(row.id, "set", False)],
            room_id=ref("place", field.parent_id).room_id, **NEW_PLACE),
        Patch("place", field.place_id, name=field.name, active=field.active),
    ],
    # The whole name and the label are put together at the office.
    server_decides=["path", "label", "sort_key"],
):  # fmt: skip
    """Somebody set up a place where stock is kept, or changed its name. A place stays where it was put."""

    place_id: NewId
    kind: Annotated[Choice(*PLACE_KINDS), Label("Kind")]  # type: ignore[valid-type]
    name: Annotated[str, Meta(min_length=1, max_length=60, extra={"reader": "text"}), Label("Name")]
    parent_id: Annotated[Id, Label("Stands in")] | None = None
    active: bool = True


@handles(RecordPlace)
def record_place(recorded: RecordPlace, work: Work) -> None:
    parent = find_place(recorded.parent_id, work) if recorded.parent_id else None
    if (parent is None) != (recorded.kind == "room"):
        raise Refused("A room stands by itself; a cabinet or a bin stands in another place.", "wrong_parent")
    if parent is not None and PLACE_KINDS.index(parent.kind) >= PLACE_KINDS.index(recorded.kind):
        raise Refused(f"A {recorded.kind} does not stand in a {parent.kind}.", "wrong_parent")
    place = work.session.get(Place, recorded.place_id)
    if place is not None:
        work.keep_to_site(place.site_id)
        if (place.kind, place.parent_id) != (recorded.kind, recorded.parent_id):
            raise Refused("A place stays where it was put. Set up a new one instead.", "place_moved")
    name = merged("name", recorded.name, place.name, work) if place else recorded.name
    active = merged("active", recorded.active, place.active, work) if place else recorded.active
    if place is not None and place.active and not active:
        refuse_what_is_not_empty(place, work)
    place = place or Place(id=recorded.place_id, site_id=work.site.id, kind=recorded.kind)
    place.parent_id, place.room_id = recorded.parent_id, parent.room_id if parent else recorded.place_id
    place.name, place.active, place.label = name, active, label_of(recorded.place_id)
    place.path = f"{parent.path} › {name}" if parent else name
    if len(place.path) > 200:
        raise Refused("The names from the room down to this place are too long together.", "long_path")
    work.session.add(place)
    work.session.flush()
    show_again(place, work)
    rename_below(place, work)


def refuse_what_is_not_empty(place: Place, work: Work) -> None:
    """A place goes out of use when nothing is in it, or people would look for what nobody lists any more."""
    there = select(Stock.item_id).where(Stock.place_id == place.id, Stock.on_hand != 0).limit(1)
    if work.session.scalar(there) is not None:
        raise Refused("There is still stock in this place. Carry it elsewhere first.", "not_empty")
    inner = select(Place.name).where(Place.parent_id == place.id, Place.active).order_by(Place.name)
    if name := work.session.scalars(inner).first():
        raise Refused(f"{name} still stands in this place. Take it out of use first.", "not_empty")


def rename_below(place: Place, work: Work) -> None:
    """What stands in a place is called by the new name too."""
    for inner in work.session.scalars(select(Place).where(Place.parent_id == place.id)):
        path = f"{place.path} › {inner.name}"[:200]
        if inner.path != path:
            inner.path = path
            show_again(inner, work)
            rename_below(inner, work)


def show_again(place: Place, work: Work) -> None:
    """The place, and the stock in it, which is found by the place's name."""
    work.publish("place", place.id)
    work.publish("shelf_label", f"{place.site_id}/{place.label}")
    show_goods("place_id", place.id, work)


def find_place(place_id: str, work: Work) -> Place:
    """A place of this site."""
    place = work.session.get(Place, place_id)
    if place is None:
        raise Missing("There is no such place.", "unknown_place")
    work.keep_to_site(place.site_id)
    return place


def find_label(label: str, work: Work) -> Place | None:
    """The place of this site whose shelf label says so; None for any other code."""
    if not label.startswith(LABEL):
        return None
    return work.session.scalar(select(Place).where(Place.site_id == work.site.id, Place.label == label))


def label_of(place_id: str) -> str:
    """What the shelf's printed label says: short enough to be typed, and no code of any item begins so."""
    return f"{LABEL}{place_id.replace('-', '')[-10:].upper()}"
