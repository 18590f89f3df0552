"""The staff: who works here, in which roles, how they prove who they are, and who is signed in."""

from collections.abc import Collection
from typing import Protocol

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from backend.filters import Timed, clock_words
from backend.house import Room
from backend.identity import Actor
from backend.staff import account, account_factors, pages, people
from backend.staff.browsers import note_soon, note_use_of_session
from backend.staff.codes import has_app, has_passkey, reset_factors
from backend.staff.joining import AddStaffMember
from backend.staff.leaving import EndMembership, ReturnMember
from backend.staff.models import StaffMember
from backend.staff.passwords import WeakPassword, hashed, keep_password, set_password
from backend.staff.rows import staff_member_row
from backend.staff.sessions import (
    end_sessions,
    end_sessions_on,
    resume_session,
    suspend_session,
    token_hash_of,
)
from backend.staff.signing_in import Signed, actor_of, who_is_signed_in
from backend.work import Work

__all__ = [
    "AddStaffMember",
    "Signed",
    "WeakPassword",
    "actors_at",
    "called",
    "called_all",
    "end_sessions",
    "end_sessions_on",
    "find_actor",
    "find_member",
    "hashed",
    "keep_password",
    "list_members",
    "note_soon",
    "note_use_of_session",
    "reset_factors",
    "resume_session",
    "room",
    "seen_by",
    "set_password",
    "suspend_session",
    "token_hash_of",
    "who_is_signed_in",
]


# Put together once: every request asks for it.
MEMBER = select(StaffMember).where(StaffMember.id == bindparam("id"))


class Seen(Timed, Protocol):
    """Something that a room keeps of what somebody did at a device."""

    actor_id: str
    device: str


def find_actor(session: Session, staff_id: str) -> Actor | None:
    """A member of staff as somebody who acts, or None when there is none or they left."""
    member = session.scalars(MEMBER, {"id": staff_id}).one_or_none()
    return actor_of(member) if member is not None and member.active else None


def called(session: Session, staff_id: str) -> str | None:
    """What somebody is called, also who has left; None for whom nobody knows."""
    member = session.get(StaffMember, staff_id)
    return None if member is None else member.name


def called_all(session: Session, staff_ids: Collection[str]) -> dict[str, str]:
    """The same of several, by their ids."""
    found = session.execute(select(StaffMember.id, StaffMember.name).where(StaffMember.id.in_(staff_ids)))
    return {one.id: one.name for one in found}


def seen_by(event: Seen, work: Work) -> str:
    """`Ben Ito on Tablet 2, at 9:02 am`: who entered it, where, and when."""
    name = called(work.session, event.actor_id) or "somebody"
    return f"{name} on {event.device}, {clock_words(work.site.zone_name, event)}"


def find_member(session: Session, username: str) -> str | None:
    """The id of the person with this user name."""
    found = session.query(StaffMember).filter_by(username=username).one_or_none()
    return None if found is None else found.id


def actors_at(session: Session, site_id: str) -> list[Actor]:
    """Everybody who works at a site now."""
    query = select(StaffMember).where(StaffMember.site_id == site_id, StaffMember.active).order_by(StaffMember.id)
    return [actor_of(member) for member in session.scalars(query)]


def list_members(session: Session) -> list[str]:
    """Everybody who works here or did, a line each, for the person at the server."""
    return [
        f"{one.username}  {one.name}  {' '.join(one.roles.split())}"
        f"{'' if one.active else '  left'}"
        f"{'  app' if has_app(session, one.id) else ''}{'  passkey' if has_passkey(session, one.id) else ''}"
        for one in session.scalars(select(StaffMember).order_by(StaffMember.username))
    ]


room = Room(
    name="staff",
    commands=[AddStaffMember, EndMembership, ReturnMember],
    rows=[staff_member_row],
    routes=[*pages.routes, *account.routes, *account_factors.routes, *people.routes],
)
