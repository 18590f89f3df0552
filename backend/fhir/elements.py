"""FHIR's elements as plain values, whatever somebody else's system put in their place."""

import re
from datetime import UTC, date, datetime
from typing import Any

from backend.readers import clean

EARLIEST = 1880
LATEST = 2200
_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})")
# SNOMED CT ends its full names with the hierarchy that they stand in, which says nothing at a desk.
_HIERARCHY = re.compile(r" \((procedure|environment|disorder|finding|situation|regime/therapy|record artifact)\)$")


class Bad(Exception):
    """The record cannot be read; the message says what is wrong with it, without what it says."""


class Skip(Exception):
    """The record is sound, but not taken; the message says why."""


def many(value: Any) -> list[dict[str, Any]]:
    """The objects of a repeated element; a single object counts as one of one."""
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, dict)]


def first(value: Any) -> dict[str, Any]:
    """The first object of a repeated element; empty when there is none."""
    return next(iter(many(value)), {})


def text(value: Any, most: int) -> str | None:
    """A text on one line, cut to `most` characters; None when it is empty or no text."""
    return (clean(value)[:most].strip() or None) if isinstance(value, str) else None


def texts(value: Any) -> str:
    """A text or the list of its parts, as one."""
    parts = value if isinstance(value, list) else [value]
    return " ".join(cleaned for part in parts if isinstance(part, str) and (cleaned := clean(part)))


def coded(value: Any, most: int) -> str | None:
    """What a CodeableConcept (or the first that says anything) is called."""
    for concept in many(value):
        called = concept.get("text") or next((one.get("display") for one in many(concept.get("coding"))), None)
        if isinstance(called, str) and (named := text(_HIERARCHY.sub("", clean(called)), most)):
            return named
    return None


def codes(value: Any) -> set[str]:
    """Every code of one or several CodeableConcepts."""
    return {str(one.get("code")) for concept in many(value) for one in many(concept.get("coding"))}


def resource_id(resource: dict[str, Any]) -> str:
    """The resource's own id."""
    found = resource.get("id")
    if not isinstance(found, str) or not found:
        raise Bad("without an id")
    if not _ID.fullmatch(found):
        raise Bad("an id that FHIR does not allow")
    return found


def birth_date(value: Any, today: date) -> str | None:
    """A whole date; None when only the month or year is known. Bad when nobody living was born then."""
    if value is None:
        return None
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise Bad("a birth date that is no date")
    try:
        born = date.fromisoformat((value + "-01-01")[:10])
    except ValueError as error:
        raise Bad("a birth date that is no date") from error
    if born.year < EARLIEST or born > today:
        raise Bad("an absurd birth date")
    return value if len(value) == 10 else None


def moment(value: Any) -> datetime:
    """An instant with its zone."""
    if value is None:
        raise Skip("without a start time")
    if isinstance(value, str) and _DATE.fullmatch(value):
        raise Skip("a start without a clock time")
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise Bad("a start that is no time")
    try:
        found = datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Bad("a start that is no time") from error
    if not EARLIEST <= found.year <= LATEST:
        raise Bad("an absurd start")
    return found.replace(microsecond=0)


def minutes(start: datetime, end: Any, told: Any, most: int = 1440) -> int:
    """How long it lasts: as told, else until its end, else twenty minutes."""
    if isinstance(told, int) and told > 0:
        return min(told, most)
    try:
        lasted = round((moment(end) - start).total_seconds() / 60)
    except (Bad, Skip):
        return 20
    return min(max(lasted, 1), most)


def person_name(value: Any) -> tuple[str, str, str]:
    """(prefix, given, family) of the official name, else the usual, else the first that says anything."""
    ranked = {"official": 0, "usual": 1}
    for name in sorted(many(value), key=lambda name: ranked.get(str(name.get("use")), 2)):
        given, family = texts(name.get("given")), texts(name.get("family"))
        if not (given or family):
            given, _, family = texts(name.get("text")).rpartition(" ")
        if given or family:
            if len(given) > 120 or len(family) > 120:
                raise Bad("a name longer than 120 characters")
            return texts(name.get("prefix")), given, family
    raise Skip("without a name")


def phone(value: Any) -> str | None:
    """The mobile number, else home, else any: ten digits where it is one of the US, else as given."""
    numbers = [one for one in many(value) if one.get("system") == "phone" and isinstance(one.get("value"), str)]
    ranked = {"mobile": 0, "home": 1}
    for one in sorted(numbers, key=lambda one: ranked.get(str(one.get("use")), 2)):
        digits = re.sub("[^0-9]", "", one["value"])
        digits = digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
        if len(digits) == 10:
            return digits
        if digits and len(given := clean(one["value"])) <= 20:
            return given
    return None
