"""The catalogue: an item is recorded with the units it comes in and the codes on them."""

from collections.abc import Callable, Collection, Mapping
from typing import Annotated

import msgspec
from msgspec import Meta
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.commands import REQUEST, Command, handles
from backend.effects import Append, Each, Patch, Put
from backend.errors import Missing, Refused
from backend.fields import MOST_OF_A_THING, Choice, Label, Lines, Money, NewId, Scan, Text80
from backend.identity import KEEPERS
from backend.inventory.coding import code_key, is_misprinted
from backend.inventory.merging import merged, merged_lines
from backend.inventory.models import CLASSES, Belonging, Code, Item, Pack, Stock
from backend.values import each, field, fold, key, site
from backend.work import Work

Unit = Annotated[str, Meta(min_length=1, max_length=20, extra={"reader": "text"})]
Holds = Annotated[int, Meta(ge=2, le=MOST_OF_A_THING, extra={"reader": "integer"})]
CodeText = Annotated[str, Meta(min_length=1, max_length=80, extra={"reader": "text"})]


class PackLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A unit that holds several of the base unit."""

    name: Annotated[Unit, Label("Unit")]
    holds: Annotated[Holds, Label("How many it holds")]


class CodeLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code, and the unit that carries it; no unit means the base unit.

    `scan` is the code as a label or a person gives it to a form, `code` its text in a list of codes.
    """

    code: Annotated[CodeText, Label("Code")] | None = None
    unit: Annotated[Text80, Label("Unit")] | None = None
    scan: Annotated[Scan, Label("Code")] | None = None


SCANNED = (each.scan, "set", True)
KEY, WARNING = each.scan.code, each.scan.warning
CODE = {"site_id": site, "code": KEY, "item_id": field.item_id, "warning": WARNING}


class RecordItem(
    Command,
    tag="inventory.record_item",
    truth=REQUEST,
    title="Item",
    roles=KEEPERS,
    effect=[
        Put(
            "item",
            field.item_id,
            sheet="items/{site}",
            site_id=site,
            name=field.name,
            base_unit=field.base_unit,
            units=[field.base_unit],
            cost_cents=field.cost_cents,
            abc=field.abc,
            has_lots=field.has_lots,
            has_expiry=field.has_expiry,
            controlled=field.controlled,
            active=field.active,
            search=fold(field.name),
            sort_key=fold(field.name),
        ),
        Each(
            "packs",
            "each",
            [
                Append("item", field.item_id, "units", each.name),
                Put(
                    "pack",
                    key(field.item_id, each.name),
                    sheet="items/{site}",
                    site_id=site,
                    item_id=field.item_id,
                    name=each.name,
                    holds=each.holds,
                ),
            ],
        ),
        Each(
            "codes",
            "each",
            [
                Put("code", key(site, KEY), sheet="items/{site}", unit=each.unit, **CODE),
                Patch("code", key(site, KEY), when=(each.unit, "set", False), unit=field.base_unit),
            ],
            when=SCANNED,
        ),
    ],
    # Units stand by their size, which is not compared on the device; of a scan, dates are warned of as well.
    server_decides=["units", "warning"],
):
    """Somebody wrote an item into the catalogue, or what is known of it now.

    With what the form had shown (`was`), only what they changed changes; without, units and codes replace the old.
    """

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


PLAIN = ("name", "base_unit", "abc", "cost_cents", "has_lots", "has_expiry", "controlled", "active")


@handles(RecordItem)
def record_item(recorded: RecordItem, work: Work) -> None:
    item = work.session.get(Item, recorded.item_id)
    if item is not None:
        work.keep_to_site(item.site_id)
    known = item is not None and not item.is_stub
    item = item or Item(id=recorded.item_id, site_id=work.site.id)
    for name in PLAIN:
        value = getattr(recorded, name)
        setattr(item, name, merged(name, value, getattr(item, name), work) if known else value)
    item.is_stub, item.source = False, recorded.source or item.source
    old_packs = {one.name: one.holds for one in work.session.scalars(select(Pack).where(Pack.item_id == item.id))}
    old_codes = {one.code: one for one in work.session.scalars(select(Code).where(Code.item_id == item.id))}
    packs, codes = packs_of(old_packs, recorded, work), codes_of(item, old_codes, recorded, work)
    refuse_units_that_cannot_be_told_apart(item, recorded, packs, codes)
    work.session.add(item)
    show_goods("item_id", item.id, work)
    keep_packs(item, old_packs, packs, work)
    keep_codes(item, old_codes, codes, work)
    if wrong := sorted(code for code in codes if is_misprinted(code)):
        work.say("check_digit", f"The check digit of {wrong[0]} is wrong. Compare it with the package; it was kept.")
    work.publish("item", item.id)


