"""Deciding: one command is tried inside a savepoint, and one of the five outcomes comes of it."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from backend.clock import Reading, act_time
from backend.commands import FACT, Command, Undo, read, tag_of, upcast
from backend.errors import Held, Problem
from backend.identity import Actor
from backend.journal import Outcome, Receipt, find_entry, journal
from backend.logs import log, where
from backend.settings import Settings
from backend.work import Device, Site, Work

# What the next release decides again: what a bug of ours stopped, and what this release does not know yet.
FAULT, UNKNOWN = "our_fault", "unknown_command"
RETRIED = (FAULT, UNKNOWN)
# Held before anything was tried of it, though somebody proves to have entered it.
RECORDABLE = ("device_retired", "device_lost", "left_meanwhile", "not_for_device")


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A command as a device, a form, an import or a timed job hands it in."""

    command_id: str
    command: str
    fields: dict[str, Any]
    v: int = 1
    n: int | None = None
    made: Reading | None = None
    was: dict[str, Any] = {}
    seen: str | None = None
    after: list[str] = []


def sent_by_us(kind: type[Command], command_id: str, fields: dict[str, Any]) -> Sent:
    """What the office itself gives: under the present name and version."""
    return Sent(command_id=command_id, command=tag_of(kind), v=kind.v, fields=fields)


def said_again(entry: Any, command_id: str) -> Sent:
    """What an entry of the journal said, to be performed once more under an id."""
    said = msgspec.json.decode(entry.payload)
    made = msgspec.convert(said["made"], Reading) if "made" in said else None
    known = {name: said[name] for name in ("fields", "was", "seen")}
    after = said.get("after", [])
    return Sent(command_id=command_id, command=entry.command, v=entry.v, made=made, after=after, **known)


@dataclass(frozen=True)
class Asked:
    """Through whom and from where a command came; `hold` is a reason (code, sentence) not to apply any of it."""

    replica_id: str
    replica_kind: str
    device: Device
    site: Site
    actor: Actor
    received_at: datetime
    sent_clock: Reading | None = None
    hold: tuple[str, str] | None = None
    happened: tuple[datetime, bool] | None = None  # known already, as of an entry that is tried again
    caused_by: str | None = None


Kinds = dict[tuple[str, int], type[Command]]


def decide(session: Session, sent: Sent, asked: Asked, kinds: Kinds, settings: Settings) -> tuple[Receipt, Work]:
    """Perform the command, or find out why not. Raises OperationalError or IntegrityError only."""
    happened_at, happened_about = when(sent, asked)
    work = Work(
        session=session,
        command_id=sent.command_id,
        actor=asked.actor,
        device=asked.device,
        site=asked.site,
        happened_at=happened_at,
        happened_about=happened_about,
        received_at=asked.received_at,
        was=sent.was,
        seen=sent.seen,
        settings=settings,
        kinds=kinds,
    )
    kind = kinds.get((sent.command, sent.v))
    if asked.hold:
        offer_to_record(sent, asked, kinds, work)
        return Receipt(sent.command_id, "held", *asked.hold), work
    if kind is None:
        say = "This server does not know this kind of entry yet. It is kept until it does."
        return Receipt(sent.command_id, "held", UNKNOWN, say), work
    stopped: Outcome = "held" if kind.truth == FACT else "refused"
    if not asked.actor.may(kind.who_may):
        say = f"{asked.actor.name} may not do this. Ask the office manager."
        if stopped == "held":
            offer_to_record(sent, asked, kinds, work)
        return Receipt(sent.command_id, stopped, "not_allowed", say), work
    # An upcaster that fails is a bug of ours, which the building holds.
    fields, work.was = upcast(kind, sent.v, sent.fields, sent.was)
    try:
        command = read(kind, fields)
    except msgspec.ValidationError as error:
        say = f"What was entered cannot be read: {field_of(error)}. Enter it again."
        return Receipt(sent.command_id, stopped, "unreadable", say), work
    if kind.truth != FACT and (waits := failed_before(session, sent.after)):
        say = "It builds on an entry that was not applied; decide that one first."
        return Receipt(sent.command_id, "held", f"after_{waits}", say), work
    return attempt(command, work, kinds, stopped), work


def offer_to_record(sent: Sent, asked: Asked, kinds: Kinds, work: Work) -> None:
    """What is held only because of who entered it, or where, is recorded by a manager's tap as it was entered.

    Not what nobody proves to have entered; and a decision is about what was seen, so it is made anew.
    """
    kind = kinds.get((sent.command, sent.v))
    if kind is None or kind is Undo or sent.seen or (asked.hold and asked.hold[0] not in RECORDABLE):
        return
    try:
        fields, was = upcast(kind, sent.v, sent.fields, sent.was)
        command = read(kind, fields)
    except Exception:
        # Nobody could record what cannot be read.
        return
    does = "It is recorded as it was entered, in the name of who entered it and at that time."
    work.offer("record", "Record it", does, command, was, managers=True, as_entered=True)


