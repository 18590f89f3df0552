"""The offsets of a time zone as plain numbers, so that a page needs no zone database where it is rendered."""

from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

BEGINNING = -8_640_000_000_000_000
"""The earliest instant a JavaScript date can hold, in epoch milliseconds; stands for "always before"."""

STEP = timedelta(hours=12)


@cache
def transitions(name: str, first_year: int, last_year: int) -> tuple[tuple[int, int], ...]:
    """`((epoch milliseconds, offset in minutes), …)` in order, for the years from first to last, both included.

    The first entry holds since BEGINNING. Offsets are whole minutes, which is exact for every zone since 1972;
    an older offset with seconds is cut to its minute.
    """
    zone = ZoneInfo(name)
    moment, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    offset = offset_at(moment, zone)
    found = [(BEGINNING, offset)]
    while moment < end:
        following = moment + STEP
        if offset_at(following, zone) != offset:
            change = first_second_after_change(moment, following, zone)
            offset = offset_at(change, zone)
            found.append((int(change.timestamp()) * 1000, offset))
        moment = following
    return tuple(found)


def offset_at(moment: datetime, zone: ZoneInfo) -> int:
    return moment.astimezone(zone).utcoffset() // timedelta(minutes=1)


def first_second_after_change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    old = offset_at(before, zone)
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if offset_at(before + timedelta(seconds=middle), zone) == old:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)
