"""Lapsing: what nobody answers is first pushed to the top of the list, and in the end given up."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.approvals.models import Approval
from backend.approvals.telling import end, find, note
from backend.commands import FACT, Command, handles
from backend.fields import Id
from backend.identity import NOBODY
from backend.work import Work


class Escalate(Command, tag="approvals.escalate", truth=FACT, title="Pushed a request", roles=NOBODY):
    """Half of the time for an answer is over, so the request is shown first, as pressing. A timed job of the office."""

    approval_id: Id


@handles(Escalate)
def escalate(escalating: Escalate, work: Work) -> None:
    approval = find(escalating.approval_id, work)
    if approval.state != "asked" or approval.escalated_at is not None:
        return work.noop("not_waiting", "It no longer waits.")
    approval.escalated_at = work.happened_at
    note(approval, "escalated", "", work)
    return None


class Expire(Command, tag="approvals.expire", truth=FACT, title="Let a request lapse", roles=NOBODY):
    """Nobody answered a request in the time that its rule gives. A timed job of the office."""

    approval_id: Id


@handles(Expire)
def expire(expiring: Expire, work: Work) -> None:
    approval = find(expiring.approval_id, work)
    if approval.state != "asked" or approval.expires_at > work.received_at:
        return work.noop("not_waiting", "It no longer waits, or has time left.")
    return end(approval, "expired", "", work)


def waiting(session: Session) -> list[Approval]:
    """Everything that waits."""
    return list(session.scalars(select(Approval).where(Approval.state == "asked").order_by(Approval.asked_at)))


def expiring_due(session: Session, now: datetime) -> list[dict[str, Any]]:
    """One for each request whose time is over."""
    return [{"approval_id": one.id} for one in waiting(session) if one.expires_at <= now]


def escalating_due(session: Session, now: datetime) -> list[dict[str, Any]]:
    """One for each request with half of its time gone that nobody was pushed about yet."""
    found = [one for one in waiting(session) if one.escalated_at is None and one.expires_at > now]
    return [{"approval_id": one.id} for one in found if now - one.asked_at >= (one.expires_at - one.asked_at) / 2]
