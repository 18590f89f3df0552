"""Telling: what was said about a request is noted, and everybody who may see it is told."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from backend.approvals.models import Approval, ApprovalStep
from backend.commands import Command
from backend.effects import Patch, Step
from backend.errors import Held, Missing, Refused
from backend.filters import o_clock
from backend.values import actor, field, now, row
from backend.waiting import ENDED, read_waiting
from backend.work import Work

STILL_ASKED = [(row.state, "eq", "asked")]
# Put together once: that costs more than the database takes to answer.
COUNTING = (
    select(ApprovalStep)
    .where(
        ApprovalStep.approval_id.in_(bindparam("ids", expanding=True)), ApprovalStep.what.in_(["approved", "changed"])
    )
    .order_by(ApprovalStep.place)
)


def spoken(what: str, said: object = "", **also: object) -> Step:
    """The paint of something said about a request that still waits, for who may decide."""
    return Patch(
        "approval", field.approval_id, last_decision=what, last_by=actor, last_at=now, last_note=said, when=STILL_ASKED,
        **also,
    )  # fmt: skip


def note(approval: Approval, what: str, said: str, work: Work) -> ApprovalStep:
    """Add a step, and have the request shown anew."""
    last = work.session.scalar(select(func.max(ApprovalStep.place)).where(ApprovalStep.approval_id == approval.id)) or 0
    step = ApprovalStep(
        id=work.new_id(f"{approval.id}/{what}"), approval_id=approval.id, place=last + 1, what=what, by=work.actor.id,
        by_name=work.actor.name, note=said, hash=approval.hash, at=work.happened_at,
    )  # fmt: skip
    work.session.add(step)
    work.session.flush()
    show(approval, work)
    work.concerns(approval.id)
    work.publish("approval_step", step.id)
    return step


def show(approval: Approval, work: Work) -> None:
    """Show it again to who decides and to who asked."""
    for kind in ("approval", "asked"):
        work.publish(kind, approval.id)


def end(approval: Approval, state: str, said: str, work: Work) -> None:
    """It ends without a yes: noted, and told to the room that asked."""
    approval.state = state
    note(approval, state, said, work)
    if hear := ENDED.get(approval.command):
        try:
            waiting = waiting_of(approval)
        except Held:
            # No room can hear of what this server cannot read any more; it ends all the same.
            return
        hear(waiting, state, work)


def waiting_of(approval: Approval) -> Command:
    """The command that waits."""
    try:
        return read_waiting(approval.command, approval.waiting_fields)
    except (KeyError, msgspec.ValidationError) as error:
        raise Held("This server cannot read this request any more. Have it asked for again.", "unreadable") from error


def find(approval_id: str, work: Work) -> Approval:
    """The request, at this site; anybody else's does not exist."""
    found = work.session.get(Approval, approval_id, with_for_update=True)
    if found is None or found.state == "not_needed":
        raise Missing("There is no such request.")
    work.keep_to_site(found.site_id)
    return found


def is_over(approval: Approval, work: Work) -> bool:
    """Whether somebody was faster; then the author is told who and when, and nothing changes."""
    if approval.state == "asked":
        return False
    if approval.state == "withdrawn":
        raise Refused("It was withdrawn by who asked for it.", "withdrawn")
    if approval.state == "expired":
        raise Refused("Nobody answered in time, so it has expired. It must be asked for again.", "expired")
    query = select(ApprovalStep).where(ApprovalStep.approval_id == approval.id, ApprovalStep.what == approval.state)
    step = work.session.scalars(query.order_by(ApprovalStep.place.desc())).first()
    assert step is not None, approval.id
    at = o_clock(step.at.astimezone(ZoneInfo(work.site.zone_name)), "en")
    who = "you" if step.by == work.actor.id else step.by_name
    work.noop("already_decided", f"Already decided by {who} at {at}.")
    return True


def steps_of(approval: Approval, work: Work, what: str) -> list[ApprovalStep]:
    """What of one kind was said about the content as it stands."""
    query = select(ApprovalStep).where(ApprovalStep.approval_id == approval.id, ApprovalStep.what == what)
    return list(work.session.scalars(query.where(ApprovalStep.hash == approval.hash).order_by(ApprovalStep.place)))


def has_said_yes(approval: Approval, staff_id: str, work: Work) -> bool:
    """Whether this person's yes counts already."""
    return staff_id in said_yes(work.session, [approval.id]).get(approval.id, [])


def said_yes(session: Session, ids: Sequence[str]) -> dict[str, list[str]]:
    """Whose yes counts, of each request, in its order: given since it was last sent back."""
    people: dict[str, list[str]] = {}
    for step in session.scalars(COUNTING, {"ids": ids}):
        if step.what == "changed":
            people.pop(step.approval_id, None)
        else:
            people.setdefault(step.approval_id, []).append(step.by)
    return people
