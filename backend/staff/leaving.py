"""Somebody leaves the staff, or comes back."""

from sqlalchemy import select

from backend.commands import REQUEST, Command, handles
from backend.errors import Missing, NotAllowed, Refused
from backend.fields import Id
from backend.identity import MANAGERS, OWNER
from backend.staff.factor_tables import KnownBrowser
from backend.staff.models import StaffMember
from backend.staff.sessions import end_sessions
from backend.work import Work


class EndMembership(
    Command, tag="staff.end_membership", truth=REQUEST, title="Somebody left the staff", roles=MANAGERS
):
    """A manager said that somebody works here no longer: they sign in nowhere from then on."""

    staff_id: Id


class ReturnMember(Command, tag="staff.return_member", truth=REQUEST, title="Somebody is back", roles=MANAGERS):
    """A manager said that somebody who had left works here again."""

    staff_id: Id


@handles(EndMembership)
def end_membership(ending: EndMembership, work: Work) -> None:
    member = find_member(ending.staff_id, work)
    if not member.active:
        return work.noop("left_already", f"{member.name} had left already.")
    if member.id == work.actor.id:
        raise Refused("Nobody removes themselves. Ask another manager.", "yourself")
    refuse_without_owner(member, work)
    member.active = False
    end_sessions(work.session, member.id)
    for known in work.session.scalars(select(KnownBrowser).where(KnownBrowser.staff_id == member.id)):
        work.session.delete(known)
    work.publish("staff_member", member.id)
    return None


@handles(ReturnMember)
def return_member(returning: ReturnMember, work: Work) -> None:
    member = find_member(returning.staff_id, work)
    if member.active:
        return work.noop("here_already", f"{member.name} works here.")
    if OWNER in member.roles.split():
        only_owners(work)
    member.active = True
    work.publish("staff_member", member.id)
    return None


def find_member(staff_id: str, work: Work) -> StaffMember:
    """The person, whether they work here or did."""
    member = work.session.get(StaffMember, staff_id)
    if member is None:
        raise Missing("There is nobody like that on the staff.", "no_such_person")
    work.keep_to_site(member.site_id)
    return member


def refuse_without_owner(member: StaffMember, work: Work) -> None:
    """An owner goes, or is one no longer: only by an owner, and never the last one."""
    if OWNER not in member.roles.split():
        return
    only_owners(work)
    others = work.session.scalars(select(StaffMember).where(StaffMember.active, StaffMember.id != member.id))
    if not any(OWNER in other.roles.split() for other in others):
        raise Refused(f"{member.name} is the last owner. Make somebody else an owner first.", "last_owner")


def only_owners(work: Work) -> None:
    """Who is an owner or answers for privacy is for owners to say."""
    if not work.actor.may(frozenset({OWNER})):
        raise NotAllowed("Only an owner decides who is an owner, or answers for privacy.", "owners_only")
