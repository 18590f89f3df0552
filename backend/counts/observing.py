"""What somebody who counts sees: one more by a scan, so many in all, none at all, or something nobody knows."""

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from backend.commands import FACT, Command, handles, undoes
from backend.counts.beginning import MINE, standing_at
from backend.counts.opening import count_or_stub, place_in, take
from backend.counts.seeing import observe, strike
from backend.effects import Add, Each, Patch, Put, Step, Undoing
from backend.fields import MOST_OF_A_THING, Id, Label, Lines, Scan
from backend.identity import HANDLERS
from backend.inventory import (
    Count,
    Expires,
    Lot,
    UnitName,
    find_code,
    find_label,
    item_or_stub,
    place_or_stub,
)
from backend.values import Value, actor, command, each, field, key, now, ref, row, site
from backend.work import Work

UNKNOWN_CODE = "Nobody knows this code. Find out what it is, and write it into the catalogue."
UNLISTED = "Something was counted that is not in the catalogue. Find out what it is."
Amount = Annotated[int, Meta(ge=0, le=MOST_OF_A_THING, extra={"reader": "integer"})]


# What a row says that nobody can take back any more.
SETTLED: dict[str, Any] = {"last_command": None, "last_command_id": None, "can_undo": False}
# Times as the office's clock has them, and names that it puts together.
DECIDED = ("seen_at", "taken_at", "sort_key")


def entered(tag: str) -> dict[str, Any]:
    """What every row says that this command was the last to change."""
    return {"seen_at": now, "last_command": tag, "last_command_id": command, "can_undo": True, "submitted": False}


def tallied(tag: str, item: object, when: Sequence[Any], none: bool = False) -> Step:
    """The paint of what I counted of an item in a place."""
    id = key(field.count_id, field.place_id, item, actor)
    known = {"count_id": field.count_id, "place_id": field.place_id, "item_id": item, "by": actor, "none": none}
    # What was seen is taken back line by line; that nothing was, by the tally itself.
    last = entered(tag) if none else {**entered(tag), **SETTLED}
    return Put("tally", id, sheet=MINE, when=when, **known, **last)


def line_begun(item: object, unit: object, lot: object, when: Sequence[Any]) -> Step:
    """A line of nothing, where there is none yet."""
    id = key(field.count_id, field.place_id, item, actor, unit, lot)
    return Put(
        "count_line", id, sheet=MINE, when=[*when, (row.id, "set", False)],
        tally_id=key(field.count_id, field.place_id, item, actor), count_id=field.count_id, place_id=field.place_id,
        item_id=item, by=actor, unit=unit, lot=key(lot), expires=None, quantity=0, before=0,
    )  # fmt: skip


def stray(said: object) -> Value:
    """The id of a thing that nobody knows yet, by what is said of it."""
    return key(field.count_id, actor, field.place_id, said)


def stray_begun(said: object, when: Sequence[Any]) -> Step:
    """Nothing of such a thing, where there is no word of it yet."""
    return Put(
        "stray", stray(said), sheet=MINE, when=[*when, (row.id, "set", False)],
        count_id=field.count_id, place_id=field.place_id, by=actor, said=said, quantity=0, before=0,
    )  # fmt: skip


SCANNED = ref("code", key(site, field.scan.code))
SHELF = ref("shelf_label", key(site, field.scan.code)).place_id
LINE = key(field.count_id, field.place_id, SCANNED.item_id, actor, SCANNED.unit, field.scan.lot)
STRAY = stray(field.scan.code)
KNOWN: list[Any] = [(SCANNED.item_id, "set", True)]
NOT_KNOWN: list[Any] = [(SCANNED.item_id, "set", False), (SHELF, "set", False)]
TAG, UNKNOWN = "counts.record_scan", "counts.record_unknown"


class RecordScan(
    Command, tag=TAG, truth=FACT, title="Counted by scanning", roles=HANDLERS,
    effect=[
        tallied(TAG, SCANNED.item_id, KNOWN),
        line_begun(SCANNED.item_id, SCANNED.unit, field.scan.lot, KNOWN),
        Patch("count_line", LINE, before=row.quantity, **entered(TAG)),
        Patch("count_line", LINE, expires=field.scan.expires, when=(field.scan.expires, "set", True)),
        Add("count_line", LINE, "quantity", field.scan.count, when=(field.scan.count, "set", True)),
        Add("count_line", LINE, "quantity", 1, when=(field.scan.count, "set", False)),
        stray_begun(field.scan.code, NOT_KNOWN),
        # Undone as any thing that nobody knows: how `RecordUnknown` says.
        Patch("stray", STRAY, before=row.quantity, **entered(UNKNOWN)),
        Add("stray", STRAY, "quantity", 1),
        *standing_at(SHELF, (SHELF, "set", True)),
        Patch("count_place", key(field.count_id, SHELF), taken_by=actor, taken_at=now),
        *standing_at(field.place_id, (SHELF, "set", False)),
    ],
    undo=Undoing("count_line", quantity=row.before, **SETTLED),
    server_decides=DECIDED,
):  # fmt: skip
    """Somebody counting a place found one more of what this code names, or went to the shelf that it names."""

    count_id: Id
    place_id: Annotated[Id, Label("Place")]
    scan: Annotated[Scan, Label("Code")]


