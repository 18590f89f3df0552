"""The managers' pages of the staff: who works here, in which roles, and where they are signed in."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, RawBody
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.at_office import form_of, give, only_for, show
from backend.callers import Caller, same_origin
from backend.errors import Missing
from backend.identity import MANAGERS, ROLES
from backend.ids import new_id
from backend.readers import clean
from backend.serving import Office, office_of, read_form
from backend.staff.account import back
from backend.staff.codes import has_app, has_passkey
from backend.staff.guessing import NAME
from backend.staff.joining import AddStaffMember
from backend.staff.leaving import EndMembership, ReturnMember
from backend.staff.models import StaffMember
from backend.staff.passwords import WeakPassword, hashed, keep_password
from backend.staff.sessions import end_sessions, sessions_of

PEOPLE = "/staff"
NO_NAME = "Please fill in the name."
NO_USERNAME = "Use 2 to 60 small letters, digits, dots, dashes or underscores, without spaces."
NO_ROLE = "Choose at least one role."


def manager_of(request: Request, session: Session) -> Caller:
    """The manager who asks; anybody else is told that it is not theirs."""
    return only_for(request, session, MANAGERS, "Only a manager sees to the staff.")


def colleague(session: Session, caller: Caller, staff_id: str) -> StaffMember:
    """Somebody of the same site; who is not there does not exist."""
    member = session.get(StaffMember, staff_id)
    if member is None or member.site_id != caller.site.id:
        raise Missing("There is nobody like that on the staff.")
    return member


def person_shown(session: Session, member: StaffMember) -> dict[str, Any]:
    """What a manager sees of somebody; never how they sign in, only whether in two steps."""
    return {
        "id": member.id,
        "name": member.name,
        "username": member.username,
        "roles": member.roles.split(),
        "active": member.active,
        "has_app": has_app(session, member.id),
        "has_passkey": has_passkey(session, member.id),
    }


def show_people(office: Office, session: Session, caller: Caller, form: dict[str, Any], status: int) -> Response[str]:
    """Everybody, those who left last, and the form for one more."""
    query = select(StaffMember).where(StaffMember.site_id == caller.site.id)
    members = list(session.scalars(query.order_by(StaffMember.active.desc(), StaffMember.name)))
    signed_in = sessions_of(session, [one.id for one in members], office.clock.now(), office.settings)
    people = [
        {**person_shown(session, one), "sessions": len([each for each in signed_in if each["staff_id"] == one.id])}
        for one in members
    ]
    return show(office, caller, "staff.people", "staff/people.html", status, people=people, roles=[*ROLES], form=form)


def show_person(
    office: Office, session: Session, caller: Caller, member: StaffMember, form: dict[str, Any], status: int = 200
) -> Response[str]:
    """One colleague: name and roles, sessions, leaving."""
    kept = {"name": member.name, "username": member.username, "roles": member.roles.split()}
    return show(
        office,
        caller,
        "staff.person",
        "staff/person.html",
        status,
        person=person_shown(session, member),
        sessions=sessions_of(session, [member.id], office.clock.now(), office.settings, this=caller.replica_id),
        roles=[*ROLES],
        form={**form, "values": {**kept, **form["values"]}},
    )


def read_person(form: Mapping[str, list[str]]) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields of the form, and what is wrong with them."""
    values: dict[str, Any] = {name: clean(form.get(name, [""])[-1]) for name in ("name", "username")}
    values |= {"name": values["name"][:80], "username": values["username"].lower()[:60]}
    values["roles"] = [role for role in ROLES if role in form.get("roles", [])]
    complaints = {} if values["name"] else {"name": NO_NAME}
    complaints |= {} if NAME.fullmatch(values["username"]) else {"username": NO_USERNAME}
    complaints |= {} if values["roles"] else {"roles": NO_ROLE}
    return values, complaints


@get(PEOPLE, sync_to_thread=True)
def people_page(request: Request) -> Response[str]:
    """Who works here."""
    office = office_of(request)
    with office.database.read() as session:
        form = form_of({"roles": []})
        return show_people(office, session, manager_of(request, session), form, 200)


@post(PEOPLE, sync_to_thread=True, status_code=303)
def add_person(request: Request, body: RawBody) -> Response[Any]:
    """Somebody joins, with a password that they must change when they first sign in."""
    office = office_of(request)
    same_origin(request)
    given = read_form(body)
    values, complaints = read_person(given)
    with office.database.read() as session:
        caller = manager_of(request, session)
    try:
        hash = hashed(given.get("password", [""])[-1], (values["name"], values["username"], caller.site.name))
    except WeakPassword as weak:
        complaints["password"] = weak.say
    complaint, staff_id = "", new_id()
    if not complaints:
        complaint = give(office, caller, AddStaffMember, {"staff_id": staff_id, **values, "site_id": caller.site.id})
    if complaints or complaint:
        with office.database.read() as session:
            return show_people(office, session, caller, form_of(values, complaints, complaint), 422)
    with office.database.write() as session:
        keep_password(session, staff_id, hash, must_change=True)
    return back(PEOPLE)


@get(f"{PEOPLE}/{{staff_id:str}}", sync_to_thread=True)
def person_page(request: Request, staff_id: FromPath[str]) -> Response[str]:
    """One colleague."""
    office = office_of(request)
    with office.database.read() as session:
        caller = manager_of(request, session)
        return show_person(office, session, caller, colleague(session, caller, staff_id), form_of())


@post(f"{PEOPLE}/{{staff_id:str}}", sync_to_thread=True, status_code=303)
def change_person(request: Request, staff_id: FromPath[str], body: RawBody) -> Response[Any]:
    """Another name, user name or roles."""
    office = office_of(request)
    same_origin(request)
    values, complaints = read_person(read_form(body))
    with office.database.read() as session:
        caller = manager_of(request, session)
        colleague(session, caller, staff_id)
    fields = {"staff_id": staff_id, **values, "site_id": caller.site.id}
    complaint = "" if complaints else give(office, caller, AddStaffMember, fields)
    if complaints or complaint:
        with office.database.read() as session:
            form = form_of(values, complaints, complaint)
            return show_person(office, session, caller, colleague(session, caller, staff_id), form, 422)
    return back(PEOPLE)


@post(f"{PEOPLE}/{{staff_id:str}}/{{what:str}}", sync_to_thread=True, status_code=303)
def see_to_person(request: Request, staff_id: FromPath[str], what: FromPath[str]) -> Response[Any]:
    """`end` or `return` a membership, or end the `sessions` of a colleague."""
    office = office_of(request)
    same_origin(request)
    with office.database.read() as session:
        caller = manager_of(request, session)
        colleague(session, caller, staff_id)
    complaint = ""
    if what == "end":
        complaint = give(office, caller, EndMembership, {"staff_id": staff_id})
    elif what == "return":
        complaint = give(office, caller, ReturnMember, {"staff_id": staff_id})
    elif what == "sessions":
        with office.database.write() as session:
            end_sessions(session, staff_id, besides=caller.replica_id)
    else:
        raise Missing("There is no such form.")
    if complaint:
        with office.database.read() as session:
            member = colleague(session, caller, staff_id)
            return show_person(office, session, caller, member, form_of(complaint=complaint), 422)
    return back(f"{PEOPLE}/{staff_id}")


routes = [people_page, add_person, person_page, change_person, see_to_person]
