"""The readers of forms: what a person typed, as the plain values that a command holds."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from backend import ids
from backend.cleaning import clean
from backend.paths import is_date, is_day
from backend.scanning import read_scan
from backend.sentences import sentence
from backend.wall_clock import read_time

SAFE = 2**53 - 1
_WHOLE = re.compile("[+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)")
_MONEY = re.compile(r"([+-]?) ?\$? ?((?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)?)(?:\.([0-9]{0,2}))?")
_US_DATE = re.compile("([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_UNIT = re.compile("[a-z0-9_-]+")

Spec = Mapping[str, Any]
Form = Mapping[str, list[str]]


class Complaint(Exception):
    """What is wrong with one field: the bound, and the numbers that its sentence names."""

    def __init__(self, bound: str, **words: str) -> None:
        self.bound, self.words = bound, words


@dataclass(frozen=True)
class Reading:
    today: str
    language: str
    words: Mapping[str, str]
    before: str = ""


def read(specs: list[dict[str, Any]], form: Form, reading: Reading) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    complaints: dict[str, str] = {}
    for spec in specs:
        if spec["reader"] == "lines":
            values[spec["name"]] = _lines(spec, form, reading, complaints)
            continue
        try:
            values[spec["name"]] = READERS[spec["reader"]](spec, form, reading)
        except Complaint as complaint:
            values[spec["name"]] = None
            _complain(complaints, spec, complaint, reading)
    return values, complaints


def _complain(complaints: dict[str, str], spec: Spec, complaint: Complaint, reading: Reading) -> None:
    label = reading.words.get(spec["label"], spec["label"])
    key = f"{spec['reader']}.{complaint.bound}"
    complaints[reading.before + spec["name"]] = sentence(key, reading.language, **complaint.words, label=label)


def given(spec: Spec, form: Form, reading: Reading) -> str:
    """The last text of that name, cleaned; a box that is ticked comes after its hidden twin."""
    return clean((form.get(reading.before + spec["name"]) or [""])[-1])


def _empty(spec: Spec) -> None:
    if spec["required"]:
        raise Complaint("required")


def _typed(reader: Callable[[str, Spec, Reading], Any]) -> Callable[[Spec, Form, Reading], Any]:
    """Where nothing was typed there is nothing to read."""

    def read_typed(spec: Spec, form: Form, reading: Reading) -> Any:
        text = given(spec, form, reading)
        return reader(text, spec, reading) if text else _empty(spec)

    return read_typed


def _text(spec: Spec, form: Form, reading: Reading) -> str | None:
    text = clean((form.get(reading.before + spec["name"]) or [""])[-1], spec.get("multiline", False))
    if not text:
        return _empty(spec)
    _within(len(text), spec)
    return text


def _within(number: int, spec: Spec, spelled: Any = str) -> None:
    if spec.get("min") is not None and number < spec["min"]:
        raise Complaint("min", min=spelled(spec["min"]))
    if spec.get("max") is not None and number > spec["max"]:
        raise Complaint("max", max=spelled(spec["max"]))


@_typed
def _id(text: str, spec: Spec, reading: Reading) -> str:
    text = text.lower()
    if not ids.is_id(text):
        raise Complaint("valid")
    return text


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text) or len(text) > 40 or abs(number := int(text.replace(",", ""))) > SAFE:
        raise Complaint("valid")
    return number


@_typed
def _integer(text: str, spec: Spec, reading: Reading) -> int:
    number = _whole(text)
    _within(number, spec)
    return number


@_typed
def _money(text: str, spec: Spec, reading: Reading) -> int:
    found = _MONEY.fullmatch(text)
    if not found or not (found[2] or found[3]) or len(text) > 40:
        raise Complaint("valid")
    cents = int(found[2].replace(",", "") or "0") * 100 + int((found[3] or "").ljust(2, "0"))
    if cents > SAFE:
        raise Complaint("valid")
    cents = -cents if found[1] == "-" else cents
    _within(cents, spec, dollars)
    return cents


def dollars(cents: int) -> str:
    """$1,234.50, as the templates print it."""
    return f"{'-' if cents < 0 else ''}${abs(cents) // 100:,}.{abs(cents) % 100:02}"


@_typed
def _date(text: str, spec: Spec, reading: Reading) -> str:
    if found := _US_DATE.fullmatch(text):
        month, day, year = (int(part) for part in found.groups())
        if not is_day(year, month, day):
            raise Complaint("valid")
        text = f"{year:04}-{month:02}-{day:02}"
    if not is_date(text):
        raise Complaint("valid")
    least, most = spec.get("min_date"), spec.get("max_date")
    if least and text < (reading.today if least == "today" else least):
        raise Complaint("past") if least == "today" else Complaint("min", min=_american(least))
    if most and text > (reading.today if most == "today" else most):
        raise Complaint("future") if most == "today" else Complaint("max", max=_american(most))
    return text


@_typed
def _time(text: str, spec: Spec, reading: Reading) -> str:
    found = read_time(text)
    if found is None:
        raise Complaint("valid")
    return found


def _american(day: str) -> str:
    return f"{int(day[5:7])}/{int(day[8:])}/{day[:4]}"


def _boolean(spec: Spec, form: Form, reading: Reading) -> bool:
    return given(spec, form, reading).lower() in ("on", "true", "1", "yes")


@_typed
def _choice(text: str, spec: Spec, reading: Reading) -> str:
    if text not in spec["choices"]:
        raise Complaint("valid")
    return text


def _choices(spec: Spec, form: Form, reading: Reading) -> list[str]:
    chosen = {text for one in form.get(reading.before + spec["name"]) or [] if (text := clean(one))}
    if not chosen and not spec["required"]:
        return []
    if not chosen and spec.get("min", 0) <= 1:
        raise Complaint("required")
    if not chosen <= {*spec["choices"]}:
        raise Complaint("valid")
    _within(len(chosen), spec)
    return [choice for choice in spec["choices"] if choice in chosen]


@_typed
def _phone(text: str, spec: Spec, reading: Reading) -> str:
    digits = re.sub("[^0-9]", "", text)
    digits = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    if len(digits) != 10:
        raise Complaint("valid")
    return digits


def _scan(spec: Spec, form: Form, reading: Reading) -> dict[str, Any] | None:
    """Not cleaned first: the separator of GS1 is a control character."""
    text = (form.get(reading.before + spec["name"]) or [""])[-1]
    if not text.strip(" \t\r\n"):
        return _empty(spec)
    found = read_scan(text, reading.today)
    if found is None or found["code"] is None:
        raise Complaint("item" if found else "valid")
    return found


def _quantity(spec: Spec, form: Form, reading: Reading) -> dict[str, int] | None:
    before = f"{reading.before}{spec['name']}."
    named = sorted(name.removeprefix(before) for name in form if name.startswith(before))
    entered = {}
    for unit in spec.get("units") or [unit for unit in named if _UNIT.fullmatch(unit)]:
        if text := clean((form.get(before + unit) or [""])[-1]):
            entered[unit] = _whole(text)
            _within(entered[unit], spec)
    return entered or _empty(spec)


def _lines(spec: Spec, form: Form, reading: Reading, complaints: dict[str, str]) -> list[Any]:
    """Lines in the order of their numbers; one that was left wholly empty is no line."""
    before = f"{reading.before}{spec['name']}."
    numbers = {name.removeprefix(before).split(".")[0] for name in form if name.startswith(before)}
    found = []
    for number in sorted((one for one in numbers if re.fullmatch("0|[1-9][0-9]{0,4}", one)), key=int):
        start = f"{before}{number}."
        if any(clean(text) for name, texts in form.items() if name.startswith(start) for text in texts):
            inner = Reading(reading.today, reading.language, reading.words, start)
            line, wrong = read(spec["fields"], form, inner)
            found.append(line)
            complaints |= wrong
    try:
        if not found and spec["required"]:
            raise Complaint("required")
        if found or spec["required"]:
            _within(len(found), spec)
    except Complaint as complaint:
        _complain(complaints, spec, complaint, reading)
    return found


READERS = {
    "text": _text, "id": _id, "integer": _integer, "money": _money, "date": _date, "time": _time,
    "boolean": _boolean, "choice": _choice, "choices": _choices, "phone": _phone, "quantity": _quantity, "scan": _scan,
    "lines": _lines,
}  # fmt: skip
