"""A person has dealt with what needed attention."""

from typing import Annotated, Any

from msgspec import Meta
from msgspec.json import decode

from backend.commands import REQUEST, Command, handles
from backend.effects import Patch
from backend.errors import Missing, Refused
from backend.fields import Id, Label, Text80
from backend.identity import EVERYBODY, MANAGERS
from backend.journal import close_case, find_case
from backend.values import field
from backend.work import Work


class CloseCase(
    Command,
    tag="sync.close_case",
    truth=REQUEST,
    title="Dealt with",
    roles=EVERYBODY,
    effect=[Patch("case", field.case_id, open=False)],
):
    """Somebody dealt with an entry that was flagged, held or refused, and says how. The journal keeps it all."""

    case_id: Id
    reason: Annotated[Text80, Meta(min_length=1), Label("What was done about it")]


@handles(CloseCase)
def close(closing: CloseCase, work: Work) -> None:
    case = find_own_case(closing.case_id, work)
    if case is None:
        return work.noop("already_closed", "Somebody has already dealt with it.")
    return settle(case, closing.reason, work)


def settle(case: Any, reason: str, work: Work) -> None:
    """Somebody has dealt with it."""
    close_case(work.session, case.command_id, work.actor.id, reason, work.happened_at)
    work.publish("case", case.command_id)


def find_own_case(case_id: str, work: Work) -> Any | None:
    """A case that is this person's to decide, or None when somebody has dealt with it."""
    case = find_case(work.session, case_id)
    if case is None:
        raise Missing("There is nothing open by that name.")
    work.keep_to_site(case.site_id)
    if case.closed_at is not None:
        return None
    # What came to nothing is its author's or a manager's to close, or whoever's own entry it met; nobody else's.
    if work.actor.id not in (case.actor_id, *decode(case.told or "[]")) and not work.actor.may(MANAGERS):
        raise Refused("Only who entered it or a manager may close this.", "not_yours")
    return case
