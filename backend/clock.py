"""Time: the only place that asks the machine, and how a device's clock is turned into a time the office believes."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec


class Clock:
    """The server's clock. Tests and the simulator hand in their own."""

    def now(self) -> datetime:
        """The present instant in UTC, to the millisecond (what devices can express)."""
        moment = datetime.now(UTC)
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def instant(moment: datetime) -> str:
    """`2026-11-23T14:02:10.000Z`: the one spelling of an instant; it sorts as text."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def optional_instant(moment: datetime | None) -> str | None:
    """The same for a time that may not be known."""
    return None if moment is None else instant(moment)


def parse_instant(text: str) -> datetime:
    """An ISO 8601 instant with an offset; ValueError for anything else."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("an instant needs an offset")
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def midnight(day: str, zone_name: str, later: timedelta = timedelta(0)) -> datetime:
    """When a day begins in the office's zone."""
    return datetime.combine(date.fromisoformat(day) + later, time(), ZoneInfo(zone_name)).astimezone(UTC)


def office_day(moment: datetime, zone_name: str) -> date:
    """The calendar day at the office while it is `moment`."""
    return moment.astimezone(ZoneInfo(zone_name)).date()


class Reading(msgspec.Struct, frozen=True):
    """What a device's clocks said at one moment: `mono` is in ms and only comparable within one `boot`."""

    wall: str
    mono: float
    boot: str


# The monotonic clock of a tablet stands still while it sleeps (Chromium but on Windows, Safari), its wall clock not.
ASLEEP = timedelta(minutes=2)
LONGEST = timedelta(days=366)


class ActTime(NamedTuple):
    """When an act happened as far as the office can know; `about` when the device's wall clock had to be believed."""

    at: datetime
    about: bool


def act_time(made: Reading | None, sent: Reading | None, received_at: datetime) -> ActTime:
    """When the act was done: exact within one boot of the device, else by its wall clock less its present error.

    Never later than its receipt. A reading that cannot be read, or lies implausibly far back
    (more than a year), is unknown: the time of receipt stands in and is marked.
    """
    if made is None or sent is None:
        return ActTime(received_at, about=True)
    by_wall = wall_elapsed(made, sent)
    if made.boot == sent.boot and made.boot and 0 <= sent.mono - made.mono < LONGEST / timedelta(milliseconds=1):
        elapsed = timedelta(milliseconds=round(sent.mono - made.mono))
        if by_wall is None or by_wall <= elapsed + ASLEEP:
            return ActTime(received_at - elapsed, about=False)
    if by_wall is None:
        return ActTime(received_at, about=True)
    return ActTime(received_at - by_wall, about=True)


def wall_elapsed(made: Reading, sent: Reading) -> timedelta | None:
    """How long it was between two readings by the device's wall clock; None where that cannot be."""
    try:
        elapsed = parse_instant(sent.wall) - parse_instant(made.wall)
    except (ValueError, OverflowError):
        return None
    return elapsed if timedelta(0) <= elapsed < LONGEST else None


def is_unknown(happened_at: datetime, about: bool, received_at: datetime) -> bool:
    """Whether no more is known of an act's time than that it was before its receipt, which stands in for it."""
    return about and happened_at >= received_at
