"""Somebody joins the staff, or what is known of them changes."""

from typing import Annotated

from msgspec import Meta
from sqlalchemy import select

from backend.commands import REQUEST, Command, handles
from backend.errors import Refused
from backend.fields import Id, Text80
from backend.identity import MANAGERS, OWNER, PRIVACY_OFFICER, ROLES
from backend.staff.leaving import only_owners, refuse_without_owner
from backend.staff.models import StaffMember
from backend.work import Work

# Who owns the practice, and who watches over privacy: managers, whom these watch over, do not name them.
ENTRUSTED = {OWNER, PRIVACY_OFFICER}


class AddStaffMember(Command, tag="staff.add_member", truth=REQUEST, title="Added to the staff", roles=MANAGERS):
    """A manager added somebody to the staff, or changed their name or roles."""

    staff_id: Id
    name: Text80
    username: Annotated[str, Meta(pattern=r"^[a-z0-9._-]{2,60}$")]
    roles: list[str]
    site_id: Annotated[str, Meta(max_length=40)]


@handles(AddStaffMember)
def add_staff_member(adding: AddStaffMember, work: Work) -> None:
    unknown = set(adding.roles) - set(ROLES)
    if unknown:
        raise Refused(f"There is no role called {sorted(unknown)[0]}.", "no_such_role")
    taken = work.session.scalar(select(StaffMember).where(StaffMember.username == adding.username))
    if taken is not None and taken.id != adding.staff_id:
        whose = f"{taken.name}’s" if taken.site_id == work.site.id else "somebody else’s"
        raise Refused(f"The user name {adding.username} is already {whose}.", "username_taken")
    member = work.session.get(StaffMember, adding.staff_id)
    had = set(member.roles.split()) if member is not None and member.active else set()
    if member is not None and OWNER in had and OWNER not in adding.roles:
        refuse_without_owner(member, work)
    elif set(adding.roles) & ENTRUSTED - had:
        only_owners(work)
    member = member or StaffMember(id=adding.staff_id, active=True, site_id=adding.site_id)
    work.keep_to_site(member.site_id)
    work.keep_to_site(adding.site_id)
    member.name, member.username, member.site_id = adding.name, adding.username, adding.site_id
    member.roles = " ".join(role for role in ROLES if role in adding.roles)
    work.session.add(member)
    work.publish("staff_member", member.id)
