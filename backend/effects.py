"""What a command visibly does to rows, declared as data and painted until the server's own rows arrive."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from backend.paths import sheet_name
from backend.values import evaluate, holds, to_json, walk

OPS = {"put", "patch", "add", "take", "raise", "append", "discard", "remove", "each"}
CONDITIONS = {"eq", "ne", "lt", "gt", "in", "set"}

Step = dict[str, Any]
Row = Mapping[str, Any]


class Painting(Protocol):
    """Rows that may be changed without changing what lies beneath; `zone` is the site's, see zones.py."""

    zone: Mapping[str, Any] | None

    def get(self, kind: str, id: str) -> Row | None: ...
    def put(self, sheet: str, kind: str, id: str, row: Row) -> None: ...
    def set(self, kind: str, id: str, row: Row) -> None: ...
    def remove(self, kind: str, id: str) -> None: ...


def Put(kind: str, id: Any, /, *, sheet: str, when: Iterable[Any] = (), **values: Any) -> Step:
    return _step("put", kind, id, when, sheet=sheet, values=_all(values))


def Patch(kind: str, id: Any, /, *, when: Iterable[Any] = (), **values: Any) -> Step:
    return _step("patch", kind, id, when, values=_all(values))


def Raise(kind: str, id: Any, name: str, value: Any, /, *, when: Iterable[Any] = (), **also: Any) -> Step:
    """Along the kind's declared rank only; `also` is set only when it rose."""
    return _step("raise", kind, id, when, name=name, value=to_json(value), **({"values": _all(also)} if also else {}))


def Add(kind: str, id: Any, name: str, value: Any, /, *, when: Iterable[Any] = ()) -> Step:
    return _step("add", kind, id, when, name=name, value=to_json(value))


def Take(kind: str, id: Any, name: str, value: Any, /, *, when: Iterable[Any] = ()) -> Step:
    """The opposite of `Add`."""
    return _step("take", kind, id, when, name=name, value=to_json(value))


def Append(kind: str, id: Any, name: str, value: Any, /, *, when: Iterable[Any] = ()) -> Step:
    """Puts the value at the end of a list that does not hold it yet."""
    return _step("append", kind, id, when, name=name, value=to_json(value))


def Discard(kind: str, id: Any, name: str, value: Any, /, *, when: Iterable[Any] = ()) -> Step:
    return _step("discard", kind, id, when, name=name, value=to_json(value))


def Remove(kind: str, id: Any, *, when: Iterable[Any] = ()) -> Step:
    return _step("remove", kind, id, when)


def Each(over: str, name: str, steps: Iterable[Step], *, when: Iterable[Any] = ()) -> Step:
    """The steps once for every element of a repeated field, which they call `each`."""
    return check({"op": "each", "over": over, "as": name, "steps": [*steps], **_when(when)})


def Undoing(kind: str, /, **values: Any) -> dict[str, Any]:
    """How the rows of this kind look again that a command, now undone, was the last to change."""
    return {"kind": kind, "values": _all(values)}


def _step(op: str, kind: str, id: Any, when: Iterable[Any], **more: Any) -> Step:
    return check({"op": op, "kind": kind, "id": to_json(id), **more, **_when(when)})


def _all(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: to_json(value) for name, value in values.items()}


def _when(when: Iterable[Any]) -> dict[str, Any]:
    """`when=[(row.status, "eq", "booked")]`, or one such condition alone."""
    given = [*when]
    if len(given) == 3 and isinstance(given[1], str) and given[1] in CONDITIONS:
        given = [given]
    return {"when": [[to_json(left), op, to_json(right)] for left, op, right in given]} if given else {}


def check(step: Step) -> Step:
    """The step itself; raises a sentence for anything that the engines do not know."""
    if step.get("op") not in OPS:
        raise ValueError(f"There is no effect {step.get('op')!r}: use {', '.join(sorted(OPS))}.")
    for _, op, _ in step.get("when", []):
        if op not in CONDITIONS:
            raise ValueError(f"There is no condition {op!r} of an effect: use {', '.join(sorted(CONDITIONS))}.")
    for inner in step.get("steps", []):
        check(inner)
    return step


