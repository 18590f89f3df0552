"""Trying: what another rule would have meant for the requests of the last 30 days, before anybody asks for it."""

from datetime import timedelta
from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.params import FromPath, RawBody
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.approvals.models import SAID, Approval, ApprovalRule
from backend.approvals.ruling import ChangeRule
from backend.at_office import form_of, only_for, show
from backend.callers import same_origin
from backend.errors import Missing
from backend.fields import read, specs
from backend.identity import MANAGERS
from backend.serving import office_of, read_form, scope_of
from backend.waiting import KINDS

DAYS = timedelta(days=30)
FIRST = "Only a manager sees to the rules. Ask the office manager."


# An address of its own: the router would no longer look for the pages below /approvals beside it.
@post("/approval-rules/{rule_id:str}/preview", sync_to_thread=True, status_code=200)
def preview(request: Request, rule_id: FromPath[str], body: RawBody) -> Response[str]:
    """The rule as typed, and of how many requests it would have asked a second person. Nothing changes."""
    office = office_of(request)
    same_origin(request)
    form = read_form(body)
    with office.database.read() as session:
        caller = only_for(request, session, MANAGERS, FIRST)
        rule = session.get(ApprovalRule, rule_id)
        if rule is None or rule.site_id != caller.site.id or rule.command not in KINDS:
            raise Missing("There is no such rule.")
        scope, words = scope_of(caller, office), office.answering.manifest["words"].get(caller.language, {})
        given = {**form, "rule_id": [rule_id]}
        fields, complaints = read(specs(ChangeRule), given, scope["today"], caller.language, words)
        typed = {name: msgspec.to_builtins(fields[name]) for name in SAID} if not complaints else rule.values
        counts = {} if complaints else count(session, rule, typed, office.clock.now())
        title = KINDS[rule.command].title
    shown = {"id": rule_id, "title": title, **typed}
    said = form_of(complaints=complaints, complaint=" ".join(complaints.values()))
    return show(
        office, caller, "approvals.preview", "approvals/preview.html", 422 if complaints else 200,
        form=said, rule=shown, counts=counts,
    )  # fmt: skip


def count(session: Session, rule: ApprovalRule, typed: dict[str, Any], now: Any) -> dict[str, int]:
    """All requests of this kind at the site, those that needed a yes, and those that would have."""
    query = select(Approval.amount, Approval.state).where(
        Approval.site_id == rule.site_id, Approval.command == rule.command, Approval.asked_at >= now - DAYS
    )
    asked = session.execute(query).all()
    tried = ApprovalRule(amount_from=typed["amount_from"], levels=typed["levels"])
    return {
        "all": len(asked),
        "did": sum(one.state != "not_needed" for one in asked),
        "would": sum(tried.needs(one.amount) for one in asked),
    }
