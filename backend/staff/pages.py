"""The sign-in pages: a user name and a password, then a code; and the end of a session."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import JSONBody, RawBody

from backend.access_log import note
from backend.at_office import form_of
from backend.callers import (
    KNOWN_COOKIE,
    PENDING_COOKIE,
    SESSION_COOKIE,
    cookie_of,
    new_cookie,
    said_by_our_script,
    same_origin,
)
from backend.readers import clean
from backend.serving import Office, office_of, read_form
from backend.staff.browsers import door_of, party_of, where_of
from backend.staff.sessions import KNOWN_DAYS, Begun
from backend.staff.signing_in import (
    BETWEEN_STEPS,
    Outcome,
    SecondStep,
    SignedIn,
    TurnedAway,
    ask_for_passkey,
    find_pending,
    sign_in,
    sign_in_by_code,
    sign_in_by_passkey,
    sign_out,
)

HOME, ACCOUNT = "/", "/account"


def form_again(office: Office, template: str, complaint: str, status: int, **values: str) -> Response[str]:
    """The form, with what may be kept of it and one sentence."""
    return Response(
        office.plain(template, {"form": form_of(values, complaint=complaint)}),
        status_code=status,
        media_type="text/html",
    )


def leading_to(path: str, cookies: list[Cookie]) -> Response[Any]:
    """On to another page."""
    return Response(b"", status_code=303, headers={"Location": path}, cookies=cookies)


def session_cookies(office: Office, begun: Begun) -> list[Cookie]:
    """What a browser carries once somebody is let in."""
    settings = office.settings
    return [
        new_cookie(SESSION_COOKIE, begun.token, settings.session_hours * 3600, settings.secure_cookies),
        new_cookie(KNOWN_COOKIE, begun.known, KNOWN_DAYS * 86_400, settings.secure_cookies),
        new_cookie(PENDING_COOKIE, "", 0, settings.secure_cookies),
    ]


def pending_cookie(office: Office, token: str) -> Cookie:
    """Carries a sign-in from its first step to its second."""
    seconds = int(BETWEEN_STEPS.total_seconds())
    return new_cookie(PENDING_COOKIE, token, seconds, office.settings.secure_cookies)


def noted(office: Office, outcome: Outcome, way: str) -> Outcome:
    """What came of it, once the access log has it. A right password with a step still to come is no sign-in yet."""
    if isinstance(outcome, SignedIn):
        note(office, "sign_in", actor_id=outcome.staff_id, code=way)
    elif isinstance(outcome, TurnedAway):
        note(office, "sign_in_refused", actor_id=outcome.staff_id, code=outcome.code)
    return outcome


def status_of(turned: TurnedAway) -> int:
    """Too many tries are told apart from wrong ones."""
    return 429 if turned.code == "wait" else 422


@get("/signin", sync_to_thread=True)
def sign_in_page(request: Request) -> Response[Any]:
    """The form; for whoever is signed in but must set up how first, the way there."""
    office = office_of(request)
    with office.database.read() as session:
        caller = office.find_caller(request, session, owing=True)
    if caller is not None and caller.owes:
        return leading_to(ACCOUNT, [])
    return form_again(office, "shell/signin.html", "", 200)


@post("/signin", sync_to_thread=True, status_code=303)
def sign_in_post(request: Request, body: RawBody) -> Response[Any]:
    """The first step; a wrong password gets one sentence, whatever was wrong."""
    office = office_of(request)
    same_origin(request)
    form = read_form(body)
    username, password = clean(form.get("username", [""])[-1]), form.get("password", [""])[-1]
    match noted(office, sign_in(door_of(office), username, password, where_of(request)), "password"):
        case TurnedAway() as turned:
            return form_again(office, "shell/signin.html", turned.say, status_of(turned), username=username[:60])
        case SecondStep(token=token):
            return leading_to("/signin/second", [pending_cookie(office, token)])
        case SignedIn(begun=begun):
            return leading_to(HOME, session_cookies(office, begun))


@get("/signin/second", sync_to_thread=True)
def second_step_page(request: Request) -> Response[Any]:
    """The form for the code, while there is a sign-in that waits for it."""
    office = office_of(request)
    with office.database.read() as session:
        pending = find_pending(session, where_of(request), office.clock.now())
        is_waiting = pending is not None and pending.staff_id is not None
    if not is_waiting:
        return leading_to("/signin", [])
    return form_again(office, "staff/second.html", "", 200)


@post("/signin/second", sync_to_thread=True, status_code=303)
def second_step_post(request: Request, body: RawBody) -> Response[Any]:
    """The second step, by a code."""
    office = office_of(request)
    same_origin(request)
    code = clean(read_form(body).get("code", [""])[-1])
    match noted(office, sign_in_by_code(door_of(office), code, where_of(request)), "code"):
        case TurnedAway(code="late") as turned:
            return form_again(office, "shell/signin.html", turned.say, 422, username="")
        case TurnedAway() as turned:
            return form_again(office, "staff/second.html", turned.say, status_of(turned))
        case SignedIn(begun=begun, codes_left=left):
            return leading_to(HOME if left is None else f"{ACCOUNT}/codes", session_cookies(office, begun))


@post("/signin/passkey/options", sync_to_thread=True, status_code=200)
def passkey_options(request: Request) -> Response[Any]:
    """A challenge, bound to this browser by a cookie."""
    office = office_of(request)
    said_by_our_script(request)
    token, options = ask_for_passkey(door_of(office), party_of(request, office), where_of(request))
    return Response(options, cookies=[pending_cookie(office, token)])


@post("/signin/passkey", sync_to_thread=True, status_code=200)
def passkey_post(request: Request, data: JSONBody[dict[str, Any]]) -> Response[Any]:
    """The passkey's answer to the challenge."""
    office = office_of(request)
    said_by_our_script(request)
    match noted(
        office, sign_in_by_passkey(door_of(office), data, party_of(request, office), where_of(request)), "passkey"
    ):
        case TurnedAway() as turned:
            return Response({"error": turned.code, "say": turned.say}, status_code=status_of(turned))
        case SignedIn(begun=begun):
            return Response({"location": HOME}, cookies=session_cookies(office, begun))


@post("/signout", sync_to_thread=True, status_code=303)
def sign_out_post(request: Request) -> Response[Any]:
    """End the session. What waits on a device stays there and is still handed in."""
    office = office_of(request)
    same_origin(request)
    if token := cookie_of(request, SESSION_COOKIE):
        with office.database.read() as session:
            caller = office.find_caller(request, session, owing=True)
        sign_out(office.database, token)
        if caller is not None:
            where = {"site_id": caller.site.id, "device_id": caller.device.id}
            note(office, "sign_out", actor_id=caller.actor.id, **where)
    return leading_to("/signin", [new_cookie(SESSION_COOKIE, "", 0, office.settings.secure_cookies)])


routes = [
    sign_in_page,
    sign_in_post,
    second_step_page,
    second_step_post,
    passkey_options,
    passkey_post,
    sign_out_post,
]
