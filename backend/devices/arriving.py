"""The new device's own pages: a code is typed or scanned, the browser is tested, and it is enrolled."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import RawBody
from sqlalchemy.orm import Session

from backend.at_office import form_of
from backend.callers import DEVICE_COOKIE, address_of, cookie_of, same_origin
from backend.crockford import read_typed
from backend.devices.enrolling import EnrolDevice
from backend.devices.features import FEATURES
from backend.devices.inviting import in_groups, look_at, note_wrong, refuse_guessing, use
from backend.devices.pages import device_cookie
from backend.devices.unlocking import find_device
from backend.errors import NotAllowed, Refused
from backend.fields import read, specs
from backend.identity import PURPOSES
from backend.manifest import WITH_CAMERA
from backend.office import find_site, language_of, sites
from backend.readers import clean
from backend.serving import Office, office_of, read_form

LONGEST_ADDRESS = 45
LONGEST_CODE = 80


@get("/enrol", sync_to_thread=True)
def arrive(request: Request) -> Response[str]:
    """Where the code of the QR picture leads; the script takes it from behind the # and posts it."""
    office = office_of(request)
    with office.database.read() as session:
        try:
            refuse_enrolled(request, session)
        except Refused as refused:
            return ask(office, session, refused.say)
        return ask(office, session)


@post("/enrol/look", sync_to_thread=True, status_code=200)
def look(request: Request, body: RawBody) -> Response[str]:
    """What the code is for and who gave it, with the test of this browser beneath."""
    office = office_of(request)
    same_origin(request)
    code = code_in(read_form(body))
    with office.database.read() as session:
        try:
            refuse_enrolled(request, session)
            refuse_guessing(session, address_of(request)[:LONGEST_ADDRESS], office.clock.now())
            invited = look_at(session, code, office.clock.now())
        except (Refused, NotAllowed) as problem:
            answer = ask(office, session, problem.say, 429 if problem.code == "wait" else 422)
            wrong = problem.code == "unknown_code"
        else:
            language = language_of(session, invited.site_id)
            meant = {
                "name": invited.name,
                "place": invited.place,
                "by": invited.by_name,
                "code": in_groups(read_typed(code)),
            }
            meant["purpose"] = PURPOSES[invited.purpose].name
            return plain(office, "devices/arriving.html", language, 200, invited=meant)
    if wrong:
        with office.database.write() as session:
            note_wrong(session, address_of(request)[:LONGEST_ADDRESS], office.clock.now())
    return answer


@post("/enrol", sync_to_thread=True, status_code=200)
def arrived(request: Request, body: RawBody) -> Response[str]:
    """Enrol this browser in the name of who invited it, and give it its token in a cookie that no script can read."""
    office = office_of(request)
    same_origin(request)
    form = read_form(body)
    code = code_in(form)
    try:
        with office.database.read() as session:
            refuse_enrolled(request, session)
            refuse_guessing(session, address_of(request)[:LONGEST_ADDRESS], office.clock.now())
            invited = look_at(session, code, office.clock.now())
            site, language = find_site(session, invited.site_id), language_of(session, invited.site_id)
        assert site is not None
        invited, token = use(office, site, code, tested_in(form))
    except (Refused, NotAllowed) as problem:
        with office.database.write() as session:
            if problem.code == "unknown_code":
                note_wrong(session, address_of(request)[:LONGEST_ADDRESS], office.clock.now())
            return ask(office, session, problem.say, 429 if problem.code == "wait" else 422)
    device = {"name": invited.name, "place": invited.place, "durable": tested_in(form)["storage"] != "no"}
    answer = plain(office, "devices/arrived.html", language, 200, device=device)
    answer.cookies.append(device_cookie(office, token))
    return answer


def ask(office: Office, session: Session, complaint: str = "", status: int = 200) -> Response[str]:
    """The form for the code. What was typed is not shown again: it may be somebody's who looks over a shoulder."""
    known = sites(session)
    language = language_of(session, known[0].id) if known else "en"
    return plain(office, "devices/code.html", language, status if complaint else 200, form=form_of(complaint=complaint))


def plain(office: Office, template: str, language: str, status: int, **context: Any) -> Response[str]:
    """A page for nobody in particular, in the office's language, which may ask for the camera."""
    words = office.answering.manifest["words"].get(language, {})
    text = office.plain(template, {"language": language, "words": words, **context})
    return Response(text, status_code=status, media_type="text/html", headers=WITH_CAMERA)


def refuse_enrolled(request: Request, session: Session) -> None:
    """A browser that is a device already may hold work that is not sent: another device would lose it."""
    device = find_device(session, cookie_of(request, DEVICE_COOKIE))
    if device is not None and device.state == "enrolled":
        say = f"This browser is enrolled already, as {device.name}. Retire that device first, so that nothing is lost."
        raise Refused(say, "already_enrolled")


def tested_in(form: dict[str, list[str]]) -> dict[str, Any]:
    """What the test of the browser found. It is the browser's own word: what does not fit is as good as not tested."""
    tested = [spec for spec in specs(EnrolDevice) if spec["name"] in FEATURES]
    return read(tested, form, "", "en", {})[0]


def code_in(form: dict[str, list[str]]) -> str:
    """The code as it was typed."""
    return clean(form.get("code", [""])[-1])[:LONGEST_CODE]
