"""The history of an item: how it is kept, what was moved, and what was counted."""

from sqlalchemy.orm import Session

from backend.histories import History, Thing
from backend.identity import HANDLERS
from backend.inventory.models import Item
from backend.work import Site


def item_of(session: Session, site: Site, item_id: str) -> Thing | None:
    item = session.get(Item, item_id)
    if item is None or item.site_id != site.id:
        return None
    more = [(f"/supply-movements/{item.id}", "Movements")]
    return Thing(item.name, [item.base_unit], f"/supplies/items/{item.id}", [item.id], more=more)


# What moved tells what is there, so that on a device for blind counts nobody reads it.
SHEETS = ("items/{site}", "places/{site}", "stock/*", "office/{site}")
histories = [History("item", "History of an item", item_of, HANDLERS, SHEETS)]
