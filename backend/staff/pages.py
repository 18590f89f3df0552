"""The sign-in page, and the two forms that begin and end a session."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import RawBody

from backend.callers import SESSION_COOKIE, same_origin
from backend.errors import NotAllowed
from backend.readers import clean
from backend.serving import Office, office_of, read_form
from backend.staff.signing_in import sign_in, sign_out


def form_again(office: Office, username: str, complaint: str, status: int) -> Response[str]:
    """The form, with the user name kept and one sentence."""
    form: dict[str, Any] = {"command": "", "values": {"username": username}, "complaints": {}, "complaint": complaint}
    return Response(office.plain("shell/signin.html", {"form": form}), status_code=status, media_type="text/html")


@get("/signin", sync_to_thread=True)
def sign_in_page(request: Request) -> Response[str]:
    """The form."""
    return form_again(office_of(request), "", "", 200)


@post("/signin", sync_to_thread=True, status_code=303)
def sign_in_post(request: Request, body: RawBody) -> Response[Any]:
    """Begin a session; a wrong password gets one sentence, whatever was wrong."""
    office = office_of(request)
    same_origin(request)
    form = read_form(body)
    username, password = clean(form.get("username", [""])[-1]), form.get("password", [""])[-1]
    try:
        token = sign_in(office.database, username, password, office.clock.now(), office.settings.session_hours)
    except NotAllowed as refused:
        return form_again(office, username[:60], refused.say, 429 if refused.code == "wait" else 422)
    return Response(b"", status_code=303, headers={"Location": "/checkin"}, cookies=[session_cookie(office, token)])


@post("/signout", sync_to_thread=True, status_code=303)
def sign_out_post(request: Request) -> Response[Any]:
    """End the session. What waits on a device stays there and is still handed in."""
    office = office_of(request)
    same_origin(request)
    if token := request.cookies.get(SESSION_COOKIE):
        sign_out(office.database, token)
    gone = Cookie(key=SESSION_COOKIE, value="", max_age=0, httponly=True, samesite="strict", path="/")
    return Response(b"", status_code=303, headers={"Location": "/signin"}, cookies=[gone])


def session_cookie(office: Office, token: str) -> Cookie:
    """Not readable by any script, sent to nobody else."""
    return Cookie(
        key=SESSION_COOKIE,
        value=token,
        path="/",
        httponly=True,
        samesite="strict",
        secure=office.settings.secure_cookies,
        max_age=office.settings.session_hours * 3600,
    )
