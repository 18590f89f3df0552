"""Who may say yes: by role, by amount, in their own name or standing in; and who never may."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.approvals.models import Approval, ApprovalRule, StandIn
from backend.feed_tables import seen_row
from backend.ids import derived
from backend.waiting import KINDS
from backend.work import Work

# Put together once: that costs more than the database takes to answer.
STAFF = select(seen_row.c.id, seen_row.c.body).where(seen_row.c.kind == "staff_member")
BOTH = "manager owner"
NOBODY_ID = "00000000-0000-7000-8000-000000000000"


def rule_for(command: str, work: Work) -> ApprovalRule:
    """The site's rule for this kind of command; the first time, as its room declared it."""
    id = derived(NOBODY_ID, f"{work.site.id}/{command}")
    rule = work.session.get(ApprovalRule, id)
    if rule is None:
        kind = KINDS[command]
        rule = ApprovalRule(
            id=id, site_id=work.site.id, command=command, amount_from=kind.amount_from, levels=kind.levels,
            first_roles=BOTH, second_roles=BOTH, manager_limit=None, owner_limit=None,
            expires_hours=kind.expires_hours,
        )  # fmt: skip
        work.session.add(rule)
        work.session.flush()
        work.publish("approval_rule", rule.id)
    return rule


def staff_of(session: Session, site_id: str) -> dict[str, Mapping[str, Any]]:
    """Everybody who works at the site now, as all devices see them: this room knows no other."""
    people = {row.id: msgspec.json.decode(row.body) for row in session.execute(STAFF) if row.body is not None}
    return {id: one for id, one in people.items() if one["site_id"] == site_id and one["active"]}


def roles_of(staff_id: str, own: set[str], barred: Collection[str], work: Work) -> list[set[str]]:
    """Their own roles, and those of each person for whom they stand in today; nobody barred lends theirs."""
    staff = staff_of(work.session, work.site.id)
    query = select(StandIn.for_id).where(
        StandIn.by_id == staff_id, StandIn.site_id == work.site.id, StandIn.until >= work.today
    )
    return [own, *(set(staff[id]["roles"]) for id in work.session.scalars(query) if id in staff and id not in barred)]


def may_say_yes(approval: Approval, rule: ApprovalRule, staff_id: str, roles: Collection[str], work: Work) -> bool:
    """Whether the rule gives them the right to the level that is due."""
    held = roles_of(staff_id, set(roles), approval.shut_out, work)
    return any(rule.gives(roles, approval.amount, approval.given + 1) for roles in held)


def anybody_else(rule: ApprovalRule, amount: int | None, excluded: set[str], work: Work) -> bool:
    """Whether enough other people of the site could ever say yes, one for each level."""
    staff = staff_of(work.session, work.site.id)
    able = [
        {level for level in range(1, rule.levels + 1) if rule.gives(set(one["roles"]), amount, level)}
        for id, one in staff.items()
        if id not in excluded
    ]
    able = [levels for levels in able if levels]
    return len(able) >= rule.levels and all(any(level in one for one in able) for level in range(1, rule.levels + 1))
