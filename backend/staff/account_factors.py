"""The second step of the account: an authenticator app, recovery codes, passkeys."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, JSONBody, RawBody

from backend.at_office import form_of, show
from backend.callers import said_by_our_script, same_origin
from backend.errors import Problem
from backend.readers import clean
from backend.serving import caller_of, office_of, read_form
from backend.staff import guessing, passkeys
from backend.staff.account import back, proven_caller, set_challenge, take_challenge
from backend.staff.browsers import party_of, where_of
from backend.staff.codes import codes_left, confirm_app, has_factor, new_codes, offer_app, offered_app, remove_app
from backend.staff.models import StaffMember
from backend.staff.sessions import end_sessions

APP, CODES = "/account/app", "/account/codes"
LONGEST_NAME = 60


@post(APP, sync_to_thread=True, status_code=303)
def begin_app(request: Request) -> Response[Any]:
    """Offer a new secret."""
    office = office_of(request)
    same_origin(request)
    with office.database.write() as session:
        offer_app(session, proven_caller(request, session).actor.id, office.keyring)
    return back(APP)


@get(APP, sync_to_thread=True)
def app_page(request: Request) -> Response[Any]:
    """The square to scan and the field for what the app then shows."""
    return show_app(request, "", 200)


def show_app(request: Request, complaint: str, status: int) -> Response[str]:
    """The secret, only while it is not confirmed, and only to who proved who they are."""
    office = office_of(request)
    with office.database.read() as session:
        caller = proven_caller(request, session)
        username = session.get_one(StaffMember, caller.actor.id).username
        offered = offered_app(session, caller.actor.id, username, office.keyring)
    shown = {"picture": offered.picture, "spelled": offered.spelled, "form": form_of(complaints={"code": complaint})}
    return show(office, caller, "staff.app", "staff/app.html", status, **shown)


@post(f"{APP}/confirm", sync_to_thread=True, status_code=303)
def confirm(request: Request, body: RawBody) -> Response[Any]:
    """The app shows the right code: it counts from now on, and elsewhere one signs in with it from now on."""
    office, where = office_of(request), where_of(request)
    same_origin(request)
    code = "".join(clean(read_form(body).get("code", [""])[-1]).split())
    with office.database.write() as session:
        caller = proven_caller(request, session)
        me, now = caller.actor.id, office.clock.now()
        budgets = guessing.for_code(session, me, where.address, where.known_hash)
        paid = guessing.pay(session, budgets, now)
    if not paid:
        return show_app(request, guessing.WAIT, 429)
    try:
        with office.database.write() as session:
            confirm_app(session, me, code, now, office.keyring)
            guessing.give_back(session, budgets)
            end_sessions(session, me, besides=caller.replica_id)
            return back()
    except Problem as wrong:
        return show_app(request, wrong.say, wrong.status)


@post(f"{APP}/remove", sync_to_thread=True, status_code=303)
def remove(request: Request) -> Response[Any]:
    """Sign in without the app from now on."""
    office = office_of(request)
    same_origin(request)
    with office.database.write() as session:
        caller = proven_caller(request, session)
        remove_app(session, caller.actor.id)
        end_sessions(session, caller.actor.id, besides=caller.replica_id)
    return back()


@get(CODES, sync_to_thread=True)
def codes_page(request: Request) -> Response[str]:
    """How many are left; the codes themselves are shown when they are made, and never again."""
    office = office_of(request)
    with office.database.read() as session:
        caller = caller_of(request, session, owing=True)
        left = codes_left(session, caller.actor.id)
    return show(office, caller, "staff.codes", "staff/codes.html", codes=[], left=left)


@post(CODES, sync_to_thread=True, status_code=200)
def make_codes(request: Request) -> Response[Any]:
    """Ten new ones, shown once; the old ones are worthless."""
    office = office_of(request)
    same_origin(request)
    with office.database.write() as session:
        caller = proven_caller(request, session)
        if not has_factor(session, caller.actor.id):
            return back()
        codes = new_codes(session, caller.actor.id)
    return show(office, caller, "staff.codes", "staff/codes.html", codes=codes, left=len(codes))


@post("/account/passkeys/options", sync_to_thread=True, status_code=200)
def add_options(request: Request) -> dict[str, Any]:
    """What the browser is asked to make."""
    office = office_of(request)
    said_by_our_script(request)
    with office.database.write() as session:
        member = session.get_one(StaffMember, proven_caller(request, session).actor.id)
        challenge = set_challenge(request, session, office)
        return passkeys.options_to_add(session, member, party_of(request, office), challenge)


@post("/account/passkeys", sync_to_thread=True, status_code=200)
def add(request: Request, data: JSONBody[dict[str, Any]]) -> dict[str, Any]:
    """`{name, credential}`: keep the passkey that was made."""
    office = office_of(request)
    said_by_our_script(request)
    with office.database.read() as session:
        caller = proven_caller(request, session)
    challenge = take_challenge(request, office)
    name, said = data.get("name"), data.get("credential")
    name = clean(name)[:LONGEST_NAME] if isinstance(name, str) else ""
    said = said if isinstance(said, dict) else {}
    with office.database.write() as session:
        me, now = caller.actor.id, office.clock.now()
        kept = passkeys.add_passkey(session, me, name or "Passkey", said, challenge, party_of(request, office), now)
        end_sessions(session, me, besides=caller.replica_id)
        return {"credential_id": kept.credential, "location": "/account"}


@post("/account/passkeys/{passkey_id:str}/remove", sync_to_thread=True, status_code=303)
def remove_one(request: Request, passkey_id: FromPath[str]) -> Response[Any]:
    """It opens nothing any more."""
    office = office_of(request)
    same_origin(request)
    with office.database.write() as session:
        caller = proven_caller(request, session)
        passkeys.remove_passkey(session, caller.actor.id, passkey_id)
        end_sessions(session, caller.actor.id, besides=caller.replica_id)
    return back()


routes = [begin_app, app_page, confirm, remove, codes_page, make_codes, add_options, add, remove_one]
