"""What a page shows of its sheets: rows filtered, sorted, grouped, counted or looked up, all declared as data."""

import heapq
import re
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cmp_to_key
from itertools import islice

from backend.values import compare, evaluate, folded, holds, sort_of, spell, to_json, walk

OPS = {"eq", "ne", "any", "lacks", "in", "lt", "gt", "set", "matches"}
SHAPES = {
    "list": {"where", "sort", "group", "limit"},
    "count": {"where", "by", "of"},
    "sum": {"where", "name"},
    "by_id": {"where"},
    "one": {"where", "sort"},
}
_PARAMETER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")

Row = Mapping[str, typing.Any]
Condition = list[typing.Any]


class View(typing.Protocol):
    """The rows of one page's sheets."""

    def rows(self, kind: str) -> Iterable[Row]: ...
    def get(self, kind: str, id: str | None) -> Row | None: ...


def _condition(op: str) -> Callable[[str, typing.Any], Condition]:
    def written(name: str, value: typing.Any) -> Condition:
        return [op, name, wanted(value)]

    return written


def wanted(value: typing.Any) -> typing.Any:
    """`"?status"` is an optional parameter, `"{day}"` a parameter, anything else a value."""
    if isinstance(value, str) and value.startswith("?"):
        return {"$": f"param.{value[1:]}", "optional": True}
    if isinstance(value, str) and (place := _PARAMETER.fullmatch(value)):
        return {"$": f"param.{place[1]}"}
    return to_json(value)


Eq, Ne, Any, In = _condition("eq"), _condition("ne"), _condition("any"), _condition("in")
Lt, Gt, Set, Matches = _condition("lt"), _condition("gt"), _condition("set"), _condition("matches")
# None of a list: `Lacks("excluded", actor)`.
Lacks = _condition("lacks")


def List(
    kind: str, where: Iterable[Condition] = (), sort: Iterable[str] = (), group: str | None = None, limit: int = 0
) -> dict[str, typing.Any]:
    return _declared({"list": kind, "where": [*where], "sort": [*sort], "group": group, "limit": limit})


def Count(
    kind: str, by: str | None = None, of: Iterable[str] = (), where: Iterable[Condition] = ()
) -> dict[str, typing.Any]:
    return _declared({"count": kind, "by": by, "of": [*of], "where": [*where]})


def Sum(kind: str, name: str, where: Iterable[Condition] = ()) -> dict[str, typing.Any]:
    return _declared({"sum": kind, "name": name, "where": [*where]})


def ById(kind: str, where: Iterable[Condition] = ()) -> dict[str, typing.Any]:
    return _declared({"by_id": kind, "where": [*where]})


def One(kind: str, where: Iterable[Condition] = (), sort: Iterable[str] = ()) -> dict[str, typing.Any]:
    return _declared({"one": kind, "where": [*where], "sort": [*sort]})


def _declared(declaration: dict[str, typing.Any]) -> dict[str, typing.Any]:
    return check({name: value for name, value in declaration.items() if value})


def check(declaration: dict[str, typing.Any]) -> dict[str, typing.Any]:
    """The declaration itself; raises a sentence for anything that the engines do not know."""
    shape = next((one for one in SHAPES if one in declaration), None)
    if shape is None:
        raise ValueError(f"{declaration!r} is no list: it is one of {', '.join(SHAPES)}.")
    if unknown := declaration.keys() - SHAPES[shape] - {shape}:
        raise ValueError(f"A {shape} has no {', '.join(sorted(unknown))}.")
    for op, name, value in declaration.get("where", []):
        if op not in OPS:
            raise ValueError(f"There is no comparison {op!r} of {name}: use {', '.join(sorted(OPS))}.")
        to_json(value)
    return declaration


def gather_all(
    declared: Mapping[str, dict[str, typing.Any]], view: View, scope: Mapping[str, typing.Any]
) -> dict[str, typing.Any]:
    """Every list of a page in its order; one may ask for what another before it gave: `listed.shelf.place_id`."""
    found: dict[str, typing.Any] = {}
    for name, one in declared.items():
        found[name] = gather(one, view, {**scope, "list": found})
    return found


