"""The rows as a person sees them: what the sheets hold, with what is not sent yet painted over it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from backend import effects
from backend.paths import covers

EVERYWHERE = ["*"]
PAINTED_FATES = {None, "waiting", "sent"}

Row = Mapping[str, Any]


class Base(Protocol):
    """What lies beneath. A sheet's name may end in `*`; rows carry their id, kind and version."""

    def get(self, kind: str, id: str, sheets: list[str]) -> Row | None: ...
    def rows(self, sheets: list[str], kind: str) -> Iterable[Row]: ...


class Painted:
    """A base with changes over it, which cost as much as there are changes and not as there are rows."""

    def __init__(self, base: Base, zone: Mapping[str, Any] | None = None) -> None:
        self.base, self.zone = base, zone
        self.touched: set[str] = set()
        self._over: dict[str, dict[str, tuple[Row | None, str | None]]] = {}

    def get(self, kind: str, id: str | None, sheets: list[str] = EVERYWHERE) -> Row | None:
        if not isinstance(id, str):
            return None
        over = self._over.get(kind, {}).get(id)
        if over is None:
            return self.base.get(kind, id, sheets)
        row, sheet = over
        if row is None or (sheet is not None and covers(sheets, sheet)):
            return row
        return row if self.base.get(kind, id, sheets) is not None else None

    def rows(self, kind: str, sheets: list[str] = EVERYWHERE) -> Iterable[Row]:
        over = self._over.get(kind)
        return self._mixed(kind, sheets, over) if over else self.base.rows(sheets, kind)

    def _mixed(self, kind: str, sheets: list[str], over: dict[str, tuple[Row | None, str | None]]) -> Iterator[Row]:
        for row in self.base.rows(sheets, kind):
            if row["id"] not in over:
                yield row
        for id in over:
            if (row := self.get(kind, id, sheets)) is not None:
                yield row

    def in_order(
        self, kind: str, sheets: list[str], sort: tuple[str, ...], name: str | None, value: Any
    ) -> Iterable[Row] | None:
        """The rows so sorted, where the base keeps them so and nothing is painted over them."""
        keeps = getattr(self.base, "in_order", None)
        return None if keeps is None or self._over.get(kind) else keeps(sheets, kind, sort, name, value)

    def within(self, sheets: list[str]) -> "Within":
        return Within(self, sheets)

    def put(self, sheet: str, kind: str, id: str, row: Row) -> None:
        self._change(kind, id, row, sheet)

    def set(self, kind: str, id: str, row: Row) -> None:
        self._change(kind, id, row, self._over.get(kind, {}).get(id, (None, None))[1])

    def remove(self, kind: str, id: str) -> None:
        self._change(kind, id, None, None)

    def _change(self, kind: str, id: str, row: Row | None, sheet: str | None) -> None:
        self._over.setdefault(kind, {})[id] = (row, sheet)
        self.touched.add(f"{kind}:{id}")

    def changed(self, kind: str) -> list[Row]:
        """The painted rows of a kind, without those beneath."""
        return [row for row, _ in self._over.get(kind, {}).values() if row is not None]


class Within:
    """The rows of some sheets only: what a page may see."""

    def __init__(self, painted: Painted, sheets: list[str]) -> None:
        self._painted, self._sheets = painted, sheets

    def rows(self, kind: str) -> Iterable[Row]:
        return self._painted.rows(kind, self._sheets)

    def get(self, kind: str, id: str | None) -> Row | None:
        return self._painted.get(kind, id, self._sheets)

    def in_order(self, kind: str, sort: tuple[str, ...], name: str | None, value: Any) -> Iterable[Row] | None:
        return self._painted.in_order(kind, self._sheets, sort, name, value)


def paint(
    base: Base,
    pending: Iterable[Mapping[str, Any]],
    commands: Mapping[str, Mapping[str, Any]],
    ranks: Mapping[str, list[str]],
    zone: Mapping[str, Any] | None = None,
) -> Painted:
    """The base with the commands of an outbox over it, in their order; `commands` is the manifest's table.

    Without the site's zone, see zones.py, the times that were written on paper are not painted.
    """
    waiting = [entry for entry in pending if entry.get("fate") in PAINTED_FATES]
    silent = _undone_unsent(waiting)
    painted = Painted(base, zone)
    last = _LastChanged(painted, [entry["fields"].get("command_id") for entry in waiting if entry["command"] == "undo"])
    for entry in waiting:
        if entry["command_id"] in silent:
            continue
        if entry["command"] == "undo":
            _paint_undo(entry, painted, commands, last)
        else:
            effects.apply(commands.get(entry["command"], {}).get("effect") or [], painted, entry, ranks)
    return painted


def _undone_unsent(waiting: list[Mapping[str, Any]]) -> set[str]:
    """Unsent commands with an unsent undo, unless that was itself undone: they paint nothing. The undo is painted
    all the same, because the office may have shown the command's row before its receipt came."""
    unsent = {entry["command_id"] for entry in waiting}
    undone: set[str] = set()
    for entry in reversed(waiting):
        target = entry["fields"].get("command_id") if entry["command"] == "undo" else None
        if entry["command_id"] not in undone and target in unsent:
            undone.add(target)
    return undone


class _LastChanged:
    """Which rows a command was the last to change; the base is read once for all undos."""

    def __init__(self, painted: Painted, wanted: list[Any]) -> None:
        self._painted, self._wanted = painted, set(wanted)
        self._kinds: dict[str, dict[str, list[str]]] = {}

    def ids(self, kind: str, command_id: str) -> list[str]:
        if kind not in self._kinds:
            found = self._kinds[kind] = {}
            for row in self._painted.base.rows(EVERYWHERE, kind):
                if row.get("last_command_id") in self._wanted:
                    found.setdefault(row["last_command_id"], []).append(row["id"])
        beneath = self._kinds[kind].get(command_id, [])
        over = [row["id"] for row in self._painted.changed(kind) if row.get("last_command_id") == command_id]
        return sorted({*beneath, *over})


def _paint_undo(
    entry: Mapping[str, Any], painted: Painted, commands: Mapping[str, Mapping[str, Any]], last: _LastChanged
) -> None:
    command_id = entry["fields"].get("command_id")
    if not isinstance(command_id, str):
        return
    scope = {
        "field": entry["fields"], "now": entry.get("made_at"), "today": entry.get("today"), "actor": entry.get("actor"),
        "device": entry.get("device"), "site": entry.get("site"), "command": entry["command_id"], "get": painted.get,
    }  # fmt: skip
    for tag in sorted(commands):
        undoing = commands[tag].get("undo")
        for id in last.ids(undoing["kind"], command_id) if undoing else []:
            row = painted.get(undoing["kind"], id)
            # The row says which command changed it last, so that any device can paint the undo of another's.
            if row is not None and (row.get("last_command_id"), row.get("last_command")) == (command_id, tag):
                painted.set(undoing["kind"], id, effects.undo(undoing, row, scope))
