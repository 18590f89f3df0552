"""Bugs planted in memory, each a small change of one function, to see that the histories would catch it."""

import inspect
import textwrap
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from backend import deciding, effects, feed, painting, performing, pulling
from backend.approvals import deciding as approving
from backend.inventory import merging, moving
from backend.sync import receiving
from tests.simulation.playing import play_one
from tests.simulation.tablet import Tablet

# As many histories as a bug may live through.
MOST_HISTORIES = 2_000


class Bug(NamedTuple):
    """In `function`, `right` becomes `wrong`. `seed` is of a history that catches it."""

    function: Callable[..., Any]
    right: str
    wrong: str
    seed: int


BUGS = {
    "ids are forgotten": Bug(performing.perform_in, "if known is not None:", "if False:", 1),
    "idempotency by number only": Bug(
        performing.perform_in,
        "raise NewReplica()",
        'return Receipt(sent.command_id, "applied", "", ""), next_seq(session)',
        6,
    ),
    "no clone check": Bug(performing.perform_in, "raise NewReplica()", "pass", 41),
    "a clone is not told": Bug(performing.again, 'replica_kind == "device" and not told_here', 'replica_kind == ""', 1),
    "a clone's numbers are not used up": Bug(performing.again, "sent.n == last_n + 1", "False", 14),
    "what was refused is dropped": Bug(performing.keep_entry, "receipt.outcome in NEEDS_A_PERSON", "False", 1),
    "the number does not advance": Bug(performing.keep_entry, '"n": n})', '"n": n - 1})', 2),
    "no alarm for one id with other content": Bug(performing.again, "if not same:", "if False:", 19),
    "the sequence is taken early": Bug(
        performing.perform, "publish_rows(session, house.sheets, touched, seq)",
        "publish_rows(session, house.sheets, touched, seq - 1)", 2,
    ),
    "a body is built before the counter": Bug(
        performing.keep_entry, "seq = next_seq(session)",
        "from backend.feed import publish_rows\n"
        "    publish_rows(session, house.sheets, {('receipt', sent.command_id): None, **work.published}, 0)\n"
        "    work.published.clear()\n"
        "    seq = next_seq(session)", 1,
    ),
    "a failed handler leaves its changes": Bug(deciding.attempt, "with work.session.begin_nested():", "if True:", 28),
    "facts are held after a failed predecessor": Bug(deciding.decide, "kind.truth != FACT and ", "", 748),
    "an unknown command is dropped": Bug(
        deciding.decide, 'return Receipt(sent.command_id, "held", UNKNOWN, say), work',
        'return Receipt(sent.command_id, "noop", UNKNOWN, say), work', 7,
    ),
    "no tombstone": Bug(feed.settle, "sorted(wanted | present[key].keys())", "sorted(wanted)", 1),
    "nothing is brought along": Bug(feed.publish_rows, "targets, seq)", "set(), seq)", 1),
    "a digest keeps old versions": Bug(feed.settle, "if here is not None else 0\n", "if False else 0\n", 1),
    "only new rows are published": Bug(
        feed.publish_rows, "before[key][1]]", "before[key][1] and not before[key][0]]", 1
    ),
    "a cut page ends at the head": Bug(
        pulling.page_of, "cursor.text() if cursor else", 'Cursor(epoch, head, END, "").text() if cursor else', 8
    ),
    "a cursor is only a number": Bug(
        pulling.read_page, '"number" if cursor.kind == END else "row"', '"number"', 8,
    ),
    "receipts come first": Bug(
        pulling.since, "[*allowed, *([last] if last else [])]", "[*([last] if last else []), *allowed]", 22
    ),
    "the receipt is only in the reply": Bug(receiving.pull, "last=receipts", "last=None", 1),
    "a restored server is not noticed": Bug(receiving.exchange, "batch.epoch is not None and", "False and", 14),
    "a revoked device is sent rows": Bug(receiving.hand_in, 'device.state != "enrolled"', "False", 49),
    "an old app is sent away with its work": Bug(
        receiving.hand_in, "receipts = push(entries,",
        "receipts = push(entries if batch.proto == PROTO else [],", 1,
    ),
    "a scope does not shrink": Bug(receiving.pull, "name not in allowed and", "False and", 1),
    "an approval is not bound to content": Bug(
        approving.is_as_shown, "if work.seen == approval.hash:", "if True:\n        return True\n    if False:", 98
    ),
    "a balance is set instead of moved": Bug(moving.move, "stock.on_hand += quantity", "stock.on_hand = quantity", 10),
    "a movement goes twice into the balance": Bug(
        moving.move, "stock.on_hand += quantity", "stock.on_hand += 2 * quantity", 2
    ),
    "an undo is done by removing": Bug(
        moving.take_back, "move(movement.kind, item, place, movement.lot, -movement.quantity, work, **opposite)",
        "work.session.delete(movement)", 116,
    ),
    "who edits last wins all of it": Bug(merging.merged, "if recorded == shown:", "if False:", 116),
    "an effect is applied twice": Bug(
        painting.paint,
        'effects.apply(commands.get(entry["command"], {}).get("effect") or [], painted, entry, ranks)',
        'effects.apply((commands.get(entry["command"], {}).get("effect") or []) * 2, painted, entry, ranks)', 14,
    ),
    "a late arrival paints a visit backwards": Bug(
        effects._changed, "(found in rank and rank.index(value) <= rank.index(found))", "False", 750
    ),
    "a late answer is applied": Bug(Tablet.answered, 'asked != flight["request_id"]', "False", 53),
    "the outbox is cleared on 200": Bug(Tablet.apply, "store.settle(receipts)", "store.outbox.clear()", 4),
    "a resync clears the outbox": Bug(Tablet.agree, "self.store.offer_all_again()", "self.store.outbox.clear()", 7),
    "cursors are stored before rows": Bug(
        Tablet.apply,
        'self.crash_when("crash_before_apply")',
        'for n, p in answer["sheets"].items():\n'
        '        if n in self.store.sheets: self.store.sheets[n].cursor = p["cursor"]\n'
        '    self.crash_when("crash_before_apply")',
        2,
    ),
    "a clone keeps its replica": Bug(Tablet.become_new_replica, "self.world.new_id()", "self.store.replica", 6),
    "a receipt is a row like any other": Bug(Tablet.apply, "store.settle(receipts)", "pass", 1),
    "a save is not read back": Bug(Tablet.keep, 'if self.store.has(entry["command_id"]):', "if True:", 3),
}  # fmt: skip


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


def catch(name: str, seeds: Iterable[int]) -> tuple[int, str] | None:
    """The first of these histories that catches a bug, and what it says; None when all let it through."""
    with planted(name):
        for seed in seeds:
            if violations := play_one(seed).violations:
                return seed, violations[0]
    return None
