"""Outages, reckoned: what devices of a site tell of overlapping times without the office is one outage, or a drill."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.downtime.models import Apart, Drill

# How far the corrected clock of a device may be beside the office's when a drill begins.
BESIDE = timedelta(minutes=1)


@dataclass(frozen=True)
class Outage:
    """`id` is that of the stretch that began first, or of the drill; each of `ids` leads to it."""

    id: str
    ids: frozenset[str]
    from_at: datetime
    to_at: datetime | None
    stretches: Sequence[Apart]
    drill: Drill | None = None


def outages(session: Session, site_id: str) -> list[Outage]:
    """Every outage and every drill of a site, the newest first."""
    query = select(Apart).where(Apart.site_id == site_id).order_by(Apart.from_at, Apart.id)
    drills = {drill.id: drill for drill in session.scalars(select(Drill).where(Drill.site_id == site_id))}
    in_drill: dict[str, list[Apart]] = {id: [] for id in drills}
    together: list[list[Apart]] = []
    for stretch in session.scalars(query):
        drill = next((one for one in drills.values() if is_part(stretch.device_id, stretch.from_at, one)), None)
        if drill is not None:
            in_drill[drill.id].append(stretch)
        elif together and stretch.from_at <= max(one.to_at for one in together[-1]):
            together[-1].append(stretch)
        else:
            together.append([stretch])
    found = [as_outage(some) for some in together] + [as_drill(drills[id], some) for id, some in in_drill.items()]
    return sorted(found, key=lambda one: (one.from_at, one.id), reverse=True)


def find_outage(session: Session, site_id: str, id: str) -> Outage | None:
    """The one to which a stretch or a drill belongs. What is told later may join outages; no address is lost by it."""
    return next((one for one in outages(session, site_id) if id in one.ids), None)


def is_part(device_id: str, from_at: datetime, drill: Drill) -> bool:
    """Whether a device that has been without the office since then was so because of the drill."""
    begun = from_at >= drill.from_at - BESIDE and (drill.to_at is None or from_at < drill.to_at)
    return begun and device_id in msgspec.json.decode(drill.devices)


def was_drilling(session: Session, site_id: str, device_id: str, from_at: datetime) -> bool:
    """Whether any of the site's drills was why."""
    return any(
        is_part(device_id, from_at, one) for one in session.scalars(select(Drill).where(Drill.site_id == site_id))
    )


def as_outage(stretches: list[Apart]) -> Outage:
    """They are in the order in which they began."""
    ends = max(one.to_at for one in stretches)
    return Outage(stretches[0].id, frozenset(one.id for one in stretches), stretches[0].from_at, ends, tuple(stretches))


def as_drill(drill: Drill, stretches: list[Apart]) -> Outage:
    """From when a manager began it until it was ended."""
    ids = frozenset([drill.id, *(one.id for one in stretches)])
    return Outage(drill.id, ids, drill.from_at, drill.to_at, tuple(stretches), drill)
