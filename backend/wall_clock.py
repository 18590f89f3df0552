"""The clock on the office's wall: a time of day as people write it, and the instant at which that clock shows it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

WRITTEN = re.compile(r"([0-9]{1,2})(?:[:.h]?([0-9]{2}))?(?:([ap])\.?(?:m\.?)?)?")
DAY = re.compile("(?:1[89]|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}")
TIME = re.compile("(?:[01][0-9]|2[0-3]):[0-5][0-9]")
# Hours that without am and without a leading zero are those of the afternoon: no office is open at two in the morning.
AFTER_NOON = range(1, 6)


def read_time(text: str) -> str | None:
    """`8:05`, `805`, `2:10 pm` or `14.10` as "08:05", "14:10"; None for what is no time of day."""
    found = WRITTEN.fullmatch(text.lower().replace(" ", ""))
    if found is None:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[3] == "p" else 0)
    elif hour in AFTER_NOON and not text.startswith("0"):
        hour += 12
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


def moment_at(day: Any, time: Any, zone: Mapping[str, Any] | None) -> str | None:
    """The instant, in UTC, of "08:05" on "2026-11-23"; None without a zone, see zones.py, or for what is neither.

    Of two such instants, when clocks are set back, it is the first.
    """
    written = all(isinstance(text, str) and form.fullmatch(text) for text, form in ((day, DAY), (time, TIME)))
    if zone is None or not written:
        return None
    try:
        shown = datetime.fromisoformat(f"{day}T{time}:00.000Z")
    except ValueError:
        return None
    wall, transitions = int(shown.timestamp()) * 1000, zone["transitions"]
    for at, (_, offset) in enumerate(transitions):
        instant = wall - offset * 60_000
        if at + 1 == len(transitions) or instant < transitions[at + 1][0]:
            return datetime.fromtimestamp(instant / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return None
