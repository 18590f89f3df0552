"""Plausible fields for any command, made from its own annotations and from ids that exist."""

import types
from datetime import date, datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from backend.commands import Command
from backend.ids import new_id

WORDS = {
    "zone_name": "America/New_York", "starts_at": "2026-11-23T15:00:00Z", "birth_date": "1980-01-02",
    "username": "somebody.new", "roles": ["clinical"], "status": "booked",
}  # fmt: skip
PATTERNS = {
    "^[0-9]{10}$": "5550100199", "^(en|es)$": "en", "^[1-7]{1,7}$": "12345",
    "^(female|male|other|unknown)$": "other", r"^[a-z0-9_-]{1,40}$": "main", r"^[a-z0-9._-]{2,60}$": "somebody.new",
}  # fmt: skip


def fields_for(kind: type[Command], ids: dict[str, str], text: str = "Plain words") -> dict[str, Any]:
    """Fields that the command's type accepts; `ids` by the field's name, a new id where there is none."""
    hints = get_type_hints(kind, include_extras=True)
    made = {}
    for one in msgspec.structs.fields(kind):
        made[one.name] = value_of(one.name, hints[one.name], ids, text)
    return made


def value_of(name: str, hint: Any, ids: dict[str, str], text: str, metas: tuple[Meta, ...] = ()) -> Any:
    """One value that fits."""
    if name in ids:
        return ids[name]
    if get_origin(hint) is Annotated:
        inner, *notes = get_args(hint)
        return value_of(name, inner, ids, text, (*metas, *(note for note in notes if isinstance(note, Meta))))
    if get_origin(hint) in (Union, types.UnionType):
        return value_of(name, next(one for one in get_args(hint) if one is not type(None)), ids, text, metas)
    if name == "source":
        # Where another system keeps it: no two things are the same there.
        return new_id()
    if name in WORDS:
        return WORDS[name]
    if get_origin(hint) is Literal:
        return get_args(hint)[0]
    if get_origin(hint) in (list, tuple):
        least = max([note.min_length or 0 for note in metas], default=0)
        inner = get_args(hint)[0]
        choices = get_args(inner) if get_origin(inner) is Literal else [value_of("", inner, ids, text)]
        return [*choices][: max(least, 1)]
    return plain(hint, text, metas)


def plain(hint: Any, text: str, metas: tuple[Meta, ...]) -> Any:
    """A value of a simple type; a sentence for a type that this module must learn first."""
    pattern = next((note.pattern for note in metas if note.pattern), None)
    if hint is str and pattern:
        return PATTERNS.get(pattern) or new_id()
    if hint is str:
        return text[: min([note.max_length for note in metas if note.max_length], default=2000)]
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        hints = get_type_hints(hint, include_extras=True)
        return {one.name: value_of(one.name, hints[one.name], {}, text) for one in msgspec.structs.fields(hint)}
    least = max([note.ge for note in metas if note.ge is not None], default=1)
    simple = {
        int: max(1, least),
        bool: True,
        float: 1.0,
        date: "1980-01-02",
        datetime: "2026-11-23T15:00:00Z",
        dict: {},
    }
    kind = get_origin(hint) or hint
    assert kind in simple, f"tests/security/things.py makes no {hint!r} yet; teach it to"
    return simple[kind]
