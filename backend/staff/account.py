"""The account page: how somebody signs in, and where they are signed in now. Answered by the office only."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, JSONBody, RawBody
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.at_office import form_of, show
from backend.callers import SESSION_COOKIE, Caller, cookie_of, new_cookie, said_by_our_script, same_origin
from backend.clock import instant, optional_instant
from backend.errors import Missing, NotSignedIn, Problem
from backend.serving import Office, caller_of, office_of, read_form
from backend.staff import guessing, passkeys
from backend.staff.browsers import party_of, where_of
from backend.staff.codes import codes_left, has_app
from backend.staff.factor_tables import Passkey
from backend.staff.models import Password, SignIn, StaffMember
from backend.staff.passwords import WeakPassword, hashed, keep_password, verify
from backend.staff.sessions import end_sessions, is_proven, need_proof, prove, sessions_of, token_hash_of
from backend.staff.signing_in import BETWEEN_STEPS, LATE

NOT_YOURS = "That is not your password. Try again."
NOT_ALIKE = "These two are not alike. Type the new password twice."
SAME = "That is the password that you have. Choose another one."


def show_account(
    office: Office, session: Session, caller: Caller, complaint: str = "", about: str = "", status: int = 200
) -> Response[str]:
    """The account as it stands; a `complaint` stands with the form that it is `about`."""
    now, me = office.clock.now(), caller.actor.id
    mine = session.scalars(select(Passkey).where(Passkey.staff_id == me).order_by(Passkey.added_at))
    return show(
        office,
        caller,
        "staff.account",
        "staff/account.html",
        status,
        owes=caller.owes,
        is_proven=is_proven(session, caller.replica_id, now),
        has_app=has_app(session, me),
        codes_left=codes_left(session, me),
        passkeys=[passkey_shown(one) for one in mine],
        sessions=sessions_of(session, [me], now, office.settings, this=caller.replica_id),
        form=form_of(complaints={about: complaint} if about else {}),
    )


def passkey_shown(passkey: Passkey) -> dict[str, Any]:
    """What its owner sees of a passkey."""
    return {
        "id": passkey.id,
        "name": passkey.name,
        "added_at": instant(passkey.added_at),
        "last_used_at": optional_instant(passkey.last_used_at),
        "is_copied": passkey.copied_at is not None,
        "is_synced": passkey.backed_up,
    }


def proven_caller(request: Request, session: Session) -> Caller:
    """Who asks to change how they sign in: signed in, and proven a short while ago."""
    caller = caller_of(request, session, owing=True)
    need_proof(session, caller.replica_id, office_of(request).clock.now())
    return caller


def back(path: str = "/account") -> Response[Any]:
    """To the page that shows what has become of it."""
    return Response(b"", status_code=303, headers={"Location": path})


@get("/account", sync_to_thread=True)
def account_page(request: Request) -> Response[str]:
    """Password, second step, passkeys, sessions."""
    office = office_of(request)
    with office.database.read() as session:
        return show_account(office, session, caller_of(request, session, owing=True))


@post("/account/proof", sync_to_thread=True, status_code=303)
def prove_by_password(request: Request, body: RawBody) -> Response[Any]:
    """Type the password once more, so that what changes how somebody signs in may be done for ten minutes."""
    office, where = office_of(request), where_of(request)
    same_origin(request)
    password = read_form(body).get("password", [""])[-1]
    now = office.clock.now()
    with office.database.write() as session:
        caller = caller_of(request, session, owing=True)
        member = session.get_one(StaffMember, caller.actor.id)
        budgets = guessing.for_password(session, member.username, member.id, where.address, where.known_hash)
        paid = guessing.pay(session, budgets, now)
        kept = session.get(Password, member.id)
        expected = kept.hash if kept is not None else ""
    right = paid and verify(expected, password[:1000])
    with office.database.write() as session:
        if not right:
            complaint, status = (NOT_YOURS, 422) if paid else (guessing.WAIT, 429)
            return show_account(office, session, caller, complaint, "proof", status)
        guessing.give_back(session, budgets)
        return proven(office, session, request)


def proven(office: Office, session: Session, request: Request, answer: Response[Any] | None = None) -> Response[Any]:
    """The same session under a new token."""
    answer = answer or back()
    old = cookie_of(request, SESSION_COOKIE)
    if old is None:
        raise NotSignedIn("Sign in first. Nothing was lost.")
    settings, token = office.settings, prove(session, old, office.clock.now())
    answer.cookies.append(new_cookie(SESSION_COOKIE, token, settings.session_hours * 3600, settings.secure_cookies))
    return answer


def set_challenge(request: Request, session: Session, office: Office) -> bytes:
    """A challenge bound to this session."""
    kept = session.get_one(SignIn, token_hash_of(cookie_of(request, SESSION_COOKIE) or ""))
    kept.challenge, kept.challenge_until = passkeys.fresh_challenge(), office.clock.now() + BETWEEN_STEPS
    return kept.challenge


def take_challenge(request: Request, office: Office) -> bytes:
    """The session's challenge, which is then gone, whatever becomes of the answer to it."""
    with office.database.write() as session:
        token_hash = token_hash_of(cookie_of(request, SESSION_COOKIE) or "")
        kept = session.get_one(SignIn, token_hash, with_for_update=True)
        challenge, until, kept.challenge = kept.challenge, kept.challenge_until, None
    if challenge is None or until is None or until <= office.clock.now():
        raise passkeys.Untrue(LATE, "late")
    return challenge


