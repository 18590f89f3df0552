"""The catalogue: an item is recorded with the units it comes in and the codes on them."""

from collections.abc import Collection
from typing import Annotated

import msgspec
from msgspec import Meta
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from backend.commands import REQUEST, Command, handles
from backend.errors import Missing, Refused
from backend.fields import MOST_OF_A_THING, Choice, Label, Lines, Money, NewId, Text80
from backend.identity import KEEPERS
from backend.inventory.coding import code_key
from backend.inventory.models import CLASSES, Code, Item, Pack, Stock
from backend.work import Work

Unit = Annotated[str, Meta(min_length=1, max_length=20, extra={"reader": "text"})]
Holds = Annotated[int, Meta(ge=2, le=MOST_OF_A_THING, extra={"reader": "integer"})]
CodeText = Annotated[str, Meta(min_length=1, max_length=80, extra={"reader": "text"})]


class PackLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A unit that holds several of the base unit."""

    name: Annotated[Unit, Label("Unit")]
    holds: Annotated[Holds, Label("How many it holds")]


class CodeLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code, and the unit that carries it; no unit means the base unit."""

    code: Annotated[CodeText, Label("Code")]
    unit: Annotated[Text80, Label("Unit")] | None = None


class RecordItem(Command, tag="inventory.record_item", truth=REQUEST, title="Item", roles=KEEPERS):
    """Somebody wrote an item into the catalogue, or what is known of it now: its units and codes replace the old."""

    item_id: NewId
    name: Annotated[str, Meta(min_length=1, max_length=120, extra={"reader": "text"}), Label("Name")]
    base_unit: Annotated[Unit, Label("Base unit")]
    abc: Annotated[Choice(*CLASSES), Label("Class")]  # type: ignore[valid-type]
    cost_cents: Annotated[Money, Label("Cost of one")] | None = None
    has_lots: bool = False
    has_expiry: bool = False
    controlled: bool = False
    active: bool = True
    packs: Lines(PackLine, most=8) = []  # type: ignore[valid-type]  # noqa: RUF012
    codes: Lines(CodeLine, most=40) = []  # type: ignore[valid-type]  # noqa: RUF012
    source: Annotated[str, Meta(max_length=200)] | None = None


@handles(RecordItem)
def record_item(recorded: RecordItem, work: Work) -> None:
    units = {recorded.base_unit, *(pack.name for pack in recorded.packs)}
    if len(units) != len(recorded.packs) + 1:
        raise Refused("Every unit of an item needs a name of its own.", "same_unit")
    if unknown := next((line.unit for line in recorded.codes if line.unit and line.unit not in units), None):
        raise Refused(f"A code stands on a {unknown}, and the item does not come in that unit.", "unknown_unit")
    item = work.session.get(Item, recorded.item_id)
    if item is not None:
        work.keep_to_site(item.site_id)
    item = item or Item(id=recorded.item_id, site_id=work.site.id, is_stub=False)
    item.name, item.base_unit, item.abc = recorded.name, recorded.base_unit, recorded.abc
    item.cost_cents, item.has_lots, item.has_expiry = recorded.cost_cents, recorded.has_lots, recorded.has_expiry
    item.controlled, item.active, item.is_stub = recorded.controlled, recorded.active, False
    item.source = recorded.source or item.source
    work.session.add(item)
    show_stock(Stock.item_id == item.id, work)
    keep_packs(item, recorded, work)
    keep_codes(item, recorded, work)
    work.publish("item", item.id)


def find_item(item_id: str, work: Work) -> Item:
    """An item of this site."""
    item = work.session.get(Item, item_id)
    if item is None:
        raise Missing("There is no such item.", "unknown_item")
    work.keep_to_site(item.site_id)
    return item


def find_code(code: str, work: Work) -> Code | None:
    """What a code of this site stands on; None when nobody knows it."""
    return work.session.get(Code, (work.site.id, code))


def codes_of(session: Session, item_ids: Collection[str]) -> dict[str, list[str]]:
    """The codes that stand on one base unit of these items, by the item."""
    found: dict[str, list[str]] = {}
    query = select(Code.item_id, Code.code).join(Item, (Item.id == Code.item_id) & (Item.base_unit == Code.unit))
    for item_id, code in session.execute(query.where(Code.item_id.in_(item_ids)).order_by(Code.code)):
        found.setdefault(item_id, []).append(code)
    return found


def show_stock(where: ColumnElement[bool], work: Work) -> None:
    """Show again the stock of an item or a place whose name it is found by."""
    for stock in work.session.scalars(select(Stock).where(where)):
        work.publish("stock", stock.row_id)


def keep_packs(item: Item, recorded: RecordItem, work: Work) -> None:
    """The units as they are now."""
    old = set(work.session.scalars(select(Pack.name).where(Pack.item_id == item.id)))
    work.session.execute(delete(Pack).where(Pack.item_id == item.id))
    work.session.add_all(Pack(item_id=item.id, name=pack.name, holds=pack.holds) for pack in recorded.packs)
    for name in sorted(old | {pack.name for pack in recorded.packs}):
        work.publish("pack", f"{item.id}/{name}")


def keep_codes(item: Item, recorded: RecordItem, work: Work) -> None:
    """The codes as they are now; one that stands on another item would make every scan of it a guess."""
    wanted = {code_key(line.code): line.unit or recorded.base_unit for line in recorded.codes}
    known = {code.code: code for code in work.session.scalars(select(Code).where(Code.item_id == item.id))}
    query = select(Code.code).where(Code.site_id == item.site_id, Code.code.in_(wanted), Code.item_id != item.id)
    if taken := work.session.scalars(query.order_by(Code.code)).first():
        raise Refused(f"The code {taken} already stands on another item.", "code_taken")
    for code, record in known.items():
        if code not in wanted:
            work.session.delete(record)
    for code, unit in wanted.items():
        record = known.get(code) or Code(site_id=item.site_id, code=code, item_id=item.id)
        record.unit = unit
        work.session.add(record)
    for code in sorted(wanted.keys() | known.keys()):
        work.publish("code", f"{item.site_id}/{code}")
