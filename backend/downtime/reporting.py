"""The record of one outage: who captured what without the office, when it reached it, and what a person decided.

Worked out from the journal whenever it is looked at. Nothing here says what was entered or about whom: an entry is
named by its number in the journal, where those who may look can find it.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.clock import instant, optional_instant
from backend.deciding import Kinds
from backend.devices import Heard, heard_of
from backend.downtime.models import Apart
from backend.downtime.reckoning import Outage
from backend.journal import NEEDS_A_PERSON, journal, open_case, replica
from backend.scheduling import Visit, VisitEvent
from backend.staff import called

# An entry made while the first request went unanswered was made before the device knew that it was alone.
UNANSWERED = timedelta(minutes=1)


def briefs_of(session: Session, found: Sequence[Outage]) -> list[dict[str, Any]]:
    """The lines of the list."""
    heard = heard_of(session)
    return [brief(one, captured(session, one.stretches), devices_of(one, heard)) for one in found]


def brief(outage: Outage, entries: list[Any], devices: list[dict[str, Any]]) -> dict[str, Any]:
    """One line of the list."""
    return {
        "id": outage.id,
        "drill": outage.drill is not None,
        "from_at": instant(outage.from_at),
        "to_at": optional_instant(outage.to_at),
        "minutes": minutes_between(outage.from_at, outage.to_at),
        "devices": [each["name"] for each in devices],
        "entries": len(entries),
        "open": sum(one.outcome in NEEDS_A_PERSON and one.closed_at is None for one in entries),
        "state": state_of(outage, entries, devices),
    }


def record_of(session: Session, outage: Outage, kinds: Kinds) -> dict[str, Any]:
    """Everything that the record shows."""
    entries, heard = captured(session, outage.stretches), heard_of(session)
    names = Names(session, kinds, heard)
    risks = [one.received_at - one.happened_at for one in entries]
    devices = devices_of(outage, heard)
    for device in devices:
        own = [one for one in entries if one.device_id == device["id"]]
        device["entries"] = len(own)
        device["reached_at"] = optional_instant(max((one.received_at for one in own), default=None))
    return {
        **brief(outage, entries, devices),
        "devices": devices,
        "people": sorted({names.person(one.actor_id) for one in entries}),
        "captured": [names.entry(one) for one in entries],
        "decisions": [names.decision(one) for one in entries if one.outcome in NEEDS_A_PERSON],
        "paper": [names.line(one) for one in on_paper(session, outage)],
        "at_risk_minutes": whole_minutes(max(risks)) if risks else None,
        "reached_at": optional_instant(max((one.received_at for one in entries), default=None)),
        "closed_at": optional_instant(closed_at(outage, entries)),
        **drill_of(outage, names),
    }


def captured(session: Session, stretches: Iterable[Apart]) -> list[Any]:
    """The journal's entries that were made on a device while it was without the office, in the order they were made."""
    found: dict[str, Any] = {}
    c, case = journal.c, open_case.c
    for apart in stretches:
        replicas = select(replica.c.id).where(replica.c.device_id == apart.device_id)
        query = (
            select(journal, case.closed_by, case.closed_reason, case.closed_at)
            .outerjoin(open_case, case.command_id == c.command_id)
            .where(c.replica_id.in_(replicas), c.caused_by.is_(None), c.received_at >= apart.from_at)
            .where(c.happened_at >= apart.from_at - UNANSWERED, c.happened_at <= apart.to_at)
        )
        found |= {entry.command_id: entry for entry in session.execute(query)}
    return sorted(found.values(), key=lambda one: (one.happened_at, one.seq))


def on_paper(session: Session, outage: Outage) -> list[Any]:
    """What was written on paper in the outage and typed in since, by the time that was written."""
    c, seen = journal.c, VisitEvent
    query = (
        select(seen.happened_at, seen.happened_about, seen.paper_by, c.seq, c.command_id, c.actor_id, c.received_at)
        .join(journal, c.command_id == seen.command_id)
        .join(Visit, Visit.id == seen.visit_id)
        .where(Visit.site_id.in_({apart.site_id for apart in outage.stretches}), seen.happened_at >= outage.from_at)
        .where(seen.paper_by.is_not(None), seen.undone_by.is_(None))
    )
    if outage.to_at is not None:
        query = query.where(seen.happened_at <= outage.to_at)
    return list(session.execute(query.order_by(seen.happened_at, c.seq)))