@post("/account/proof/passkey/options", sync_to_thread=True, status_code=200)
def proof_options(request: Request) -> dict[str, Any]:
    """What a passkey is to sign as a proof."""
    office = office_of(request)
    said_by_our_script(request)
    with office.database.write() as session:
        caller_of(request, session, owing=True)
        return passkeys.options_to_use(party_of(request, office), set_challenge(request, session, office))


@post("/account/proof/passkey", sync_to_thread=True, status_code=200)
def prove_by_passkey(request: Request, data: JSONBody[dict[str, Any]]) -> Response[Any]:
    """A passkey of the same person, as a proof."""
    office, where, now = office_of(request), where_of(request), office_of(request).clock.now()
    said_by_our_script(request)
    with office.database.read() as session:
        caller = caller_of(request, session, owing=True)
    challenge = take_challenge(request, office)
    refused: Problem | None = None
    with office.database.write() as session:
        passkey = passkeys.passkey_of(session, data)
        if passkey is None or passkey.staff_id != caller.actor.id:
            raise passkeys.Untrue(passkeys.UNTRUE)
        budgets = guessing.for_passkey(session, passkey.staff_id, where.address, where.known_hash)
        if not guessing.pay(session, budgets, now):
            return Response({"error": "wait", "say": guessing.WAIT}, status_code=429)
        try:
            passkeys.use_passkey(passkey, data, challenge, party_of(request, office), now)
            guessing.give_back(session, budgets)
            return proven(office, session, request, Response({"location": "/account"}))
        except passkeys.Untrue as untrue:
            # What was noted of the passkey stays, so this must not leave the transaction as an error.
            refused = untrue
    raise refused


@post("/account/password", sync_to_thread=True, status_code=303)
def change_password(request: Request, body: RawBody) -> Response[Any]:
    """A new password; whoever is signed in with the old one elsewhere no longer is."""
    office = office_of(request)
    same_origin(request)
    form = read_form(body)
    new, again = form.get("new", [""])[-1], form.get("again", [""])[-1]
    with office.database.read() as session:
        caller = proven_caller(request, session)
        username = session.get_one(StaffMember, caller.actor.id).username
        old = session.get_one(Password, caller.actor.id).hash
    complaint = NOT_ALIKE if new != again else ""
    try:
        hash = hashed(new, (caller.actor.name, username, caller.site.name)) if not complaint else ""
    except WeakPassword as weak:
        complaint = weak.say
    complaint = complaint or (SAME if verify(old, new) else "")
    with office.database.write() as session:
        if complaint:
            return show_account(office, session, caller, complaint, "new", 422)
        keep_password(session, caller.actor.id, hash, besides=caller.replica_id)
    return back()


@post("/account/sessions/{replica_id:str}/end", sync_to_thread=True, status_code=303)
def end_one_session(request: Request, replica_id: FromPath[str]) -> Response[Any]:
    """End one of one's own sessions, or `others`: all but this one."""
    office = office_of(request)
    same_origin(request)
    with office.database.write() as session:
        caller = proven_caller(request, session)
        one = None if replica_id == "others" else replica_id
        if not end_sessions(session, caller.actor.id, besides=caller.replica_id, only=one) and one:
            raise Missing("That session has ended already, or is this one: sign out to end it.")
    return back()


routes = [
    account_page,
    prove_by_password,
    proof_options,
    prove_by_passkey,
    change_password,
    end_one_session,
]
