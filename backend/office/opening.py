"""A site is opened, and its calendar is kept ahead of today."""

from datetime import date, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta
from sqlalchemy import select

from backend.commands import FACT, REQUEST, Command, handles
from backend.errors import Missing, Refused
from backend.fields import Text80
from backend.identity import MANAGERS
from backend.office.models import OfficeDay, SiteRecord
from backend.work import Work

DAYS_AHEAD = 120
DAYS_BACK = 14


class OpenSite(Command, tag="office.open_site", truth=REQUEST, title="Opened a site", roles=MANAGERS):
    """The office opened a place of work, or changed what is known of it."""

    site_id: Annotated[str, Meta(pattern=r"^[a-z0-9_-]{1,40}$")]
    name: Text80
    zone_name: Text80
    phone: Text80 | None = None
    language: Annotated[str, Meta(pattern="^(en|es)$")] = "en"
    open_weekdays: Annotated[str, Meta(pattern=r"^[1-7]{1,7}$")] = "12345"
    hours: tuple[Text80, ...] = ()


@handles(OpenSite)
def open_site(opening: OpenSite, work: Work) -> None:
    try:
        ZoneInfo(opening.zone_name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refused(f"There is no time zone called {opening.zone_name}.", "no_such_zone") from error
    site = work.session.get(SiteRecord, opening.site_id)
    if site is not None:
        work.keep_to_site(site.id)
    site = site or SiteRecord(id=opening.site_id)
    site.name, site.zone_name, site.phone = opening.name, opening.zone_name, opening.phone
    site.language, site.open_weekdays, site.hours = opening.language, opening.open_weekdays, "\n".join(opening.hours)
    work.session.add(site)
    work.publish("site", site.id)
    keep_days(site, work.today, work)


class KeepCalendar(Command, tag="office.keep_calendar", truth=FACT, title="Kept the calendar", roles=MANAGERS):
    """The calendar of a site was kept ahead of today. A timed job of the office."""

    site_id: Annotated[str, Meta(max_length=40)]


@handles(KeepCalendar)
def keep_calendar(keeping: KeepCalendar, work: Work) -> None:
    site = work.session.get(SiteRecord, keeping.site_id)
    if site is None:
        raise Missing("There is no such site.")
    work.keep_to_site(site.id)
    keep_days(site, work.today, work)


def keep_days(site: SiteRecord, today: date, work: Work) -> None:
    """Every day from two weeks back to four months ahead, as the site's weekdays say."""
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    query = select(OfficeDay).where(OfficeDay.site_id == site.id, OfficeDay.day.between(first, last))
    known = {day.day: day for day in work.session.scalars(query)}
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day not in known:
            work.session.add(OfficeDay(site_id=site.id, day=day, open=site.is_open_on(day)))
            work.publish("office_day", f"{site.id}/{day}")
        elif known[day].open != site.is_open_on(day):
            known[day].open = site.is_open_on(day)
            work.publish("office_day", f"{site.id}/{day}")
    # What is shown of a day depends on its neighbours, so those at the old end of the calendar are built again.
    for day in sorted(known)[-6:]:
        work.publish("office_day", f"{site.id}/{day}")
