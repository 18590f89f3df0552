"""The values that declarations are written with: constants, names, and a few functions of them."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from backend.wall_clock import moment_at

NAMED = {
    "field", "row", "param", "new", "each", "now", "today", "actor", "device", "site", "command", "serial", "list",
}  # fmt: skip
FUNCTIONS = {"fold", "key", "moment", "ref", "serial"}

_MARKS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("['\u2019\u02bc]")
_SEPARATORS = re.compile(r"[\x00-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]+")


class Value:
    """A value that is not known until the declaration is read against a command, a row or a page."""

    def __init__(self, json: dict[str, Any]) -> None:
        self.json = json

    def __getattr__(self, name: str) -> "Value":
        """`field.scan.code`: a part of what a name stands for."""
        if name.startswith("__") or "$" not in self.json:
            raise AttributeError(name)
        return Value({"$": f"{self.json['$']}.{name}"})

    def __repr__(self) -> str:
        return f"Value({self.json})"


class Names:
    """`field.family`, `new.patient`: any attribute is a value of that name."""

    def __init__(self, space: str) -> None:
        self._space = space

    def __getattr__(self, name: str) -> Value:
        if name.startswith("__"):
            raise AttributeError(name)
        return Value({"$": f"{self._space}.{name}"})


class Each(Names):
    """`each` is the element of the repeated field itself, `each.code` a field of it."""

    json = {"$": "each"}  # noqa: RUF012


class Reference:
    """`ref("item", field.item_id).name`: a field of another row."""

    def __init__(self, kind: str, id: Any) -> None:
        self._kind, self._id = kind, to_json(id)

    def __getattr__(self, name: str) -> Value:
        if name.startswith("__"):
            raise AttributeError(name)
        return Value({"fn": "ref", "kind": self._kind, "id": self._id, "name": name})


field, row, param, new = Names("field"), Names("row"), Names("param"), Names("new")
each = Each("each")
listed = Names("list")
now, today, actor = Value({"$": "now"}), Value({"$": "today"}), Value({"$": "actor"})
device, site, command = Value({"$": "device"}), Value({"$": "site"}), Value({"$": "command"})
ref = Reference


def fold(*parts: Any) -> Value:
    return Value({"fn": "fold", "of": [to_json(part) for part in parts]})


def key(*parts: Any) -> Value:
    return Value({"fn": "key", "of": [to_json(part) for part in parts]})


def moment(day: Any, time: Any) -> Value:
    """The instant at which the clock on the office's wall shows that time ("08:05") on that day."""
    return Value({"fn": "moment", "day": to_json(day), "time": to_json(time)})


def serial(name: str) -> Value:
    return Value({"fn": "serial", "name": name})


def to_json(value: Any) -> Any:
    """What goes into the manifest; raises a sentence for what neither engine would understand."""
    if isinstance(value, Value | Each):
        return value.json
    if isinstance(value, list | tuple):
        return [to_json(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return _checked(value)
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"A declaration cannot hold {value!r}: write a text, an integer, a boolean, nothing, or a name.")


def _checked(value: dict[str, Any]) -> dict[str, Any]:
    if "fn" in value:
        if value["fn"] not in FUNCTIONS:
            raise ValueError(f"There is no function {value['fn']!r} of values: use {', '.join(sorted(FUNCTIONS))}.")
        return {name: [to_json(part) for part in of] if name == "of" else of for name, of in value.items()}
    if "$" not in value:
        raise ValueError(f"{value!r} is not a value: it names neither $ nor fn.")
    if value["$"].split(".")[0] not in NAMED:
        raise ValueError(f"There is no value called {value['$']!r}: use one of {', '.join(sorted(NAMED))}.")
    return value


def evaluate(value: Any, scope: Mapping[str, Any]) -> Any:
    """A value's JSON read in a scope; whatever is missing is null."""
    if isinstance(value, list):
        return [evaluate(item, scope) for item in value]
    if not isinstance(value, dict):
        return value
    match value.get("fn"):
        case None:
            return walk(scope, value["$"])
        case "fold":
            return folded(*(evaluate(part, scope) for part in value["of"]))
        case "key":
            return "/".join(spell(evaluate(part, scope)) for part in value["of"])
        case "ref":
            found = scope["get"](value["kind"], evaluate(value["id"], scope))
            return None if found is None else walk(found, value["name"])
        case "moment":
            return moment_at(evaluate(value["day"], scope), evaluate(value["time"], scope), scope.get("zone"))
        case "serial":
            return walk(scope, f"serial.{value['name']}")
    raise ValueError(f"There is no function {value['fn']!r} of values.")


def walk(found: Any, path: str) -> Any:
    """`entered.each` of a row: each step into an object, null as soon as there is none."""
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def folded(*parts: Any) -> str:
    """Text as it is searched: no case, no accents, no punctuation, one space between words."""
    text = " ".join(spell(part) for part in parts if part is not None)
    text = _MARKS.sub("", unicodedata.normalize("NFD", text)).lower()
    # Whether a sigma ends a word depends on what follows, so half a name typed would not find the whole one.
    text = text.replace("\u03c2", "\u03c3")
    return _SEPARATORS.sub(" ", _APOSTROPHES.sub("", text)).strip(" ")


def spell(value: Any) -> str:
    """A plain value as text, the same in both engines."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return " ".join(spell(item) for item in value)
    return ""


def sort_of(value: Any) -> int:
    """Values of different sorts stand in this order: null, boolean, integer, text, list, anything else."""
    if value is None:
        return 0
    if isinstance(value, bool):
        return 1
    if isinstance(value, int):
        return 2
    if isinstance(value, str):
        return 3
    return 4 if isinstance(value, list) else 5


def compare(left: Any, right: Any) -> int:
    """Negative, zero or positive; text by code point."""
    one, other = sort_of(left), sort_of(right)
    if one != other:
        return one - other
    if one == 4:
        for a, b in zip(left, right, strict=False):
            if order := compare(a, b):
                return order
        return len(left) - len(right)
    if one in (0, 5):
        return 0
    return (left > right) - (left < right)


def same(left: Any, right: Any) -> bool:
    return sort_of(left) == sort_of(right) != 5 and compare(left, right) == 0


def below(left: Any, right: Any) -> bool:
    """Whether left < right; never when either is missing or they are of different sorts."""
    return left is not None and sort_of(left) == sort_of(right) and compare(left, right) < 0


def holds(left: Any, op: str, right: Any) -> bool:
    """One comparison of an effect's condition or of a list's where."""
    match op:
        case "eq":
            return same(left, right)
        case "ne":
            return not same(left, right)
        case "lt":
            return below(left, right)
        case "gt":
            return below(right, left)
        case "set":
            return (left is not None) == (right is True)
        case "in":
            return isinstance(right, list) and any(same(left, one) for one in right)
        case "any":
            mine = left if isinstance(left, list) else [left]
            return any(same(one, other) for one in mine for other in (right if isinstance(right, list) else [right]))
        case "lacks":
            return not holds(left, "any", right)
    raise ValueError(f"There is no comparison {op!r}.")