def attempt(command: Command, work: Work, kinds: Kinds, stopped: Outcome) -> Receipt:
    """Run the handler inside a savepoint: what it leaves on failure is nothing but the outcome."""
    id = work.command_id
    try:
        with work.session.begin_nested():
            if isinstance(command, Undo):
                undo(command, work, kinds)
            else:
                type(command).handler(command, work)  # type: ignore[attr-defined]
            work.session.flush()
    except Held as held:
        return stop(work, Receipt(id, "held", held.code, held.say))
    except Problem as problem:
        return stop(work, Receipt(id, stopped, problem.code, problem.say))
    except (OperationalError, IntegrityError):
        # Not a bug: somebody else made the same thing in this moment, and who tries again finds it.
        raise
    except Exception as error:
        return stop(work, Receipt(id, "held", *fault(id, error)))
    if work.held:
        return Receipt(id, "held", *work.held)
    if work.flags:
        return Receipt(id, "flagged", work.flags[0][0], " ".join(say for _, say in work.flags))
    code, say = work.said or ("applied", "")
    return Receipt(id, "noop" if work.changed_nothing else "applied", code, say)


def fault(command_id: str, error: Exception) -> tuple[str, str]:
    """A bug of ours must not block a tablet, nor may its message (it quotes values) reach the log."""
    error_id = uuid.uuid4().hex[:8]
    log.error("our_fault", command_id=command_id, error=type(error).__name__, where=where(error), error_id=error_id)
    say = f"Something went wrong on our side (fault {error_id}). The entry is kept and will be tried again."
    return FAULT, say


def stop(work: Work, receipt: Receipt) -> Receipt:
    """A command that was not applied has changed nothing, so nothing of it is published."""
    work.published.clear()
    work.within.clear()
    return receipt


def undo(command: Undo, work: Work, kinds: Kinds) -> None:
    """Hand the undone command to its own room, unless there is nothing of it to undo."""
    entry = find_entry(work.session, command.command_id)
    if entry is None:
        raise Problem("There is nothing to undo: that entry has not reached the office.", "nothing_to_undo")
    if entry.outcome in ("held", "refused"):
        return work.noop("was_not_applied", "That entry was never applied, so there is nothing to undo.")
    kind = kinds.get((entry.command, entry.v))
    if kind is None or not hasattr(kind, "undoing") or entry.payload is None:
        raise Problem("This kind of entry cannot be undone; correct it with a new one.", "cannot_undo")
    if not work.actor.may(kind.who_may):
        raise Problem(f"{work.actor.name} may not undo this. Ask the office manager.", "not_allowed")
    kind.undoing(entry.command_id, read(kind, fields_said(kind, entry)), work)
    cause = find_entry(work.session, entry.caused_by) if entry.caused_by and not work.changed_nothing else None
    asked = kinds.get((cause.command, cause.v)) if cause is not None and cause.payload is not None else None
    if asked is not None and hasattr(asked, "asking_again"):
        asked.asking_again(read(asked, fields_said(asked, cause)), work)
    return None


def fields_said(kind: type[Command], entry: Any) -> dict[str, Any]:
    """The fields of an entry, as those of today's version."""
    said = msgspec.json.decode(entry.payload)
    fields, _ = upcast(kind, entry.v, said["fields"], said["was"])
    return fields


def failed_before(session: Session, after: list[str]) -> str | None:
    """The outcome of the first predecessor that was not applied, nor came to be by what was done about it."""
    if not after:
        return None
    again = journal.alias()
    done = select(again.c.seq).where(
        again.c.caused_by == journal.c.command_id,
        again.c.command == journal.c.command,
        again.c.outcome.not_in(("held", "refused")),
    )
    failed = journal.c.outcome.in_(("held", "refused"))
    query = select(journal.c.outcome).where(journal.c.command_id.in_(after), failed, ~done.exists())
    return session.execute(query.limit(1)).scalar()


def field_of(error: msgspec.ValidationError) -> str:
    """Which field does not fit. The rest of the message may quote what was typed."""
    _, _, path = str(error).rpartition("$.")
    return f"the field “{path.strip('`')}”" if path and path != str(error) else "a field is missing or unknown"


def when(sent: Sent, asked: Asked) -> tuple[datetime, bool]:
    """When the act was done, and whether that is only about right. At a form or on the server, it is now."""
    if asked.happened is not None:
        return asked.happened
    if asked.sent_clock is None and sent.made is None:
        return asked.received_at, False
    return act_time(sent.made, asked.sent_clock, asked.received_at)