def gather(declaration: dict[str, typing.Any], view: View, scope: Mapping[str, typing.Any]) -> typing.Any:
    """What the list gives for these rows; `scope` has param, now, today, site, actor and device."""
    where = read(declaration.get("where", []), scope)
    if "by_id" in declaration:
        kind = declaration["by_id"]
        return {row["id"]: row for row in _chosen(kind, where, view)} if where else Looked(kind, view)
    if "count" in declaration:
        return _count(declaration, _chosen(declaration["count"], where, view))
    if "sum" in declaration:
        found = (walk(row, declaration["name"]) for row in _chosen(declaration["sum"], where, view))
        return sum(number for number in found if isinstance(number, int) and not isinstance(number, bool))
    kind, sort, limit = declaration.get("list") or declaration["one"], declaration.get("sort", []), 1
    if "list" in declaration:
        limit = declaration.get("limit")
    if (ordered := _in_order(kind, where, sort, view)) is not None:
        found = [*islice((row for row in ordered if meets(row, where, view)), limit or None)]
    else:
        rows, order = _chosen(kind, where, view), _order(sort, view)
        found = heapq.nsmallest(limit, rows, key=order) if limit else sorted(rows, key=order)
    if "one" in declaration:
        return found[0] if found else None
    return _grouped(found, declaration["group"]) if declaration.get("group") else found


def read(where: list[Condition], scope: Mapping[str, typing.Any]) -> list[Condition]:
    """The conditions with their values, without those whose optional parameter is not given."""
    known = []
    for op, name, value in where:
        found = evaluate(value, scope)
        if isinstance(value, dict) and value.get("optional") and found in (None, "", []):
            continue
        known.append([op, name, [*filter(None, folded(found).split(" "))] if op == "matches" else found])
    return known


def meets(row: Row, where: list[Condition], view: View) -> bool:
    """Whether a row meets conditions that were read."""
    for op, name, value in where:
        found = look_up(row, name, view)
        if op == "matches":
            text = spell(found)
            if not all(term in text for term in value):
                return False
        elif not holds(found, op, value):
            return False
    return True


def look_up(row: Row, name: str, view: View) -> typing.Any:
    """A field of the row, or of the row it points to (`patient_id.search`)."""
    first, _, rest = name.partition(".")
    found = row.get(first)
    if not rest or not first.endswith("_id"):
        return walk(row, name)
    linked = view.get(first.removesuffix("_id"), found) if isinstance(found, str) else None
    return None if linked is None else look_up(linked, rest, view)


class Looked(Mapping):
    """Rows by id, looked up one at a time, because a page names few of thousands of patients."""

    def __init__(self, kind: str, view: View) -> None:
        self._kind, self._view = kind, view

    def __getitem__(self, id: str) -> Row:
        row = self._view.get(self._kind, id) if isinstance(id, str) else None
        if row is None:
            raise KeyError(id)
        return row

    def __iter__(self) -> Iterator[str]:
        return iter(sorted({row["id"] for row in self._view.rows(self._kind)}))

    def __len__(self) -> int:
        return len(set(self))


def _chosen(kind: str, where: list[Condition], view: View) -> Iterator[Row]:
    """The rows that meet the conditions, each once though several sheets may hold it."""
    known = next((value for op, name, value in where if op == "eq" and name == "id"), where)
    if known is not where:
        row = view.get(kind, known) if isinstance(known, str) else None
        candidates: Iterable[Row] = [] if row is None else [row]
    else:
        candidates = view.rows(kind)
    seen = set()
    for row in candidates:
        if meets(row, where, view) and row["id"] not in seen:
            seen.add(row["id"])
            yield row


def _in_order(kind: str, where: list[Condition], sort: list[str], view: View) -> Iterable[Row] | None:
    """The rows that may meet the conditions, sorted already, where the view keeps them so."""
    keeps = getattr(view, "in_order", None)
    equal = [(name, value) for op, name, value in where if op == "eq" and "." not in name]
    if keeps is None or any(name == "id" for name, _ in equal):
        return None
    return keeps(kind, tuple(sort), *(equal[0] if equal else (None, None)))


def _count(declaration: dict[str, typing.Any], rows: Iterator[Row]) -> typing.Any:
    if "by" not in declaration:
        return sum(1 for _ in rows)
    counts = dict.fromkeys(declaration.get("of", []), 0)
    for row in rows:
        key = spell(walk(row, declaration["by"]))
        counts[key] = counts.get(key, 0) + 1
    return counts


def _order(sort: list[str], view: View) -> typing.Any:
    keys = [(name.removeprefix("-"), -1 if name.startswith("-") else 1) for name in sort]

    def compared(left: Row, right: Row) -> int:
        for name, direction in keys:
            if order := compare(look_up(left, name, view), look_up(right, name, view)):
                return direction * order
        return compare(left["id"], right["id"])

    return cmp_to_key(compared)


def _grouped(rows: list[Row], name: str) -> list[dict[str, typing.Any]]:
    groups: dict[str, dict[str, typing.Any]] = {}
    for row in rows:
        key = walk(row, name)
        groups.setdefault(f"{sort_of(key)}:{spell(key)}", {"key": key, "rows": []})["rows"].append(row)
    return list(groups.values())
