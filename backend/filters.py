"""What a template may do to a value before showing it; web/worker/filters.js is the same table on the device.

Each filter takes the page's context first: `now` (an instant), `zone` ({"name", "transitions"}, see zones.py),
`language` ("en" or "es"), `words` (see words.py) and `seed` (a UUIDv7, fresh for each answer). Instants are
"YYYY-MM-DDTHH:MM:SS.mmmZ", dates "YYYY-MM-DD", both of the years 1800 to 2999; money is integer cents. Both
languages run tests/cases/filters.json.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from jinja2 import Undefined, pass_context

from backend import ids, translating
from backend.clock import is_unknown
from backend.dialect import kind, look_up, need, shown

DATE = re.compile(r"(?:1[89]|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}")
INSTANT = re.compile(DATE.pattern + r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)

MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "es": ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"),
}
WEEKDAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "es": ("lun", "mar", "mié", "jue", "vie", "sáb", "dom"),
}


def language(context: Mapping) -> str:
    return "es" if context["language"] == "es" else "en"


def milliseconds(instant) -> int:
    if not INSTANT.fullmatch(need("text", instant)):
        raise ValueError("this is not an instant")
    return (datetime.fromisoformat(instant) - EPOCH) // MILLISECOND


def local(context: Mapping, instant) -> datetime:
    """The reading of the site's own wall clock at that instant."""
    moment = milliseconds(instant)
    for since, offset in reversed(context["zone"]["transitions"]):
        if since <= moment:
            return EPOCH + timedelta(milliseconds=moment, minutes=offset)
    raise ValueError("the zone does not reach back to this instant")


def calendar_day(context: Mapping, moment) -> date:
    if DATE.fullmatch(need("text", moment)):
        return date.fromisoformat(moment)
    return local(context, moment).date()


def clock(context, instant):
    return o_clock(local(context, instant), language(context))


def o_clock(at, spoken):
    # No line ends within the two letters.
    half = ("a.\N{NO-BREAK SPACE}m.", "p.\N{NO-BREAK SPACE}m.") if spoken == "es" else ("am", "pm")
    return f"{at.hour % 12 or 12}:{at.minute:02d} {half[at.hour >= 12]}"


class Timed(Protocol):
    """Something that was done: a work, or what a room keeps of one."""

    happened_at: datetime
    happened_about: bool
    received_at: datetime


def clock_words(zone_name: str, event: Timed) -> str:
    """`at 9:02 am`, `at about 9:02 am` where a device's clock had to be believed, or `before 9:10 am`; in that zone."""
    spelled = o_clock(event.happened_at.astimezone(ZoneInfo(zone_name)), "en")
    if is_unknown(event.happened_at, event.happened_about, event.received_at):
        return f"before {spelled}"
    return f"at about {spelled}" if event.happened_about else f"at {spelled}"


def day(context, moment):
    on, spoken = calendar_day(context, moment), language(context)
    weekday, month = WEEKDAYS[spoken][on.weekday()], MONTHS[spoken][on.month - 1]
    return f"{weekday} {on.day} {month}" if spoken == "es" else f"{weekday}, {month} {on.day}"


def full_date(context, moment):
    on, spoken = calendar_day(context, moment), language(context)
    month = MONTHS[spoken][on.month - 1]
    return f"{on.day} {month} {on.year}" if spoken == "es" else f"{month} {on.day}, {on.year}"


def birth_date(context, moment):
    # In the order in which it is typed and stands on a driver's license, in every language: whoever compares two
    # birth dates must never have to ask which of the numbers is the month.
    on = calendar_day(context, moment)
    return f"{on.month:02d}/{on.day:02d}/{on.year}"


def age(context, born):
    """Years; under two years months, under one month days. A birth date still to come is a typing error: 0 days."""
    on, today = calendar_day(context, born), local(context, context["now"]).date()
    months = (today.year - on.year) * 12 + today.month - on.month - (today.day < on.day)
    if months >= 24:
        return str(months // 12)
    if months >= 1:
        return f"{months} {('mo', 'mo', 'mes', 'meses')[(months > 1) + 2 * (language(context) == 'es')]}"
    return f"{max(0, (today - on).days)} d"


def minutes_since(context, instant):
    return max(0, (milliseconds(context["now"]) - milliseconds(instant)) // 60_000)


def duration(context, minutes):
    if need("integer", minutes) < 0:
        raise ValueError("a duration is not negative")
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def money(context, cents):
    need("integer", cents)
    whole, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}${whole:,}.{rest:02d}"


def plural(context, count, one, many):
    return one if need("integer", count) == 1 else many


def translated(context, sentence):
    return context["words"].get(need("text", sentence), sentence)


def sentence(context, said):
    return translating.sentence(context["words"], need("text", said))


def status_word(context, code):
    # A newer office may send a status that this device's pages do not know yet; the board must not fall over it.
    return translated(context, context["status_words"].get(need("text", code), code.replace("_", " ")))


def phone(context, number):
    digits = re.sub(r"[ ().+-]", "", need("text", number))
    if match := re.fullmatch(r"1?([0-9]{3})([0-9]{3})([0-9]{4})", digits):
        return "({}) {}-{}".format(*match.groups())
    return number


def mint(context, value, label):
    """The id that this page's form gives to what it makes: the same in both renderers, another on the next page."""
    return ids.mint(context["seed"], need("text", label), need("text", value))


def lasting(context, id, label):
    """The id that the form about this thing has on this device until something comes of it: the same in every tab."""
    return ids.mint(need("text", id), need("text", label), need("text", context["bearer"]))


def default(context, value, instead):
    return instead if isinstance(value, Undefined) or value is None else value


def join(context, things, separator):
    for each in need("list", things):
        if kind(shown(each)) == "markup":
            raise ValueError("markup is not joined")
    return need("text", separator).join(str(each) for each in things)


def length(context, value):
    if kind(value) not in ("text", "list"):
        raise ValueError(f"{kind(value)} has no length")
    return len(value)


def first(context, things):
    return look_up(need("list", things), 0)


FILTERS: dict[str, tuple[Callable, int]] = {
    "clock": (clock, 0),
    "day": (day, 0),
    "date": (full_date, 0),
    "birth_date": (birth_date, 0),
    "age": (age, 0),
    "minutes_since": (minutes_since, 0),
    "duration": (duration, 0),
    "money": (money, 0),
    "plural": (plural, 2),
    "t": (translated, 0),
    "sentence": (sentence, 0),
    "status_word": (status_word, 0),
    "phone": (phone, 0),
    "mint": (mint, 1),
    "lasting": (lasting, 1),
    "default": (default, 1),
    "join": (join, 1),
    "length": (length, 0),
    "first": (first, 0),
}
"""name: (function, how many arguments it takes beside the value)."""

FOR_JINJA = {name: pass_context(function) for name, (function, _) in FILTERS.items()}
