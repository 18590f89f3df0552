"""The staff: who works here, in which roles, and who is signed in."""

from sqlalchemy.orm import Session

from backend.house import Room
from backend.identity import Actor
from backend.staff.joining import AddStaffMember
from backend.staff.models import StaffMember
from backend.staff.pages import sign_in_page, sign_in_post, sign_out_post
from backend.staff.rows import staff_member_row
from backend.staff.signing_in import (
    Signed,
    actor_of,
    resume_session,
    set_password,
    sign_in,
    suspend_session,
    token_hash_of,
    who_is_signed_in,
)

__all__ = [
    "Signed",
    "find_actor",
    "find_member",
    "resume_session",
    "room",
    "set_password",
    "sign_in",
    "suspend_session",
    "token_hash_of",
    "who_is_signed_in",
]


def find_actor(session: Session, staff_id: str) -> Actor | None:
    """A member of staff as somebody who acts, or None when there is none or they left."""
    member = session.get(StaffMember, staff_id)
    return actor_of(member) if member is not None and member.active else None


def find_member(session: Session, username: str) -> str | None:
    """The id of the person with this user name."""
    found = session.query(StaffMember).filter_by(username=username).one_or_none()
    return None if found is None else found.id


room = Room(
    name="staff",
    commands=[AddStaffMember],
    rows=[staff_member_row],
    routes=[sign_in_page, sign_in_post, sign_out_post],
)
