"""What is seen of the staff: names, on every device; never how they sign in."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from backend.database import among
from backend.sheets import Body, row
from backend.staff.models import StaffMember
from backend.values import folded


@row("staff_member", sheets=["office/{site_id}"])
def staff_member_row(session: Session, ids: Sequence[str]) -> dict[str, Body]:
    """Name, initials and roles of a member of staff."""
    return {
        member.id: {
            "site_id": member.site_id,
            "name": member.name,
            "initials": "".join(word[0] for word in member.name.split()[:2]).upper(),
            "roles": member.roles.split(),
            "active": member.active,
            "sort_key": folded(member.name),
        }
        for member in session.scalars(among(StaffMember.id), {"ids": ids})
    }
