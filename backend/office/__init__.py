"""The office: its sites, their zone and hours, and the calendar that the other rooms go by."""

from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.clock import office_day
from backend.house import Room
from backend.office.days import is_open, open_time
from backend.office.models import OfficeDay, SiteRecord
from backend.office.opening import KeepCalendar, OpenSite
from backend.office.rows import office_day_row, site_row
from backend.timetable import Job
from backend.work import Site
from backend.zones import transitions

__all__ = [
    "OpenSite", "days_held", "find_site", "find_site_and_language", "is_open", "language_of", "open_time", "room",
    "sites", "zone_of",
]  # fmt: skip

DAYS_AHEAD = 3
# Put together once: every request asks for them.
SITE = select(SiteRecord.id, SiteRecord.name, SiteRecord.zone_name).where(SiteRecord.id == bindparam("id"))
OPEN_DAYS = select(OfficeDay.day).where(OfficeDay.site_id == bindparam("site"), OfficeDay.open).order_by(OfficeDay.day)


def sites(session: Session) -> list[Site]:
    """Every site, by name."""
    found = session.scalars(select(SiteRecord).order_by(SiteRecord.name))
    return [as_site(site) for site in found]


def as_site(record: SiteRecord) -> Site:
    """The site as the other rooms know it."""
    return Site(record.id, record.name, record.zone_name)


def find_site(session: Session, site_id: str) -> Site | None:
    """A site by its id."""
    site = session.execute(SITE, {"id": site_id}).one_or_none()
    return None if site is None else Site(*site)


def find_site_and_language(session: Session, site_id: str) -> tuple[Site, str] | None:
    """A site, and the language that its screens are in."""
    site = session.get(SiteRecord, site_id)
    return None if site is None else (as_site(site), site.language)


def language_of(session: Session, site_id: str) -> str:
    """The language that the site's screens are in: `en` or `es`."""
    site = session.get(SiteRecord, site_id)
    return "en" if site is None else site.language


def zone_of(site: Site, now: datetime) -> dict[str, object]:
    """The site's zone as data: every change of its offset in the years around now."""
    return {"name": site.zone_name, "transitions": transitions(site.zone_name, now.year - 3, now.year + 3)}


def days_held(session: Session, site: Site, now: datetime) -> list[date]:
    """The days whose visits a device may hold: the last office day, today, and the next three office days."""
    today = office_day(now, site.zone_name)
    open_days = list(session.scalars(OPEN_DAYS, {"site": site.id}))
    before = [day for day in open_days if day < today][-1:]
    after = [day for day in open_days if day > today][:DAYS_AHEAD]
    return [*before, today, *after]


def calendar_due(session: Session, _now: datetime) -> list[dict[str, object]]:
    """The fields of one command per site."""
    return [{"site_id": site.id} for site in sites(session)]


room = Room(
    name="office",
    commands=[OpenSite, KeepCalendar],
    rows=[site_row, office_day_row],
    jobs=[Job("office.keep_calendar", every=timedelta(days=1), command=KeepCalendar, due=calendar_due)],
)