def packs_of(known: Mapping[str, int], recorded: RecordItem, work: Work) -> dict[str, int]:
    """How many each unit holds from now on; `known` so far."""
    shown = {line["name"]: line["holds"] for line in work.was["packs"]} if "packs" in work.was else None
    return merged_lines({pack.name: pack.holds for pack in recorded.packs}, shown, known)


def codes_of(item: Item, known: Mapping[str, Code], recorded: RecordItem, work: Work) -> dict[str, str]:
    """The unit that each code stands on from now on; a line without a code is none."""
    shown = None
    if "codes" in work.was:
        shown = {line["code"]: line["unit"] or item.base_unit for line in work.was["codes"] if line["code"]}
    wanted: dict[str, str] = {}
    for line in recorded.codes:
        code = line.scan.code if line.scan else line.code
        # A key is not read again: without its check character, the last of a HIBC code would be taken for one.
        if code and not line.scan and code not in known and code not in (shown or ()):
            code = code_key(code)
        if code:
            wanted[code] = line.unit or item.base_unit
    return merged_lines(wanted, shown, {code: one.unit for code, one in known.items()})


def refuse_units_that_cannot_be_told_apart(
    item: Item, recorded: RecordItem, packs: Mapping[str, int], codes: Mapping[str, str]
) -> None:
    """Two of a name, or a code on a unit that there is not."""
    if len({pack.name for pack in recorded.packs}) != len(recorded.packs) or item.base_unit in packs:
        raise Refused("Every unit of an item needs a name of its own.", "same_unit")
    if unknown := next((unit for unit in codes.values() if unit not in {item.base_unit, *packs}), None):
        raise Refused(f"A code stands on a {unknown}, and the item does not come in that unit.", "unknown_unit")


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


def codes_on_one(session: Session, item_ids: Collection[str]) -> dict[str, list[str]]:
    """The codes that stand on one base unit of these items, by the item."""
    found: dict[str, list[str]] = {}
    query = select(Code.item_id, Code.code).join(Item, (Item.id == Code.item_id) & (Item.base_unit == Code.unit))
    for item_id, code in session.execute(query.where(Code.item_id.in_(item_ids)).order_by(Code.code)):
        found.setdefault(item_id, []).append(code)
    return found


Show = Callable[[str, str, Work], None]
# What other rooms sort and find by the names of items and places; each is called as `show_goods` is.
NAMED_ELSEWHERE: list[Show] = []


def shown_by_name(show: Show) -> Show:
    """Make a function show again what another room finds by the name of an item or a place."""
    NAMED_ELSEWHERE.append(show)
    return show


def show_goods(column: str, id: str, work: Work) -> None:
    """Show again all that is found by the name of an item or a place: `item_id`, `place_id`."""
    for kind, model in (("stock", Stock), ("level", Belonging)):
        for one in work.session.scalars(select(model).where(getattr(model, column) == id)):
            work.publish(kind, one.row_id)
    for show in NAMED_ELSEWHERE:
        show(column, id, work)


def keep_packs(item: Item, old: Mapping[str, int], packs: Mapping[str, int], work: Work) -> None:
    """The units as they are now."""
    work.session.execute(delete(Pack).where(Pack.item_id == item.id))
    work.session.add_all(Pack(item_id=item.id, name=name, holds=holds) for name, holds in packs.items())
    for name in sorted(old.keys() | packs.keys()):
        work.publish("pack", f"{item.id}/{name}")


def keep_codes(item: Item, known: Mapping[str, Code], wanted: Mapping[str, str], work: Work) -> None:
    """The codes as they are now; one that stands on another item would make every scan of it a guess."""
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