def devices_of(outage: Outage, heard: Sequence[Heard]) -> list[dict[str, Any]]:
    """Each device that took part, from when to when it was without the office, and what it still keeps."""
    chosen = set(msgspec.json.decode(outage.drill.devices)) if outage.drill else set()
    spans: dict[str, list[Apart]] = {id: [] for id in chosen}
    for one in outage.stretches:
        spans.setdefault(one.device_id, []).append(one)
    known = {one.id: one for one in heard}
    found = [device_told(known[id], some) for id, some in spans.items() if id in known]
    return sorted(found, key=lambda each: str(each["name"]))


def device_told(device: Heard, spans: list[Apart]) -> dict[str, Any]:
    """What the record says of one device; `waiting` is None where it has not said what it keeps since."""
    ends = max((one.to_at for one in spans), default=None)
    heard = ends is not None and device.at is not None and device.at >= ends
    return {
        "id": device.id,
        "name": device.name,
        "spans": [{"from_at": instant(one.from_at), "to_at": instant(one.to_at)} for one in spans],
        "waiting": device.waiting if heard else None,
    }


def state_of(outage: Outage, entries: list[Any], devices: list[dict[str, Any]]) -> str:
    """`open` until every device handed in what it had, then `to_decide` until a person decided, then `closed`."""
    if outage.to_at is None or any(each["spans"] and each["waiting"] != 0 for each in devices):
        return "open"
    decided = all(one.outcome not in NEEDS_A_PERSON or one.closed_at is not None for one in entries)
    return "closed" if decided else "to_decide"


def closed_at(outage: Outage, entries: list[Any]) -> datetime | None:
    """When the last of it was reconciled."""
    moments = [outage.to_at, *(one.received_at for one in entries), *(one.closed_at for one in entries)]
    return max((moment for moment in moments if moment is not None), default=None)


def minutes_between(from_at: datetime, to_at: datetime | None) -> int | None:
    return None if to_at is None else whole_minutes(to_at - from_at)


def whole_minutes(length: timedelta) -> int:
    """Rounded up: what was at risk for seconds was at risk."""
    return max(0, -(-int(length.total_seconds()) // 60))


def drill_of(outage: Outage, names: "Names") -> dict[str, Any]:
    """Who made the drill, and what was learned."""
    drill = outage.drill
    if drill is None:
        return {"begun_by": None, "ended_by": None, "learned": None}
    ended_by = names.person(drill.ended_by) if drill.ended_by else None
    return {"begun_by": names.person(drill.begun_by), "ended_by": ended_by, "learned": drill.learned}


class Names:
    """What people and commands are called."""

    def __init__(self, session: Session, kinds: Kinds, heard: Sequence[Heard]) -> None:
        self.session, self.kinds = session, kinds
        self.devices = {one.id: one.name for one in heard}
        self.people: dict[str, str] = {}

    def person(self, id: str) -> str:
        """Somebody of the staff, also one who has left."""
        if id not in self.people:
            self.people[id] = called(self.session, id) or ""
        return self.people[id]

    def entry(self, found: Any) -> dict[str, Any]:
        """One entry as it is listed."""
        kind = self.kinds.get((found.command, found.v))
        return {
            "id": found.command_id,
            "seq": found.seq,
            "title": kind.title if kind else found.command,
            "who": self.person(found.actor_id),
            "device": self.devices.get(found.device_id, ""),
            "at": instant(found.happened_at),
            "about": found.happened_about,
            "reached_at": instant(found.received_at),
            "minutes": whole_minutes(found.received_at - found.happened_at),
            "outcome": found.outcome,
        }

    def line(self, found: Any) -> dict[str, Any]:
        """One line of paper: who wrote it and who typed it in. It is named by its number, as entries are."""
        return {
            "id": found.command_id,
            "seq": found.seq,
            "at": instant(found.happened_at),
            "about": found.happened_about,
            "written_by": found.paper_by,
            "who": self.person(found.actor_id),
            "reached_at": instant(found.received_at),
        }

    def decision(self, found: Any) -> dict[str, Any]:
        """What needed a person, and how it was decided."""
        return {
            **self.entry(found),
            "say": found.say,
            "closed_at": optional_instant(found.closed_at),
            "closed_by": self.person(found.closed_by) if found.closed_by else None,
            "reason": found.closed_reason,
        }
