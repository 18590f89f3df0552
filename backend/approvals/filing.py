"""Filing: what was decided leaves the devices a month later, and stays on the record of the office."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.approvals.models import Approval, ApprovalStep
from backend.approvals.telling import find, show
from backend.commands import FACT, Command, handles
from backend.fields import Id
from backend.identity import NOBODY
from backend.work import Work

KEPT_IN_SIGHT = timedelta(days=30)


class FileAway(Command, tag="approvals.file_away", truth=FACT, title="Filed a request away", roles=NOBODY):
    """A request that was over long ago is on no device any more. A timed job of the office."""

    approval_id: Id


@handles(FileAway)
def file_away(filing: FileAway, work: Work) -> None:
    approval = find(filing.approval_id, work)
    if approval.state == "asked" or approval.filed_at is not None:
        return work.noop("not_over", "It still waits, or was filed away before.")
    approval.filed_at = work.received_at
    work.session.flush()
    show(approval, work)
    for step_id in work.session.scalars(select(ApprovalStep.id).where(ApprovalStep.approval_id == approval.id)):
        work.publish("approval_step", step_id)
    return None


def filing_due(session: Session, now: datetime) -> list[dict[str, Any]]:
    """One for each request that was over, and about which nothing was said, for a month."""
    last = select(ApprovalStep.approval_id, func.max(ApprovalStep.at).label("at")).group_by(ApprovalStep.approval_id)
    of = last.subquery()
    over = select(Approval.id).join(of, of.c.approval_id == Approval.id).order_by(Approval.id)
    over = over.where(Approval.state.not_in(["asked", "not_needed"]), Approval.filed_at.is_(None))
    return [{"approval_id": id} for id in session.scalars(over.where(of.c.at <= now - KEPT_IN_SIGHT))]
