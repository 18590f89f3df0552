"""Reminding: an office that has made no drill for a year is told on the manager's page of today."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.clock import optional_instant
from backend.commands import FACT, Command, handles
from backend.database import among
from backend.devices import first_enrolled
from backend.downtime.drilling import last_ended
from backend.downtime.models import DrillDue
from backend.fields import Text80
from backend.identity import NOBODY
from backend.office import sites
from backend.sheets import Body, row
from backend.work import Work

# A contingency plan is tried and revised periodically (45 CFR 164.308(a)(7)(ii)(D)); reviewers ask for the last year's.
EVERY = timedelta(days=365)
# A new office first learns to work at all.
AT_FIRST = timedelta(days=30)


class NoteDrillDue(Command, tag="downtime.note_drill_due", truth=FACT, title="Noted that a drill is due", roles=NOBODY):
    """The last drill of a site is too long ago, or is not any more. A timed job of the office."""

    site_id: Text80
    due: bool


@handles(NoteDrillDue)
def note_drill_due(noting: NoteDrillDue, work: Work) -> None:
    noted = work.session.get(DrillDue, noting.site_id)
    if noting.due and noted is None:
        work.session.add(DrillDue(site_id=noting.site_id, last_at=last_ended(work.session, noting.site_id)))
    elif not noting.due and noted is not None:
        work.session.delete(noted)
    work.publish("drill_due", noting.site_id)


def drills_due(session: Session, now: datetime) -> list[dict[str, Any]]:
    """One for each site about which something else is true than was noted."""
    noted = set(session.scalars(select(DrillDue.site_id)))
    found = [(site.id, is_due(session, site.id, now)) for site in sites(session)]
    return [{"site_id": site_id, "due": due} for site_id, due in found if due != (site_id in noted)]


def is_due(session: Session, site_id: str, now: datetime) -> bool:
    """Whether the last drill is a year ago; a site that has had devices for a month has one to make."""
    last, since = last_ended(session, site_id), first_enrolled(session, site_id)
    if last is not None:
        return now - last >= EVERY
    return since is not None and now - since >= AT_FIRST


@row("drill_due", sheets=["devices/{site_id}"])
def drill_due_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """There only while a drill is due; `id` is the site."""
    return {
        due.site_id: {"site_id": due.site_id, "last_at": optional_instant(due.last_at)}
        for due in session.scalars(among(DrillDue.site_id), {"ids": ids})
    }