@handles(RecordScan)
def record_scan(scanned: RecordScan, work: Work) -> None:
    count, scan = count_or_stub(scanned.count_id, work), scanned.scan
    shelf = find_label(scan.code, work)
    if shelf is not None:
        return take(place_in(count, shelf, work), work)
    place, code = place_or_stub(scanned.place_id, work), find_code(scan.code, work)
    dated = {"lot": scan.lot or "", "expires": scan.expires}
    if code is None:
        work.flag("unknown_code", UNKNOWN_CODE)
        return observe(count, place, None, "scan", 1, work, said=scan.code)
    item = item_or_stub(code.item_id, work)
    return observe(count, place, item, "scan", 1 if scan.count is None else scan.count, work, unit=code.unit, **dated)


class AmountLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many of one unit; nothing said about a unit says nothing."""

    unit: Annotated[UnitName, Label("Unit")]
    quantity: Annotated[Amount, Label("How many")] | None = None


AMOUNT = "counts.record_amount"
AMOUNT_LINE = key(field.count_id, field.place_id, field.item_id, actor, each.unit, field.lot)
SAID: list[Any] = [(each.quantity, "set", True)]


class RecordAmount(
    Command, tag=AMOUNT, truth=FACT, title="Counted", roles=HANDLERS,
    effect=[
        *standing_at(field.place_id),
        tallied(AMOUNT, field.item_id, ()),
        Each("amounts", "each", when=SAID, steps=[
            line_begun(field.item_id, each.unit, field.lot, ()),
            Patch("count_line", AMOUNT_LINE, before=row.quantity, quantity=each.quantity, **entered(AMOUNT)),
            Patch("count_line", AMOUNT_LINE, expires=field.expires, when=(field.expires, "set", True)),
        ]),
    ],
    undo=Undoing("count_line", quantity=row.before, **SETTLED),
    server_decides=DECIDED,
):  # fmt: skip
    """Somebody counting a place says how many there are in all of one lot of an item, unit by unit."""

    count_id: Id
    place_id: Annotated[Id, Label("Place")]
    item_id: Annotated[Id, Label("Item")]
    amounts: Annotated[Lines(AmountLine, least=1, most=9), Label("How many")]  # type: ignore[valid-type]
    lot: Annotated[Lot, Label("Lot")] | None = None
    expires: Annotated[Expires, Label("Expires")] | None = None


@handles(RecordAmount)
def record_amount(amount: RecordAmount, work: Work) -> None:
    count, place = count_or_stub(amount.count_id, work), place_or_stub(amount.place_id, work)
    item = item_or_stub(amount.item_id, work)
    for number, line in enumerate(amount.amounts):
        if line.quantity is not None:
            dated = {"lot": amount.lot or "", "expires": amount.expires, "unit": line.unit}
            observe(count, place, item, "amount", line.quantity, work, **dated, part=number)


NONE = "counts.record_none"


class RecordNone(
    Command, tag=NONE, truth=FACT, title="Not here", roles=HANDLERS,
    effect=[*standing_at(field.place_id), tallied(NONE, field.item_id, (), none=True)],
    undo=Undoing("tally", none=False, **SETTLED),
    server_decides=DECIDED,
):  # fmt: skip
    """Somebody counting a place looked for an item and found none of it."""

    count_id: Id
    place_id: Annotated[Id, Label("Place")]
    item_id: Annotated[Id, Label("Item")]


@handles(RecordNone)
def record_none(none: RecordNone, work: Work) -> None:
    count, place = count_or_stub(none.count_id, work), place_or_stub(none.place_id, work)
    item = item_or_stub(none.item_id, work)
    observe(count, place, item, "none", 0, work, unit=item.base_unit)


UNKNOWN_STRAY = stray(field.name)


class RecordUnknown(
    Command, tag=UNKNOWN, truth=FACT, title="Not on the list", roles=HANDLERS,
    effect=[
        *standing_at(field.place_id),
        stray_begun(field.name, ()),
        Patch("stray", UNKNOWN_STRAY, before=row.quantity, quantity=field.quantity, **entered(UNKNOWN)),
    ],
    undo=Undoing("stray", quantity=row.before, **SETTLED),
    server_decides=DECIDED,
):  # fmt: skip
    """Somebody counting a place found a thing that is not in the catalogue, and says what it is and how many."""

    count_id: Id
    place_id: Annotated[Id, Label("Place")]
    name: Annotated[str, Meta(min_length=1, max_length=80, extra={"reader": "text"}), Label("What it is")]
    quantity: Annotated[Count, Label("How many")]


@handles(RecordUnknown)
def record_unknown(unknown: RecordUnknown, work: Work) -> None:
    count, place = count_or_stub(unknown.count_id, work), place_or_stub(unknown.place_id, work)
    work.flag("unlisted", UNLISTED)
    observe(count, place, None, "amount", unknown.quantity, work, said=unknown.name)


undoes(RecordScan)(strike)
undoes(RecordAmount)(strike)
undoes(RecordNone)(strike)
undoes(RecordUnknown)(strike)