def apply(
    effect: Iterable[Step], view: Painting, command: Mapping[str, Any], ranks: Mapping[str, list[str]] | None = None
) -> None:
    """Paint a command: {command_id, command, actor, device, made_at, fields, new, site, today, serials?}."""
    scope = {
        "field": command.get("fields", {}),
        "new": command.get("new", {}),
        "now": command.get("made_at"),
        "today": command.get("today"),
        "actor": command.get("actor"),
        "device": command.get("device"),
        "site": command.get("site"),
        "command": command.get("command_id"),
        "serial": command.get("serials", {}),
        "zone": view.zone,
        "get": view.get,
    }
    _perform(effect, view, scope, ranks or {})


def undo(undoing: Mapping[str, Any], row: Row, scope: Mapping[str, Any]) -> Row:
    """The row as it looks again."""
    return _written(row, undoing["values"], {**scope, "row": row})


def _perform(effect: Iterable[Step], view: Painting, scope: dict[str, Any], ranks: Mapping[str, list[str]]) -> None:
    for step in effect:
        if step["op"] == "each":
            elements = walk(scope["field"], step["over"])
            for element in elements if isinstance(elements, list) else []:
                inner = {**scope, "each": element}
                if _met(step, inner):
                    _perform(step["steps"], view, inner, ranks)
            continue
        kind, id = step["kind"], evaluate(step["id"], scope)
        if not isinstance(id, str) or not id:
            continue
        row = view.get(kind, id)
        known = {**scope, "row": row}
        if not _met(step, known):
            continue
        if step["op"] == "put":
            # A parameter of a sheet's name is a field, something new, or one of the command's own: today, site.
            sheet = sheet_name(step["sheet"], {**scope["new"], **scope["field"], **_plain(scope)})
            if sheet is not None:
                view.put(sheet, kind, id, _written({"id": id, "kind": kind, "version": 0}, step["values"], known))
        elif row is None:
            continue
        elif step["op"] == "remove":
            view.remove(kind, id)
        elif (changed := _changed(step, row, known, ranks)) is not row:
            view.set(kind, id, changed)


def _plain(scope: Mapping[str, Any]) -> dict[str, Any]:
    return {name: scope[name] for name in ("now", "today", "actor", "device", "site")}


def _met(step: Step, scope: Mapping[str, Any]) -> bool:
    return all(
        holds(evaluate(left, scope), op, evaluate(right, scope) if op != "set" else right)
        for left, op, right in step.get("when", [])
    )


def _changed(step: Step, row: Row, scope: Mapping[str, Any], ranks: Mapping[str, list[str]]) -> Row:
    if step["op"] == "patch":
        return _written(row, step["values"], scope)
    name, value = step["name"], evaluate(step["value"], scope)
    found = walk(row, name)
    match step["op"]:
        case "add":
            return _placed(row, name, _number(found) + value) if _number(value) else row
        case "take":
            return _placed(row, name, _number(found) - value) if _number(value) else row
        case "raise":
            rank = ranks.get(f"{step['kind']}.{name}", [])
            if value not in rank or (found in rank and rank.index(value) <= rank.index(found)):
                return row
            return _written(_placed(row, name, value), step.get("values", {}), scope)
    held = found if isinstance(found, list) else []
    others = [item for item in held if not holds(item, "eq", value)]
    if step["op"] == "append":
        return row if len(others) < len(held) else _placed(row, name, [*held, value])
    return row if len(others) == len(held) else _placed(row, name, others)


def _number(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _written(row: Row, values: Mapping[str, Any], scope: Mapping[str, Any]) -> Row:
    """The row with all these values, each of them read from the row as it was."""
    written = row
    for name, value in values.items():
        written = _placed(written, name, evaluate(value, scope))
    return written


def _placed(row: Row, path: str, value: Any) -> Row:
    """A copy of the row with one value in it, also inside of an object (`entered.each`)."""
    name, _, rest = path.partition(".")
    if not rest:
        return {**row, name: value}
    inner = row.get(name)
    return {**row, name: _placed(inner if isinstance(inner, Mapping) else {}, rest, value)}
