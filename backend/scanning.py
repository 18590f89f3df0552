"""What a scanner, a camera or a person gives for a code: the key that an item is known by, with lot and dates.

The normal form of the key, also for what is imported and typed:
- a GTIN of 8, 12, 13 or 14 digits, alone or in a GS1 element string (AI 01, else 02): 14 digits, zeros in front;
- an NDC inside a GTIN (003 + 10 digits + check digit) stays that GTIN;
- HIBC: `+`, labeler, product and unit of measure, in capitals, without the check character;
- anything else: the text itself, trimmed, capitals and small letters as they are.

GS1 General Specifications 24, §3 (element strings), §7.9 (check digit), §7.12 (century of a year).
"""

import calendar
import re
import unicodedata
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from backend import hibc

MOST_CHARACTERS = 120
GS = "\x1d"

_EDGES = re.compile("^[\t-\r \u00a0\u2000-\u200a\u202f\u3000\ufeff]+|[\t-\r \u00a0\u2000-\u200a\u202f\u3000\ufeff]+\\Z")
_CONTROLS = re.compile("[\x00-\x1c\x1e\x1f\x7f-\x9f\ud800-\udfff]")
_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9a-zA-Z]")
_OF_GS1 = {"]C1", "]d2", "]e0", "]e1", "]e2", "]Q3", "]J1"}
_HUMAN = re.compile(r" *\(([0-9]{2,4})\) *")
_GTIN = re.compile("(?:[0-9]{8}|[0-9]{12,14})")
_STARTS_WITH_ITEM = re.compile("0[12][0-9]{14}")
# Whole lengths, AI included, of the element strings that need no separator (GS1, figure 7.8.5-2).
_LENGTHS = {"00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "20": 4, "41": 16}
_LENGTHS |= {f"1{n}": 8 for n in range(1, 10)} | {f"3{n}": 10 for n in range(1, 7)}
_CHARACTERS_82 = '[!-"%-?A-Z_a-z]'
_VARIABLE = {ai: re.compile(_CHARACTERS_82 + "{1,20}") for ai in ("10", "21")}
_VARIABLE |= {ai: re.compile("[0-9]{1,8}") for ai in ("30", "37")}
_SKIPPED = re.compile("[0-9]{2}[^\x1d]{1,90}")


class ScannedCode(msgspec.Struct, frozen=True):
    """`code` is the key to look the item up by; `count` is in units of what it names.

    A `warning` does not hold anything up: `check_digit` is wrong, a `date` is none, or the `rest` was not understood.
    """

    code: Annotated[str, Meta(min_length=1, max_length=MOST_CHARACTERS)]
    kind: Literal["gtin", "hibc", "plain"]
    lot: Annotated[str, Meta(min_length=1, max_length=20)] | None = None
    expires: date | None = None
    produced: date | None = None
    serial: Annotated[str, Meta(min_length=1, max_length=20)] | None = None
    count: Annotated[int, Meta(ge=0, le=99_999_999)] | None = None
    warning: Literal["check_digit", "date", "rest"] | None = None


def read_scan(text: str, today: str) -> dict[str, Any] | None:
    """The fields of a `ScannedCode`, dates as text; None for what cannot be a code.

    `code` is None where the symbol is a label's second one, which has a lot or a date and names no item.
    """
    text = unicodedata.normalize("NFC", _EDGES.sub("", text.replace("{GS}", GS).replace("<GS>", GS)))
    if _CONTROLS.search(text) or len(text) > MOST_CHARACTERS:
        return None
    named = _SYMBOLOGY.match(text)
    symbology, text = (named[0], text[3:]) if named else ("", text)
    marked = symbology in _OF_GS1 or text.startswith(GS) or bool(_HUMAN.match(text))
    text = _HUMAN.sub(lambda found: GS + found[1], text) if _HUMAN.match(text) else text
    text = text.lstrip(GS)
    if _GTIN.fullmatch(text) and not marked:
        return _gtin(text)
    if marked or GS in text or _STARTS_WITH_ITEM.match(text):
        found = _gs1(text, today, marked)
        if found:
            return found
    if text.startswith("+") and (found := hibc.read_hibc(text, today, day_of)):
        return found
    if not text or GS in text:
        return None
    return {**NOTHING, "code": text, "kind": "plain"}


NOTHING: dict[str, Any] = dict.fromkeys(("code", "kind", "lot", "expires", "produced", "serial", "count", "warning"))


def check_digit(digits: str) -> str:
    """The last digit of a GTIN, from those before it."""
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(digits)))
    return str(-total % 10)


def day_of(year: int, month: int, day: int, today: str) -> str | None:
    """The date of a year of two digits, at most 50 years ahead and 49 behind; day 0 is the month's last."""
    this = int(today[:4])
    year += this - this % 100
    if year - this >= 51:
        year -= 100
    elif year - this <= -50:
        year += 100
    if not 1 <= month <= 12 or day > (last := calendar.monthrange(year, month)[1]):
        return None
    return f"{year:04}-{month:02}-{day or last:02}"


def _gtin(digits: str) -> dict[str, Any]:
    warning = None if check_digit(digits[:-1]) == digits[-1] else "check_digit"
    return {**NOTHING, "code": digits.zfill(14), "kind": "gtin", "warning": warning}


def _gs1(text: str, today: str, marked: bool) -> dict[str, Any] | None:
    """What the element strings say; None when they are none, or only look so by chance."""
    found, whole = _elements(text)
    item = found.get("01") or found.get("02")
    if not found or not (marked or item):
        return None
    read = _gtin(item) if item else {**NOTHING, "kind": "gtin"}
    # Nothing marks it as GS1, not all of it reads as that, and the item is none: a code of some house.
    if not marked and not whole and read["warning"]:
        return None
    count = found.get("30") or found.get("37")
    read |= {"lot": found.get("10"), "serial": found.get("21"), "count": int(count) if count else None}
    for ai, name in (("17", "expires"), ("11", "produced")):
        if day := found.get(ai):
            read[name] = day_of(int(day[:2]), int(day[2:4]), int(day[4:]), today)
            read["warning"] = read["warning"] or (None if read[name] else "date")
    read["warning"] = read["warning"] or (None if whole else "rest")
    return read


def _elements(text: str) -> tuple[dict[str, str], bool]:
    """(values by AI, whether all was read): what comes before a fault is still what the label says."""
    found: dict[str, str] = {}
    while text := text.lstrip(GS):
        ai = text[:2]
        if length := _LENGTHS.get(ai):
            element, text = text[:length], text[length:]
            if not re.fullmatch(f"[0-9]{{{length}}}", element):
                return found, False
        else:
            element, _, text = text.partition(GS)
            fits = _VARIABLE[ai].fullmatch(element[2:]) if ai in _VARIABLE else _SKIPPED.fullmatch(element)
            if not fits:
                return found, False
        found.setdefault(ai, element[2:])
    return found, True
