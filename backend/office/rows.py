"""What is seen of the office: its sites and the days of its calendar."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from backend.database import among
from backend.office.models import OfficeDay, SiteRecord
from backend.sheets import Body, row

DAYS_SHOWN_AHEAD = 3


@row("site", sheets=["office/{site_id}"])
def site_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """Name, zone, phone and hours of a site."""
    return {
        site.id: {
            "site_id": site.id,
            "name": site.name,
            "zone_name": site.zone_name,
            "phone": site.phone,
            "hours": site.hours.split("\n") if site.hours else [],
        }
        for site in session.scalars(among(SiteRecord.id), {"ids": ids})
    }


@row("office_day", sheets=["office/{site_id}"])
def office_day_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """A day of the calendar, and between which days it is offered on the board.

    `shown_after` < today < `shown_before`: from three office days ahead until the next office day is over,
    so that no timed job has to turn the page at midnight.
    """
    keys = {id: id.split("/") for id in ids}
    sites = {site_id for site_id, _ in keys.values()}
    days = {(day.site_id, day.day): day for day in session.scalars(among(OfficeDay.site_id), {"ids": sites})}
    bodies = {}
    for id, (site_id, text) in keys.items():
        day = days.get((site_id, date.fromisoformat(text)))
        if day is None:
            continue
        open_days = sorted(other.day for (site, _), other in days.items() if site == site_id and other.open)
        before = [other for other in open_days if other < day.day][-DAYS_SHOWN_AHEAD:]
        after = [other for other in open_days if other > day.day][:1]
        bodies[id] = {
            "site_id": site_id,
            "day": text,
            "open": day.open,
            "shown_after": str((before[0] if before else day.day) - timedelta(days=1)),
            "shown_before": str((after[0] if after else day.day) + timedelta(days=1)),
            "sort_key": text,
        }
    return bodies
