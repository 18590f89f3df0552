"""Places: rooms, cabinets and bins, and what belongs in each."""

from typing import Annotated

from msgspec import Meta
from sqlalchemy import select

from backend.commands import REQUEST, Command, handles
from backend.errors import Missing, Refused
from backend.fields import MOST_OF_A_THING, Choice, Id, Label, NewId
from backend.identity import KEEPERS
from backend.inventory.cataloguing import find_item, show_stock
from backend.inventory.models import PLACE_KINDS, Belonging, Place, Stock
from backend.work import Work

Amount = Annotated[int, Meta(ge=0, le=MOST_OF_A_THING, extra={"reader": "integer"})]


# What every shelf label begins with.
LABEL = "PL-"


class RecordPlace(Command, tag="inventory.record_place", truth=REQUEST, title="Place", roles=KEEPERS):
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
    place = place or Place(id=recorded.place_id, site_id=work.site.id, kind=recorded.kind)
    place.parent_id, place.room_id = recorded.parent_id, parent.room_id if parent else recorded.place_id
    place.name, place.active, place.label = recorded.name, recorded.active, label_of(recorded.place_id)
    place.path = f"{parent.path} › {recorded.name}" if parent else recorded.name
    if len(place.path) > 200:
        raise Refused("The names from the room down to this place are too long together.", "long_path")
    work.session.add(place)
    work.session.flush()
    show_again(place, work)
    rename_below(place, work)


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
    show_stock(Stock.place_id == place.id, work)


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


class SetPar(Command, tag="inventory.set_par", truth=REQUEST, title="Par level", roles=KEEPERS):
    """Somebody said that an item belongs in a place, and how much of it there should be, in base units."""

    place_id: Id
    item_id: Annotated[Id, Label("Item")]
    least: Annotated[Amount, Label("Reorder at")] | None = None
    most: Annotated[Amount, Label("Fill up to")] | None = None


@handles(SetPar)
def set_par(par: SetPar, work: Work) -> None:
    place, item = find_place(par.place_id, work), find_item(par.item_id, work)
    if par.least is not None and par.most is not None and par.least > par.most:
        raise Refused("The level to reorder at cannot be above the level to fill up to.", "par_reversed")
    kept = work.session.get(Belonging, (place.id, item.id)) or Belonging(place_id=place.id, item_id=item.id)
    kept.least, kept.most = par.least, par.most
    work.session.add(kept)
    work.publish("belonging", f"{place.id}/{item.id}")
