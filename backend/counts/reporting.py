"""Reporting: a count as FHIR R5 `InventoryReport`, for other systems: what was found (snapshot), what was put right.

https://hl7.org/fhir/R5/inventoryreport.html. Quantities are in base units, a difference's with its sign. A line that
was counted several times is in a snapshot once, so that whoever adds it up has what is there. Nothing is an extension:
lot and expiration date are those of a contained `InventoryItem`, and a time that is only about right says its day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.clock import instant, office_day
from backend.counts.evidence import by_task, standing
from backend.counts.models import REASONS, TO_COUNT, CountTask, Finding, Observation, StockCount
from backend.counts.tallying import by_receipt, tally
from backend.counts.telling import contained_item, reference, spelled_reason
from backend.inventory import Item, Place, adjustments_in, codes_on_one, dates_in, items_of

KINDS = ("snapshot", "difference")
WHY = {"full": "Regular count", "cycle": "Regular count", "spot": "Ad-hoc count"}
Resource = dict[str, Any]


@dataclass(frozen=True)
class Reported:
    """One line of the report; without an item it is of a thing that nobody knows yet, and `said` names it."""

    place_id: str
    item_id: str | None
    said: str
    lot: str
    expires: date | None
    quantity: int
    seen_at: datetime
    about: bool
    by: str
    by_name: str
    at: datetime
    why: str = ""


def inventory_report(session: Session, count: StockCount, kind: str, zone_name: str) -> Resource:
    """The resource, as JSON has it. `kind` is one of KINDS; days are those of the zone."""
    tasks = {one.id: one for one in session.scalars(select(CountTask).where(CountTask.count_id == count.id))}
    found = by_task(session.scalars(select(Finding).where(Finding.count_id == count.id)))
    if kind == "snapshot":
        lines = [*seen_lines(tasks, found), *stray_lines(session, count)]
    else:
        lines = put_right(session, tasks, found)
    reasons = {line.why for line in lines}
    why = WHY.get(count.kind, "") if kind == "snapshot" else reasons.pop() if len(reasons) == 1 else ""
    reported = max((line.at for line in lines), default=count.ended_at or count.asked_at)
    last = max(lines, key=lambda line: (line.at, line.by_name), default=None)
    listing = Listing(session, lines, zone_name)
    moments = sorted(lines, key=lambda line: line.seen_at)
    named = f"urn:uuid:{count.id}"
    parts: Resource = {
        "resourceType": "InventoryReport",
        "id": f"{kind}-{count.id}",
        "language": "en",
        "contained": listing.contained,
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": named}],
        "status": status_of(count, bool(found or lines)),
        "countType": kind,
        "operationTypeReason": {"text": why} if why else None,
        "reportedDateTime": instant(reported),
        "reporter": reference("Practitioner", last.by, last.by_name) if last else None,
        "reportingPeriod": {"start": listing.time(moments[0]), "end": listing.time(moments[-1])} if lines else None,
        "inventoryListing": listing.sections,
        "note": [{"text": text} for text in notes(count, tasks, listing, kind)],
    }
    return {name: part for name, part in parts.items() if part}


def status_of(count: StockCount, handed_in: bool) -> str:
    """What may still change is a draft, what nobody began is requested; what was called off unseen never was."""
    if count.state == "open":
        return "draft" if handed_in else "requested"
    return "active" if handed_in or count.state == "done" else "entered-in-error"


def seen_lines(tasks: dict[str, CountTask], found: dict[str, list[Finding]]) -> list[Reported]:
    """Every line as it stands, also those that match."""
    return [
        Reported(
            tasks[id].place_id, tasks[id].item_id, "", one.lot, one.expires, one.found, one.seen_at, one.seen_about,
            one.by, one.by_name, one.handed_in_at,
        )
        for id, those in sorted(found.items())
        for one in standing(those)
    ]  # fmt: skip


def stray_lines(session: Session, count: StockCount) -> list[Reported]:
    """Things that nobody knows yet, of which somebody handed in how many there are."""
    query = select(Observation).where(Observation.count_id == count.id, Observation.item_id.is_(None))
    seen: dict[tuple[str, str, str], list[Observation]] = {}
    for one in session.scalars(by_receipt(query.where(Observation.submitted_at.is_not(None), ~Observation.struck))):
        seen.setdefault((one.place_id, one.said or "", one.by), []).append(one)
    lines = []
    for (place_id, said, by), those in sorted(seen.items()):
        made = tally(those)
        moment, known = made.seen_at or those[0].seen_at, made.submitted_at or those[0].received_at
        quantity = sum(made.lots().values())
        if quantity:
            lines.append(Reported(place_id, None, said, "", None, quantity, moment, made.about, by, "", known))
    return lines


def put_right(session: Session, tasks: dict[str, CountTask], found: dict[str, list[Finding]]) -> list[Reported]:
    """Every movement that this count posted, with its sign and why the book was wrong."""
    posted = {
        (tasks[id].item_id, tasks[id].place_id, one.seen_at): one
        for id, those in found.items()
        for one in those
        if one.posted
    }
    moved = adjustments_in(session, {place_id for _, place_id, _ in posted}, {at for _, _, at in posted})
    lines = []
    for one in moved:
        line = posted.get((one.item_id, one.place_id, one.happened_at))
        if line is not None:
            why = spelled_reason(one.reason, REASONS)
            lines.append(
                Reported(
                    one.place_id, one.item_id, "", one.lot, line.expires if one.lot == line.lot else None,
                    one.quantity, line.seen_at, line.seen_about, line.by, line.by_name, one.received_at, why,
                )
            )  # fmt: skip
    return lines


class Listing:
    """The lines in sections of one place and moment each, and the items that they point to."""

    def __init__(self, session: Session, lines: Sequence[Reported], zone_name: str) -> None:
        self.lines, self.zone_name = lines, zone_name
        ids = {line.item_id for line in lines if line.item_id is not None}
        place_ids = sorted({line.place_id for line in lines})
        self.items, self.codes = items_of(session, ids), codes_on_one(session, ids)
        self.places = {one.id: one for one in session.scalars(select(Place).where(Place.id.in_(place_ids)))}
        self.dates = dates_in(session, place_ids)
        self.contained: list[Resource] = []
        self._numbers: dict[tuple[str, str, date | None], int] = {}
        self.sections = [self.section(those) for those in sections(lines, self.time)]

    def time(self, line: Reported) -> str:
        """When the line was seen; the day alone where the time is only about right."""
        return str(office_day(line.seen_at, self.zone_name)) if line.about else instant(line.seen_at)

    def section(self, lines: list[Reported]) -> Resource:
        place = self.places.get(lines[0].place_id)
        return {
            "location": reference("Location", lines[0].place_id, place.path if place else ""),
            "countingDateTime": self.time(lines[0]),
            "item": [self.listed(line) for line in lines],
        }

    def listed(self, line: Reported) -> Resource:
        item = self.items.get(line.item_id or "")
        if item is None:
            return {"quantity": {"value": line.quantity}, "item": {"concept": {"text": line.said or "Not known"}}}
        category = f"Class {item.abc}{', controlled' if item.controlled else ''}"
        return {
            "category": {"text": category},
            "quantity": {"value": line.quantity, "unit": item.base_unit},
            "item": {"reference": {"reference": f"#{self.item(item, line)}"}},
        }

    def item(self, item: Item, line: Reported) -> str:
        """The id of the contained item: one for each lot and date."""
        expires = line.expires or self.dates.get((item.id, line.place_id, line.lot))
        key = (item.id, line.lot, expires)
        if key not in self._numbers:
            self._numbers[key] = len(self._numbers) + 1
            id = f"item-{self._numbers[key]}"
            self.contained.append(contained_item(id, item, line.lot, expires, self.codes.get(item.id, [])))
        return f"item-{self._numbers[key]}"

    def named(self, line: Reported) -> str:
        """A line as people call it."""
        item, place = self.items.get(line.item_id or ""), self.places.get(line.place_id)
        name = item.name if item else line.said
        return ", ".join(filter(None, (name, f"lot {line.lot}" if line.lot else "", place.path if place else "")))


def sections(lines: Iterable[Reported], time: Any) -> list[list[Reported]]:
    """Lines of one place and moment belong together."""
    of: dict[tuple[str, str], list[Reported]] = {}
    for line in sorted(lines, key=lambda line: (line.seen_at, line.place_id, line.item_id or "~", line.said, line.lot)):
        of.setdefault((line.place_id, time(line)), []).append(line)
    return list(of.values())


def notes(count: StockCount, tasks: dict[str, CountTask], listing: Listing, kind: str) -> list[str]:
    """What the elements have no place for, in words."""
    said = [f"{count.title}."]
    if names := sorted({line.by_name for line in listing.lines if line.by_name}):
        said.append(f"Counted by {', '.join(names)}.")
    if count.state == "cancelled":
        said.append("Called off before all of it was counted.")
    left = sum(task.state in (*TO_COUNT, "review", "not_counted") for task in tasks.values())
    if left:
        said.append(f"{left} of {len(tasks)} are not counted or not decided.")
    said += [f"{listing.named(line)}: the time is only about right." for line in listing.lines if line.about]
    if kind == "difference":
        said += [f"{listing.named(line)}: {line.quantity:+d}. {line.why}." for line in listing.lines]
    return said
