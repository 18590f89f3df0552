"""What a tablet keeps: its sheets, its outbox and what was decided; every change of it is one transaction."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from backend.paths import covers

Row = dict[str, Any]


def fingerprint(kind: str, id: str, version: int) -> int:
    """Spelled out here again, so that the two sides check each other."""
    return int(hashlib.sha256(f"{kind}\n{id}\n{version}".encode()).hexdigest()[:32], 16)


@dataclass
class Sheet:
    """One sheet as held: its rows by kind and id, and where it stands. An empty cursor asks for it afresh."""

    cursor: str = ""
    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    digest: int = 0
    complete: bool = False

    def copy(self) -> "Sheet":
        return replace(self, rows={kind: dict(rows) for kind, rows in self.rows.items()})

    def take(self, page: dict[str, Any]) -> None:
        for kind, id, version, body in page["rows"]:
            held = self.rows.setdefault(kind, {})
            if id in held:
                self.digest -= fingerprint(kind, id, held.pop(id)["version"])
            if body is not None:
                # A body may have a `kind` of its own.
                held[id] = {"kind": kind, "id": id, "version": version, **body}
                self.digest += fingerprint(kind, id, version)
        self.digest %= 2**128
        self.cursor = page["cursor"]
        self.complete = self.complete or "digest" in page


@dataclass
class Entry:
    """One command in the outbox or among the decided. `again` is offered a second time and painted no more."""

    n: int
    replica: str
    command: dict[str, Any]
    again: bool = False
    outcome: dict[str, Any] | None = None


@dataclass
class Store:
    """The profile of one tablet: all that outlives a crash."""

    device_id: str
    replica: str
    epoch: str | None = None
    acked_n: int = 0
    sheets: dict[str, Sheet] = field(default_factory=dict)
    outbox: dict[str, Entry] = field(default_factory=dict)
    decided: dict[str, Entry] = field(default_factory=dict)

    def copy(self) -> "Store":
        """The profile copied to another tablet."""
        return replace(
            self,
            sheets={name: sheet.copy() for name, sheet in self.sheets.items()},
            outbox={id: replace(entry) for id, entry in self.outbox.items()},
            decided={id: replace(entry) for id, entry in self.decided.items()},
        )

    def has(self, id: str) -> bool:
        """Whether the store, read again, knows the command."""
        return id in self.outbox or id in self.decided

    def pending(self) -> list[Entry]:
        return sorted(self.outbox.values(), key=lambda entry: entry.n)

    def last_number(self) -> int:
        entries = [*self.outbox.values(), *self.decided.values()]
        return max([self.acked_n, *(entry.n for entry in entries if entry.replica == self.replica)])

    def append(self, command: dict[str, Any]) -> None:
        id = command["command_id"]
        if id not in self.outbox and id not in self.decided:
            self.outbox[id] = Entry(self.last_number() + 1, self.replica, command)

    def renumber(self, replica: str) -> None:
        """A cloned profile becomes a replica of its own: new numbers, the same command ids."""
        for n, entry in enumerate(self.pending(), start=1):
            entry.n, entry.replica = n, replica
        self.replica, self.acked_n = replica, 0

    def offer_again(self, expect: int) -> bool:
        for id, entry in list(self.decided.items()):
            if entry.replica == self.replica and entry.n >= expect:
                self._move_back(id, entry.n)
        return any(entry.n == expect for entry in self.outbox.values())

    def offer_all_again(self) -> None:
        n = self.last_number()
        for id, entry in sorted(self.decided.items(), key=lambda item: item[1].n):
            if entry.replica != self.replica:
                n += 1
            self._move_back(id, entry.n if entry.replica == self.replica else n)

    def _move_back(self, id: str, n: int) -> None:
        entry = self.decided.pop(id)
        self.outbox[id] = Entry(n, self.replica, entry.command, again=True)

    def settle(self, receipts: list[list[Any]]) -> None:
        for _, id, _, body in receipts:
            if body is None:
                continue
            entry = self.outbox.pop(id, None) or self.decided.get(id)
            if entry is not None:
                self.decided[id] = replace(entry, again=False, outcome=body)

    # The base of the painting, as `web/worker/sight.js` is.

    def get(self, kind: str, id: str, sheets: list[str]) -> Row | None:
        for name, sheet in self.sheets.items():
            if id in sheet.rows.get(kind, ()) and covers(sheets, name):
                return sheet.rows[kind][id]
        return None

    def rows(self, sheets: list[str], kind: str) -> Iterator[Row]:
        for name, sheet in self.sheets.items():
            if kind in sheet.rows and covers(sheets, name):
                yield from sheet.rows[kind].values()


def place_of(cursor: str) -> tuple[str, tuple[int, str, str]]:
    """The epoch of a cursor, and where it stands."""
    epoch, seq, kind, id, *_ = json.loads(cursor)
    return epoch, (seq, kind, id)
