"""Receipts: what a device is told of the commands that came through it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.clock import instant
from backend.journal import journal, receipt_copy, replica
from backend.sheets import Body, row

# One row per place where the receipt of an entry may be shown.
RECEIPTED = (
    select(journal, replica.c.forgotten_seq, receipt_copy.c.replica_id.label("copied_to"))
    .outerjoin(replica, replica.c.id == journal.c.replica_id)
    .outerjoin(receipt_copy, receipt_copy.c.command_id == journal.c.command_id)
    .where(journal.c.command_id.in_(bindparam("ids", expanding=True)))
)


@row("receipt", sheets=["receipts/{replica_ids}"])
def receipt_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """What a device is told of its commands; shown to every replica through which the command came."""
    entries: dict[str, Any] = {}
    shown_to: dict[str, set[str]] = {}
    for entry in session.execute(RECEIPTED, {"ids": ids}):
        id = entry.command_id
        entries[id] = entry
        own = {entry.replica_id} if entry.seq > (entry.forgotten_seq or 0) else set()
        copy = {entry.copied_to} if entry.copied_to else set()
        shown_to[id] = shown_to.get(id, set()) | own | copy
    return {
        id: {
            "replica_ids": sorted(shown_to[id]),
            "n": entry.n,
            "command": entry.command,
            "outcome": entry.outcome,
            "code": entry.code,
            "say": entry.say,
            "at": instant(entry.received_at),
        }
        for id, entry in entries.items()
        if shown_to[id]
    }
