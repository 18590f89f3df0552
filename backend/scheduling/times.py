"""The time of a visit that was cancelled: who has it now, and when the same time is free again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from backend.scheduling.models import GIVEN_UP, Visit
from backend.work import Work

# Who stands so has no need of their time.
ENDED = (*GIVEN_UP, "left_unseen", "in_error")
# How far ahead the same time of the week is looked for.
WEEKS_AHEAD = 8


def holder_of(visit: Visit, work: Work) -> Visit | None:
    """The visit that has the time of a cancelled one now; None while it is free."""
    last = last_given(visit, work)
    return None if last is visit or last.status in ENDED else last


def last_given(visit: Visit, work: Work) -> Visit:
    """The visit that was given the time last: whoever got it may have cancelled as well, and it was given on."""
    while visit.given_to is not None:
        following = work.session.get(Visit, visit.given_to)
        assert following is not None
        visit = following
    return visit


def free_weeks(visit: Visit, work: Work) -> Iterator[datetime]:
    """The same time on the wall in the coming weeks, where the provider is free then."""
    zone = ZoneInfo(work.site.zone_name)
    for weeks in range(1, WEEKS_AHEAD + 1):
        at = (visit.starts_at.astimezone(zone) + timedelta(weeks=weeks)).astimezone(visit.starts_at.tzinfo)
        if is_free(visit.provider_id, at, work):
            yield at


def is_free(provider_id: str | None, at: datetime, work: Work) -> bool:
    """Whether nobody who stands is booked with the provider at that moment."""
    query = select(Visit.id).where(
        Visit.site_id == work.site.id,
        Visit.provider_id == provider_id,
        Visit.starts_at == at,
        Visit.status.not_in(ENDED),
    )
    return work.session.scalars(query.limit(1)).first() is None
