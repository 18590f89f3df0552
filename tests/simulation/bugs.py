"""Bugs planted in memory, each a small change of one function, to see that the histories would catch it."""

import inspect
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from backend import deciding, feed, performing, pulling
from backend.sync import receiving
from tests.simulation.binder import Store
from tests.simulation.tablet import Tablet


class Bug(NamedTuple):
    """In `function`, `right` becomes `wrong`. `seed` is of a history that catches it."""

    function: Callable[..., Any]
    right: str
    wrong: str
    seed: int


BUGS = {
    "ids are forgotten": Bug(performing.perform_in, "if known is not None:", "if False:", 1),
    "no clone check": Bug(performing.perform_in, "raise NewReplica()", "pass", 16),
    "a clone is not told": Bug(performing.again, 'replica_kind == "device" and not told_here', 'replica_kind == ""', 7),
    "a clone's numbers are not used up": Bug(performing.again, "sent.n == last_n + 1", "False", 19),
    "what was refused is dropped": Bug(performing.keep_entry, "receipt.outcome in NEEDS_A_PERSON", "False", 1),
    "the number does not advance": Bug(performing.keep_entry, '"n": n})', '"n": n - 1})', 1),
    "a failed handler leaves its changes": Bug(deciding.attempt, "with work.session.begin_nested():", "if True:", 4),
    "no tombstone": Bug(feed.settle, "sorted(wanted | present[key].keys())", "sorted(wanted)", 4),
    "nothing is brought along": Bug(feed.publish_rows, "targets, seq)", "set(), seq)", 1),
    "a digest keeps old versions": Bug(feed.settle, "if here is not None else 0\n", "if False else 0\n", 1),
    "only new rows are published": Bug(
        feed.publish_rows, "before[key][1]]", "before[key][1] and not before[key][0]]", 1
    ),
    "a cut page ends at the head": Bug(
        pulling.page_of, "cursor.text() if cursor else", 'Cursor(epoch, head, END, "").text() if cursor else', 3
    ),
    "a cursor is only a number": Bug(
        pulling.read_page,
        "tuple_(c.seq, c.kind, c.id) > tuple_(literal(cursor.seq), literal(cursor.kind), literal(cursor.id))",
        "c.seq > cursor.seq",
        2,
    ),
    "receipts come first": Bug(
        pulling.since, "[*allowed, *([last] if last else [])]", "[*([last] if last else []), *allowed]", 2
    ),
    "a restored server is not noticed": Bug(receiving.exchange, "batch.epoch is not None and", "False and", 23),
    "receipts are never sent": Bug(receiving.pull, "last=receipts", "last=None", 1),
    "a late answer is applied": Bug(Tablet.answered, 'asked != flight["request_id"]', "False", 4),
    "the outbox is cleared on 200": Bug(Tablet.apply, "store.settle(receipts)", "store.outbox.clear()", 2),
    "a resync clears the outbox": Bug(Tablet.repair, "self.store.offer_all_again()", "self.store.outbox.clear()", 2),
    "cursors are stored before rows": Bug(
        Tablet.apply,
        'self.crash_when("crash_before_apply")',
        'for n, p in answer["sheets"].items():\n'
        '        if n in self.store.sheets: self.store.sheets[n].cursor = p["cursor"]\n'
        '    self.crash_when("crash_before_apply")',
        3,
    ),
    "a clone keeps its replica": Bug(Tablet.become_new_replica, "self.world.new_id()", "self.store.replica", 2),
    "a receipt is a row like any other": Bug(Tablet.apply, "store.settle(receipts)", "pass", 1),
    "a save is kept in memory only": Bug(Store.append, "if id not in self.outbox", "if len(self.outbox) < 3", 1),
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """The program with this bug in it, whoever has imported the function."""
    bug = BUGS[name]
    source = textwrap.dedent(inspect.getsource(bug.function))
    assert source.count(bug.right) == 1, f"{name}: the place is not there any more"
    namespace = dict(bug.function.__globals__)
    exec(compile(source.replace(bug.right, bug.wrong), f"<{name}>", "exec"), namespace)
    right = bug.function.__code__
    bug.function.__code__ = namespace[bug.function.__name__].__code__  # type: ignore[attr-defined]
    try:
        yield
    finally:
        bug.function.__code__ = right  # type: ignore[attr-defined]
