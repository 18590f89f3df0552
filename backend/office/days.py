"""Days: when the office is open, for those that count time or leave people in peace."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.clock import office_day
from backend.office.models import OfficeDay
from backend.work import Site

# Far enough back for whatever is too long; before that nobody counts any more.
MOST = timedelta(days=60)


def is_open(session: Session, site: Site, day: date) -> bool:
    """Whether the office sees patients on this day; a day that is not in its calendar counts as open."""
    known = session.get(OfficeDay, (site.id, day))
    return known is None or known.open


def open_time(session: Session, site: Site, since: datetime, until: datetime) -> timedelta:
    """How much of the time from `since` to `until` lies on open days, from midnight to midnight in the site's zone."""
    since, zone = max(since, until - MOST), ZoneInfo(site.zone_name)
    first, last = office_day(since, site.zone_name), office_day(until, site.zone_name)
    query = select(OfficeDay.day).where(OfficeDay.site_id == site.id, OfficeDay.day.between(first, last))
    closed = set(session.scalars(query.where(OfficeDay.open.is_(False))))
    total = timedelta()
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        begins, ends = (datetime.combine(day + timedelta(days=more), time(), zone) for more in (0, 1))
        if day not in closed:
            # In UTC, so that a day on which the clocks change has as many hours as it has.
            total += min(until, ends.astimezone(until.tzinfo)) - max(since, begins.astimezone(since.tzinfo))
    return total
