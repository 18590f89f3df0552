"""Paths and sheet names with parameters in them: `/checkin/{day:date}/{visit_id:id}`, `visits/{site}/{day}`."""

import calendar
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, quote

from backend import ids
from backend.values import spell

_PLACE = re.compile(r"\{([a-z_][a-z0-9_]*)(?::([a-z]+))?\}")
# Only years that a page can also write; beyond them is no day of an office.
_DATE = re.compile(r"((?:1[89]|2[0-9])[0-9]{2})-([0-9]{2})-([0-9]{2})")
_NAME = re.compile(r"[a-z0-9_-]+")


def is_date(text: object) -> bool:
    """Whether the text is a day of the calendar, written YYYY-MM-DD."""
    found = _DATE.fullmatch(text) if isinstance(text, str) else None
    return found is not None and is_day(*(int(part) for part in found.groups()))


def is_day(year: int, month: int, day: int) -> bool:
    return year >= 1 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def _is_name(text: object) -> bool:
    return isinstance(text, str) and _NAME.fullmatch(text) is not None


TYPES = {"date": is_date, "id": ids.is_id, "name": _is_name}


class Path:
    """One pattern, matched part by part."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.parts: list[tuple[str, str] | str] = []
        for part in pattern.split("/"):
            place = _PLACE.fullmatch(part)
            if not place and ("{" in part or "}" in part):
                raise ValueError(f"{pattern}: a parameter is a whole part of a path, written {{name:type}}.")
            if place and (place[2] or "name") not in TYPES:
                raise ValueError(f"{pattern}: there is no type {place[2]!r}; use {', '.join(sorted(TYPES))}.")
            self.parts.append((place[1], place[2] or "name") if place else part)
        self.types = dict(part for part in self.parts if isinstance(part, tuple))

    def match(self, path: str) -> dict[str, str] | None:
        """The parameters, or None when the path is another one."""
        given = path.split("/")
        if len(given) != len(self.parts):
            return None
        params = {}
        for part, text in zip(self.parts, given, strict=True):
            if isinstance(part, str):
                if part != text:
                    return None
            elif not TYPES[part[1]](text):
                return None
            else:
                params[part[0]] = text
        return params

    def fits(self, params: Mapping[str, Any]) -> bool:
        """Whether every parameter of the path is given and of its type."""
        return all(TYPES[type](params.get(name)) for name, type in self.types.items())

    def fill(self, params: Mapping[str, Any]) -> str:
        return fill(self.pattern, params)


parse = cache(Path)


def fill(pattern: str, params: Mapping[str, Any]) -> str:
    """A path with its parameters written in; raises KeyError for one that is missing."""
    return _PLACE.sub(lambda place: quote(spell(params[place[1]]), safe="!~*'()"), pattern)


def sheet_name(pattern: str, params: Mapping[str, Any]) -> str | None:
    """A sheet's name with its parameters written in; None while one of them is unknown."""
    if any(not spell(params.get(name)) for name, _ in _PLACE.findall(pattern)):
        return None
    return _PLACE.sub(lambda place: spell(params[place[1]]), pattern)


def covers(patterns: Iterable[str], sheet: str) -> bool:
    """Whether one of these sheet names, which may end in `*`, means this sheet."""
    return any(sheet.startswith(one[:-1]) if one.endswith("*") else sheet == one for one in patterns)


def form_of(text: str) -> dict[str, list[str]]:
    """What a browser sent as a form or behind the question mark: each name with its texts."""
    form: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, errors="replace"):
        form.setdefault(name, []).append(value)
    return form
