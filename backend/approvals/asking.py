"""Asking: another room's handler hands over a command that may need a second person's yes."""

from collections.abc import Mapping

from backend.approvals.models import Approval
from backend.approvals.rights import anybody_else, rule_for
from backend.approvals.telling import note
from backend.commands import Command, tag_of
from backend.errors import Held, Refused
from backend.feed import encode
from backend.waiting import KINDS, FrozenCase, hash_of
from backend.within import fields_of, perform_within
from backend.work import Work

ALONE = "Nobody else may approve this, so it was done at once. Look at it when you review the week."


def ask(
    work: Work,
    waiting: Command,
    *,
    excluded: Mapping[str, str] | None = None,
    reason: str | None = None,
    part: str = "",
) -> Approval:
    """Have `waiting` performed: at once where the rules allow it, otherwise once a second person said yes.

    Call it from a request's or fact's handler, as the last thing it does; its command's outcome is *applied*,
    because the asking is done. The class of `waiting` needs `@waiting.case_for`, and roles NOBODY if no device
    may ever send it directly: it is performed without a look at its roles, in the name of who asked.
    `excluded`: who may never approve, by staff id, with why as the end of a sentence ("counted it"); the asker
    always is. `reason` is shown to who decides. `part` tells apart what one command asks for several times.
    Returns the request: state `asked` while it waits, `not_needed` when it was performed. Raises Refused or Held,
    with the waiting command's own sentence, when it was to be performed at once and could not be.
    """
    tag = tag_of(type(waiting))
    rule, fields, one = rule_for(tag, work), fields_of(waiting), f"{tag}/{part}" if part else tag
    case: FrozenCase = KINDS[tag].case(waiting, work)
    approval = Approval(
        id=work.new_id(f"approval/{one}"), site_id=work.site.id, command=tag, waiting_id=work.new_id(f"waiting/{one}"),
        fields=encode(fields).decode(), shown=encode(case).decode(), hash=hash_of(tag, fields, case),
        excluded=encode(dict(excluded or {})).decode(), amount=case.amount, reason=reason, asked_by=work.actor.id,
        asked_at=work.happened_at, expires_at=work.received_at + rule.waits, state="asked", levels=rule.levels,
        given=0, escalated_at=None, passed_to=None, filed_at=None,
    )  # fmt: skip
    needed = rule.needs(case.amount)
    alone = needed and not anybody_else(rule, case.amount, set(approval.shut_out), work)
    # Who has the right and is only alone with it goes on; a reviewer sees it flagged (small offices).
    mine = rule.gives(set(work.actor.roles), case.amount, 1)
    barred = work.actor.id in {**case.excluded, **(excluded or {})}
    if needed and not (alone and mine and not barred):
        keep(approval, "asked", reason or "", work)
        work.say("waits", f"{case.title}: this waits for a second person's approval.")
        return approval
    approval.state = "not_needed"
    done = perform_within(work, waiting, approval.waiting_id, work.actor)
    if done.outcome == "held":
        raise Held(done.say, done.code)
    if done.outcome == "refused":
        raise Refused(done.say, done.code)
    keep(approval, "not_needed", reason or "", work)
    if needed:
        work.flag("alone", ALONE)
    return approval


def keep(approval: Approval, what: str, said: str, work: Work) -> None:
    """Store it with its first step."""
    work.session.add(approval)
    work.session.flush()
    note(approval, what, said, work)
