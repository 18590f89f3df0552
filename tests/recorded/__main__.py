"""`python -m tests.recorded tests/counts …`: runs these suites and records one of each version that has no example."""

import sys
from typing import Any

import pytest

from backend import performing
from tests.recorded import KINDS, Recorded, keep, recorded, shape_of


class Recorder:
    """Listens to what is performed; of several examples of one version, the one that says most is kept."""

    def __init__(self, missing: dict[tuple[str, int], Any]) -> None:
        self.missing = missing
        self.found: dict[tuple[str, int], Recorded] = {}

    def listen(self) -> None:
        keep_entry = performing.keep_entry

        def hear(session: Any, done: Any, *rest: Any) -> int:
            self.note(done.sent, done.receipt.outcome)
            return keep_entry(session, done, *rest)

        performing.keep_entry = hear

    def note(self, sent: Any, outcome: str) -> None:
        key = (sent.command, sent.v)
        if key not in self.missing or outcome not in ("applied", "flagged", "noop"):
            return
        kept = self.found.get(key)
        if kept is None or said(sent.fields) > said(kept.fields):
            shape = shape_of(self.missing[key])
            self.found[key] = Recorded(command=sent.command, v=sent.v, fields=sent.fields, was=sent.was, shape=shape)


def said(fields: dict[str, Any]) -> int:
    """How many of the fields say something."""
    return sum(value is not None for value in fields.values())


known = recorded()
missing = {(tag, v): kind for (tag, v), kind in KINDS.items() if v == kind.v}
for each in known:
    missing.pop((each.command, each.v), None)
recorder = Recorder(missing)
recorder.listen()
pytest.main(["-q", "-W", "ignore::pytest.PytestAssertRewriteWarning", *sys.argv[1:]])
keep([*known, *recorder.found.values()])
print("no example yet:", *sorted(missing.keys() - recorder.found.keys()))
