"""The rows that a device keeps of itself, as a browser without one has them: online, and nothing of its own."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.callers import Caller
from backend.clock import instant
from backend.deciding import Kinds
from backend.journal import journal
from backend.shelf import Shelf

# The office's own clock is the one that counts, and what it has is never news to it.
RIGHT = {"clock_ahead": 0, "clock_behind": 0, "news": 0}


def own_entries(session: Session, caller: Caller, kinds: Kinds) -> list[dict[str, Any]]:
    """What was done in a browser that keeps nothing, as the journal has it."""
    c = journal.c
    query = select(c.command_id, c.n, c.command, c.v, c.received_at, c.outcome, c.say)
    query = query.where(c.replica_id == caller.replica_id).order_by(c.seq.desc()).limit(50)
    return [
        {
            "kind": "entry",
            "id": done.command_id,
            "version": 1,
            "n": done.n,
            "command": done.command,
            "title": kind.title if (kind := kinds.get((done.command, done.v))) else done.command,
            "made_at": instant(done.received_at),
            "fate": done.outcome,
            "say": done.say,
            "about": "",
            "sort_key": f"{done.n:09d}",
        }
        for done in session.execute(query)
    ]


def own_state(session: Session, caller: Caller, app: str) -> dict[str, Any]:
    """The device's state where there is no device. `app` is the version of the pages."""
    attention = len(list(Shelf(session).rows([f"attention/{caller.actor.id}"], "case")))
    state = {"kind": "device_state", "id": "this", "version": 1, "online": True, "offline_since": None, "waiting": 0}
    state |= {"attention": attention, "copy_at": None, "persisted": None, "device_name": caller.device.name}
    state |= {"purpose": caller.purpose, "person": caller.actor.name, "replica": "", "unsent": 0, "sheets": 0}
    state |= {"enrolled": caller.device.id is not None, "rows": 0, "storage_used": 0}
    state |= {"app": app, "hidden": False, "hides_at": None}
    return state | {"pin": False, "passkey": False, "passphrase": False, "certificate": None, "too_old": False} | RIGHT
