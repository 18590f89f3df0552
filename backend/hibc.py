"""Codes of the Health Industry Bar Code standard (ANSI/HIBC 2.6): item, lot, serial number and dates."""

import re
from collections.abc import Callable
from typing import Any

_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
_ALL = re.compile(r"\+[0-9A-Za-z. $/+%-]{5,}")
_PRIMARY = re.compile("[A-Z][A-Z0-9]{3}[A-Z0-9]{1,18}[0-9]")
_SECONDARY = re.compile(r"\$|[0-9]{5}")
_LOT = re.compile("[A-Z0-9. $%+-]{0,18}")
_QUANTITY = re.compile("8([0-9]{2})|9([0-9]{5})")
# How the expiry behind $$ is written, by the digit before it; month and year alone have no such digit.
_DATES = {
    "2": re.compile("(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?P<year>[0-9]{2})"),
    "3": re.compile("(?P<year>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
    "4": re.compile("(?P<year>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})[0-9]{2}"),
    "5": re.compile("(?P<year>[0-9]{2})(?P<of_year>[0-9]{3})"),
    "6": re.compile("(?P<year>[0-9]{2})(?P<of_year>[0-9]{3})[0-9]{2}"),
}
_MONTH = re.compile("(?P<month>[0-9]{2})(?P<year>[0-9]{2})")
_LONG_DAY = re.compile("(14|16)D([0-9]{2})(?P<year>[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")

DayOf = Callable[[int, int, int, str], str | None]


def check_character(text: str) -> str:
    """Modulo 43 over all characters, the leading + among them."""
    return _CHARACTERS[sum(_CHARACTERS.index(one) for one in text) % 43]


def read_hibc(text: str, today: str, day_of: DayOf) -> dict[str, Any] | None:
    """The same fields as `read_scan` gives; None when it is no such code. `code` is None for a secondary code alone."""
    if not _ALL.fullmatch(text):
        return None
    text = text.upper()
    body, right = text[:-1], check_character(text[:-1]) == text[-1]
    # A space is a check character too, and the first thing that is lost on the way.
    if not right and check_character(text) == " ":
        body, right = text, True
    primary, *sections = body[1:].split("/")
    read = {"code": "+" + primary, "kind": "hibc", "lot": None, "expires": None, "produced": None, "serial": None,
            "count": None, "warning": None if right else "check_digit"}  # fmt: skip
    if not _PRIMARY.fullmatch(primary):
        if not right or not _SECONDARY.match(primary):
            return None
        # Its last character links it to the primary code, whose check character it is.
        read["code"], sections = None, body[1:-1].split("/")
    for section in sections:
        wrong = _section(section, read, today, day_of)
        read["warning"] = read["warning"] or wrong
    return read


def _section(section: str, read: dict[str, Any], today: str, day_of: DayOf) -> str | None:
    """Fills in what one part says; returns the warning, if any."""
    if found := _LONG_DAY.fullmatch(section):
        name = "expires" if found[1] == "14" else "produced"
        read[name] = _day(found, today, day_of)
        return None if read[name] else "date"
    if found := re.fullmatch("Q([0-9]{1,8})", section):
        read["count"] = int(found[1])
        return None
    if section.startswith("S"):
        return _named(read, "serial", section[1:])
    if section.startswith("$$"):
        return _dated(section[2:], read, today, day_of)
    if section.startswith("$+"):
        return _named(read, "serial", section[2:])
    if section.startswith("$"):
        return _named(read, "lot", section[1:])
    if found := _DATES["5"].match(section):
        read["expires"] = _day(found, today, day_of)
        return _named(read, "lot", section[5:]) or (None if read["expires"] else "date")
    return "rest"


def _dated(section: str, read: dict[str, Any], today: str, day_of: DayOf) -> str | None:
    name = "serial" if section.startswith("+") else "lot"
    section = section.removeprefix("+")
    if found := _QUANTITY.match(section):
        read["count"] = int(found[1] or found[2])
        section = section[found.end() :]
    if section == "" or section.startswith("7"):
        return _named(read, name, section[1:])
    pattern = _DATES.get(section[0])
    found = pattern.match(section, 1) if pattern else _MONTH.match(section)
    if not found:
        return "rest"
    read["expires"] = _day(found, today, day_of)
    return _named(read, name, section[found.end() :]) or (None if read["expires"] else "date")


def _named(read: dict[str, Any], name: str, text: str) -> str | None:
    if not _LOT.fullmatch(text):
        return "rest"
    read[name] = text.strip(" ") or None
    return None


def _day(found: re.Match[str], today: str, day_of: DayOf) -> str | None:
    parts = {name: int(number) for name, number in found.groupdict().items()}
    if "of_year" not in parts:
        return day_of(parts["year"], parts["month"], parts.get("day", 0), today)
    left = parts["of_year"]
    for month in range(1, 13) if left else ():
        last = day_of(parts["year"], month, 0, today) or ""
        if left <= int(last[8:]):
            return f"{last[:8]}{left:02}"
        left -= int(last[8:])
    return None
