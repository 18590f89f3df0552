"""The history of a request: who asked, what was said about it, and what was done in the end."""

from sqlalchemy.orm import Session

from backend.approvals.models import Approval
from backend.histories import History, Thing
from backend.identity import MANAGERS
from backend.readers import dollars
from backend.work import Site


def approval_of(session: Session, site: Site, approval_id: str) -> Thing | None:
    """Also one that was filed away, or that needed nobody; those have no page any more."""
    found = session.get(Approval, approval_id)
    if found is None or found.site_id != site.id:
        return None
    amount = [dollars(found.amount)] if found.amount is not None else []
    page = f"/approvals/{found.id}" if found.state != "not_needed" and found.filed_at is None else ""
    return Thing(found.case.title, amount, page, [found.id])


histories = [History("approval", "History of a request", approval_of, MANAGERS, ("approvals/{site}", "office/{site}"))]
