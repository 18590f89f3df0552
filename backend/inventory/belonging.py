"""What belongs in a place, and how much of it there should be."""

from typing import Annotated

from msgspec import Meta

from backend.commands import REQUEST, Command, handles
from backend.effects import Patch, Put, Remove
from backend.errors import Refused
from backend.fields import MOST_OF_A_THING, Id, Label
from backend.identity import KEEPERS
from backend.inventory.cataloguing import find_item
from backend.inventory.entering import LEVEL_HERE, judged
from backend.inventory.merging import merged
from backend.inventory.models import Belonging
from backend.inventory.placing import find_place
from backend.values import field, site
from backend.work import Work

Amount = Annotated[int, Meta(ge=0, le=MOST_OF_A_THING, extra={"reader": "integer"})]


class SetPar(
    Command,
    tag="inventory.set_par",
    truth=REQUEST,
    title="Par level",
    roles=KEEPERS,
    effect=[
        Put("belonging", LEVEL_HERE, sheet="places/{site}", site_id=site, place_id=field.place_id,
            item_id=field.item_id, least=field.least, most=field.most),
        Patch("level", LEVEL_HERE, least=field.least, most=field.most),
        *judged(LEVEL_HERE),
    ],
):  # fmt: skip
    """Somebody said that an item belongs in a place, and how much of it there should be, in base units."""

    place_id: Id
    item_id: Annotated[Id, Label("Item")]
    least: Annotated[Amount, Label("At least")] | None = None
    most: Annotated[Amount, Label("Fill up to")] | None = None


@handles(SetPar)
def set_par(par: SetPar, work: Work) -> None:
    place, item = find_place(par.place_id, work), find_item(par.item_id, work)
    kept = work.session.get(Belonging, (place.id, item.id))
    least = merged("least", par.least, kept.least, work) if kept else par.least
    most = merged("most", par.most, kept.most, work) if kept else par.most
    if least is not None and most is not None and least > most:
        raise Refused("The least that should be there cannot be above the level to fill up to.", "par_reversed")
    kept = kept or Belonging(place_id=place.id, item_id=item.id)
    kept.least, kept.most = least, most
    work.session.add(kept)
    show(kept.row_id, work)


def show(row_id: str, work: Work) -> None:
    """That it belongs there, and how much there is."""
    work.publish("belonging", row_id)
    work.publish("level", row_id)


class RemoveFromPlace(
    Command,
    tag="inventory.remove_from_place",
    truth=REQUEST,
    title="No longer kept there",
    roles=KEEPERS,
    effect=[Remove("belonging", LEVEL_HERE), Remove("level", LEVEL_HERE)],
):
    """Somebody said that an item does not belong in a place any more. What is still there stays on hand."""

    place_id: Id
    item_id: Annotated[Id, Label("Item")]


@handles(RemoveFromPlace)
def remove_from_place(removed: RemoveFromPlace, work: Work) -> None:
    place, item = find_place(removed.place_id, work), find_item(removed.item_id, work)
    kept = work.session.get(Belonging, (place.id, item.id))
    if kept is None:
        return work.noop("not_kept_there", "It did not belong there any more.")
    work.session.delete(kept)
    return show(kept.row_id, work)
