"""The pages of one device: its own, and its enrolment by a manager who holds it."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import RawBody
from sqlalchemy.orm import Session

from backend.at_office import give, only_for, show
from backend.callers import DEVICE_COOKIE, Caller, new_cookie, same_origin
from backend.devices.enrolling import EnrolDevice, give_token
from backend.fields import read, specs
from backend.identity import EVERYBODY, MANAGERS, PURPOSES
from backend.ids import new_id
from backend.lists import ById, List, One
from backend.manifest import WITH_CAMERA
from backend.screens import Page, Part
from backend.serving import Office, office_of, read_form, scope_of

COOKIE_SECONDS = 400 * 86_400  # the most that browsers keep

device_page = Page(
    "devices.device",
    ["/device"],
    "devices/device.html",
    "This device",
    sheets=["device", "office/{site}"],
    lists={
        "state": One("device_state"),
        "entries": List("entry", sort=["-sort_key"]),
        "news": List("news", sort=["sort_key"]),
        "staff": ById("staff_member"),
    },
    parts={
        "pill": Part("devices/_pill.html"),
        "clock": Part("devices/_clock.html"),
        "news": Part("devices/_news.html"),
        "entries": Part("devices/_entries.html"),
    },
    roles=EVERYBODY,
)


def manager_of(request: Request, session: Session) -> Caller:
    """The manager who asks; anybody else is told that it is not theirs."""
    return only_for(request, session, MANAGERS, "Only a manager sees to the devices.")


@get("/devices/enrol", sync_to_thread=True)
def enrol_page(request: Request) -> Response[str]:
    """The form by which a manager makes this browser, or another, a device of the office."""
    office = office_of(request)
    with office.database.read() as session:
        caller = manager_of(request, session)
    return enrol_form(office, caller, {}, {}, status=200)


def enrol_form(
    office: Office,
    caller: Caller,
    typed: dict[str, list[str]],
    complaints: dict[str, str],
    complaint: str = "",
    status: int = 422,
) -> Response[str]:
    """The form with what was typed, and what is wrong with it."""
    values = {name: texts[-1] for name, texts in typed.items()}
    form = {"command": "devices.enrol", "values": values, "complaints": complaints, "complaint": complaint}
    purposes = [{"code": code, "name": purpose.name} for code, purpose in PURPOSES.items()]
    answer = show(office, caller, "devices.enrol", "devices/enrol.html", status=status, form=form, purposes=purposes)
    answer.headers.update(WITH_CAMERA)
    return answer


def read_enrolment(
    office: Office, caller: Caller, form: dict[str, list[str]], device_id: str = ""
) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields of the command from the form, and what is wrong with them."""
    scope, words = scope_of(caller, office), office.answering.manifest["words"].get(caller.language, {})
    given = {**form, "device_id": [device_id or new_id()]}
    return read(specs(EnrolDevice), given, scope["today"], caller.language, words)


@post("/devices/enrol", sync_to_thread=True, status_code=200)
def enrol_post(request: Request, body: RawBody) -> Response[str]:
    """Enrol, and give this browser its token in a cookie that no script can read."""
    office = office_of(request)
    same_origin(request)
    form = read_form(body)
    with office.database.read() as session:
        caller = manager_of(request, session)
    device_id = new_id()
    fields, complaints = read_enrolment(office, caller, form, device_id)
    complaint = "" if complaints else give(office, caller, EnrolDevice, fields)
    if complaints or complaint:
        return enrol_form(office, caller, form, complaints, complaint)
    with office.database.write() as session:
        token = give_token(session, device_id)
    device = {"name": fields["name"], "place": fields["place"] or "", "durable": fields["storage"] != "no"}
    answer = show(office, caller, "devices.enrolled", "devices/enrolled.html", device=device)
    answer.cookies.append(device_cookie(office, token))
    return answer


def device_cookie(office: Office, token: str) -> Cookie:
    """Not readable by any script, sent to nobody else, kept as long as a browser keeps one."""
    return new_cookie(DEVICE_COOKIE, token, COOKIE_SECONDS, office.settings.secure_cookies)
