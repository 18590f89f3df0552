"""Deciding: a second person says yes or no to exactly what they were shown.

There is no undo: what was approved has been done, and is taken back by its own room's means; what was declined is
asked for again, so that the second look is never skipped.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from backend.approvals.models import Approval
from backend.approvals.rights import may_say_yes, rule_for, staff_of
from backend.approvals.telling import STILL_ASKED, end, find, has_said_yes, is_over, note, spoken, steps_of, waiting_of
from backend.commands import REQUEST, Command, handles
from backend.effects import Append
from backend.errors import Held, Problem, Refused
from backend.feed import encode
from backend.fields import Id, Label, Text80
from backend.identity import EVERYBODY, Actor
from backend.values import actor, field
from backend.waiting import KINDS, FrozenCase, difference, hash_of
from backend.within import perform_within
from backend.work import Work

Why = Annotated[str, Meta(min_length=1, max_length=500, extra={"reader": "text"})]


class Approve(
    Command,
    tag="approvals.approve",
    truth=REQUEST,
    title="Approved",
    roles=EVERYBODY,
    effect=[
        spoken("approved", field.root_cause),
        Append("approval", field.approval_id, "said_yes", actor, when=STILL_ASKED),
    ],
    server_decides=("last_note",),
):
    """Somebody said yes to a request as it was shown (its content hash comes with it). Whose yes counts, rules say.

    Where the kind of request wants it, they also say why it came to this: one of its reasons, and the root cause.
    """

    approval_id: Id
    reason: Annotated[Text80, Label("Reason")] | None = None
    root_cause: Annotated[Why, Label("Root cause")] | None = None


@handles(Approve)
def approve(approving: Approve, work: Work) -> None:
    approval = find(approving.approval_id, work)
    if is_over(approval, work):
        return
    judge(approval, work)
    if has_said_yes(approval, work.actor.id, work):
        raise Refused("You have approved this already; now a second person must.", "second_person")
    refuse_without_reason(approval, approving)
    if not is_as_shown(approval, work):
        return
    note(approval, "approved", ": ".join(filter(None, (approving.reason, approving.root_cause))), work)
    # The rules of now: how many must say yes may be another number than when it was asked.
    approval.levels = max(1, rule_for(approval.command, work).levels)
    approval.given += 1
    if approval.given < approval.levels:
        approval.passed_to = None
        work.say("first_level", "Approved. A second person must approve it too.")
        return
    approval.state = "approved"
    done = perform_within(work, explained(approval, approving), approval.waiting_id, asker_of(approval, work))
    if done.outcome in ("held", "refused"):
        send_back(approval, [done.say], work)
        work.hold("changed", f"It cannot be done as it stands now: {done.say} Look at it again.")


class Decline(
    Command,
    tag="approvals.decline",
    truth=REQUEST,
    title="Declined",
    roles=EVERYBODY,
    effect=[spoken("declined", field.reason, state="declined")],
):
    """Somebody who may approve a request said no, and why."""

    approval_id: Id
    reason: Annotated[Why, Label("Why not")]


@handles(Decline)
def decline(declining: Decline, work: Work) -> None:
    approval = find(declining.approval_id, work)
    if is_over(approval, work):
        return
    judge(approval, work)
    end(approval, "declined", declining.reason, work)


def refuse_without_reason(approval: Approval, approving: Approve) -> None:
    """Refuse a yes that does not say why, where its kind wants that."""
    if approval.reasons and (approving.reason not in approval.reasons or not approving.root_cause):
        raise Refused("Choose a reason and write down the root cause; then approve.", "no_reason")


def explained(approval: Approval, approving: Approve) -> Command:
    """The waiting command with what was said about it."""
    said: Any = {"reason": approving.reason, "root_cause": approving.root_cause} if approval.reasons else {}
    return msgspec.structs.replace(waiting_of(approval), **said)


def judge(approval: Approval, work: Work) -> None:
    """Refuse who may never decide it, and hold what somebody without the right decided."""
    if why := approval.shut_out.get(work.actor.id):
        raise Refused(f"You {why}, so somebody else must decide.", "four_eyes")
    if not may_say_yes(approval, rule_for(approval.command, work), work.actor.id, work.actor.roles, work):
        raise Held(f"{work.actor.name} may not decide about this. A manager or the owner must.", "no_right")


def is_as_shown(approval: Approval, work: Work) -> bool:
    """Whether what was seen is what it is now; otherwise it is shown anew and the yes does not count."""
    if work.seen == approval.hash:
        why = renew(approval, work)
        if not why:
            return True
        send_back(approval, why, work)
    else:
        told = [text for step in steps_of(approval, work, "changed") for text in step.note.split("\n")]
        why = told or [approval.case.title]
    say = " ".join(f"{text}." for text in why)
    work.hold("changed", f"This has changed since you saw it. {say} Look at it again.")
    return False


def renew(approval: Approval, work: Work) -> list[str]:
    """Compute the case again; what is different now, nothing if it is the same."""
    try:
        case: FrozenCase = KINDS[approval.command].case(waiting_of(approval), work)
    except Problem as problem:
        return [problem.say.removesuffix(".")]
    fresh = hash_of(approval.command, approval.waiting_fields, case)
    if fresh == approval.hash:
        return []
    told = difference(approval.case, case)
    approval.shown, approval.hash, approval.amount = encode(case).decode(), fresh, case.amount
    return told or ["What it concerns is different"]


def send_back(approval: Approval, why: list[str], work: Work) -> None:
    """It is asked anew: no yes that was given to the old content counts."""
    approval.state, approval.given = "asked", 0
    note(approval, "changed", "\n".join(why), work)


def asker_of(approval: Approval, work: Work) -> Actor:
    """In whose name it is performed; who has left meanwhile asked for it all the same."""
    known = staff_of(work.session, approval.site_id).get(approval.asked_by)
    if known is None:
        return Actor(approval.asked_by, "Somebody who left")
    return Actor(approval.asked_by, known["name"], frozenset(known["roles"]))
