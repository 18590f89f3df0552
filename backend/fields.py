"""The fields of a command: what its annotations say, as data that both engines read forms by."""

import types
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from backend import readers
from backend.scanning import ScannedCode

UUID_PATTERN = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
MOST_CENTS = 99_999_999
MOST_OF_A_THING = 999_999

# JavaScript's last whole number without a gap; also what the reader of integers accepts at most.
SAFE = readers.SAFE

Id = Annotated[str, Meta(pattern=UUID_PATTERN, extra={"reader": "id"})]
# The id of something that the command makes: a form need not carry it.
NewId = Annotated[str, Meta(pattern=UUID_PATTERN, extra={"reader": "id", "new": True})]
Text80 = Annotated[str, Meta(max_length=80, extra={"reader": "text"})]
Name = Annotated[str, Meta(max_length=60, extra={"reader": "text"})]
LongText = Annotated[str, Meta(max_length=2000, extra={"reader": "text", "multiline": True})]
BirthDate = Annotated[date, Meta(extra={"reader": "date", "min_date": "1890-01-01", "max_date": "today"})]
# As somebody wrote it, on the clock of the office's wall: "08:05".
WallTime = Annotated[str, Meta(pattern="^(?:[01][0-9]|2[0-3]):[0-5][0-9]$", extra={"reader": "time"})]
Phone = Annotated[str, Meta(pattern="^[0-9]{10}$", extra={"reader": "phone"})]
Money = Annotated[int, Meta(ge=0, le=MOST_CENTS, extra={"reader": "money"})]
# What a wedge, a camera or a person gives for an item's code; effects read its parts: `field.scan.lot`.
Scan = Annotated[ScannedCode, Meta(extra={"reader": "scan"})]
Whole = Annotated[int, Meta(ge=-SAFE, le=SAFE, extra={"reader": "integer"})]


def Label(text: str) -> Meta:
    """`family: Annotated[Name, Label("Last name")]`: what the form and its complaints call the field."""
    return Meta(extra={"label": text})


def Choice(*choices: str) -> Any:
    return Annotated[Literal[choices], Meta(extra={"reader": "choice", "choices": [*choices]})]


Sex = Choice("female", "male", "other", "unknown")


def Choices(choices: tuple[str, ...], least: int = 0, most: int | None = None) -> Any:
    bounds = Meta(min_length=least, max_length=most, extra={"reader": "choices", "choices": [*choices]})
    return Annotated[list[Literal[choices]], bounds]


def Lines(line: type, least: int = 0, most: int = 200) -> Any:
    """A repeated group, each line read into the given Struct."""
    return Annotated[list[line], Meta(min_length=least, max_length=most, extra={"reader": "lines"})]


def Quantity(*units: str) -> Any:
    """What was entered in each unit; with no units named, whatever units the form carries."""
    extra = {"reader": "quantity", "units": [*units], "min": 0, "max": MOST_OF_A_THING}
    return Annotated[dict[str, Annotated[int, Meta(ge=0, le=MOST_OF_A_THING)]], Meta(extra=extra)]


def specs(command_type: type[msgspec.Struct]) -> list[dict[str, Any]]:
    """One object per field, in order; raises a sentence for a field that no form can fill in."""
    hints = get_type_hints(command_type, include_extras=True)
    return [_spec(command_type, one, hints[one.name]) for one in msgspec.structs.fields(command_type)]


def labels(command_type: type[msgspec.Struct]) -> dict[str, str]:
    """What people call each field, ids left out; also of a command that no form can give."""
    hints = get_type_hints(command_type, include_extras=True)
    found = {}
    for one in msgspec.structs.fields(command_type):
        said: dict[str, Any] = {"label": _label(one.name)}
        for meta in _unfolded(hints[one.name])[1]:
            said |= meta.extra or {}
        if said.get("reader") != "id":
            found[one.name] = said["label"]
    return found


def read(
    specs: list[dict[str, Any]],
    form: Mapping[str, list[str]],
    today: str,
    language: str,
    words: Mapping[str, str],
) -> tuple[dict[str, Any], dict[str, str]]:
    """(values, complaints by field). `words` translates labels; a value is None where there is a complaint."""
    return readers.read(specs, form, readers.Reading(today=today, language=language, words=words))


def _spec(owner: type, one: Any, hint: Any) -> dict[str, Any]:
    kind, metas, optional = _unfolded(hint)
    extra: dict[str, Any] = {}
    for meta in metas:
        extra |= meta.extra or {}
    reader = extra.pop("reader", None) or _reader(kind)
    if reader not in readers.READERS:
        raise TypeError(f"{owner.__name__}.{one.name}: no form can fill in {hint!r}; use a type of backend.fields.")
    if not (one.required or optional or reader in ("boolean", "choices", "lines")):
        raise TypeError(f"{owner.__name__}.{one.name}: an empty field is read as nothing, so write `| None = None`.")
    spec = {"name": one.name, "reader": reader, "label": _label(one.name), **_bounds(metas), **extra}
    needed = spec.get("min", 0) > 0 if reader in ("choices", "lines") else reader != "boolean"
    spec["required"] = needed and one.required and not optional
    if reader == "integer":
        spec = {"min": -SAFE, "max": SAFE, **spec}
    if reader == "choice" and "choices" not in spec:
        spec["choices"] = [*get_args(kind)]
    if reader == "lines":
        spec["fields"] = specs(get_args(kind)[0])
    return spec


def _unfolded(hint: Any) -> tuple[Any, list[Meta], bool]:
    """The plain type, what its annotations say, and whether it may be absent."""
    if get_origin(hint) is Annotated:
        inner, *notes = get_args(hint)
        kind, metas, optional = _unfolded(inner)
        return kind, metas + [note for note in notes if isinstance(note, Meta)], optional
    if get_origin(hint) in (Union, types.UnionType) and type(None) in get_args(hint):
        others = [one for one in get_args(hint) if one is not type(None)]
        if len(others) == 1:
            kind, metas, _ = _unfolded(others[0])
            return kind, metas, True
    return hint, [], False


def _reader(kind: Any) -> str | None:
    if get_origin(kind) is Literal:
        return "choice"
    return {str: "text", int: "integer", bool: "boolean", date: "date"}.get(kind)


def _bounds(metas: list[Meta]) -> dict[str, Any]:
    return {
        bound: number
        for meta in metas
        for bound, number in (("min", meta.ge), ("min", meta.min_length), ("max", meta.le), ("max", meta.max_length))
        if number is not None
    }


def _label(name: str) -> str:
    said = name.removesuffix("_id").replace("_", " ")
    return said[:1].upper() + said[1:]
