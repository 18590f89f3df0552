"""Within: a handler has another command performed in its own transaction, in the name of who asked for it."""

from typing import Any, NamedTuple

import msgspec

from backend.commands import Command, tag_of
from backend.deciding import Asked, Sent, attempt
from backend.identity import Actor
from backend.journal import Receipt
from backend.work import Work

# The replica of commands that were performed within another. Only the holder of the counter ever numbers it.
WITHIN_REPLICA = "00000000-0000-7000-8000-00000000000e"


class Inner(NamedTuple):
    """A command that was decided and is about to be written into the journal."""

    sent: Sent
    asked: Asked
    receipt: Receipt
    work: Work


def perform_within(
    work: Work,
    command: Command,
    command_id: str,
    actor: Actor,
    was: dict[str, Any] | None = None,
    seen: str | None = None,
) -> Receipt:
    """Perform the command inside a savepoint of its own, now, at the same place and by the same rules as any.

    Who calls vouches for the right to it, so that a command which nobody may send can still be performed.
    Applied, flagged or done already: it is journaled behind the command at hand, which is named as its cause.
    Held or refused: nothing of it stays, also not in the journal; the receipt says why.
    """
    inner = work.afresh(command_id=command_id, actor=actor, was=was or {}, seen=seen)
    receipt = attempt(command, inner, {}, "refused")
    if receipt.outcome in ("applied", "noop", "flagged"):
        kind = type(command)
        fields = fields_of(command)
        sent = Sent(command_id=command_id, command=tag_of(kind), fields=fields, v=kind.v, was=inner.was, seen=seen)
        asked = Asked(
            WITHIN_REPLICA, "server", work.device, work.site, actor, work.received_at, caused_by=work.command_id
        )
        work.within += [Inner(sent, asked, receipt, inner), *inner.within]
    return receipt


def fields_of(command: Command) -> dict[str, Any]:
    """The command's fields as plain values, as a device would send them."""
    fields: dict[str, Any] = msgspec.to_builtins(command)
    return {name: value for name, value in fields.items() if name != "command"}
