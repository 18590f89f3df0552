"""The pages of the devices: the device's own, the manager's list, enrolment; and the unlocking of a device."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.params import JSONBody, RawBody
from sqlalchemy import select

from backend.callers import DEVICE_COOKIE, Caller, said_by_our_script, same_origin
from backend.clock import instant, optional_instant
from backend.deciding import Asked, Sent
from backend.devices.enrolling import EnrolDevice, give_token
from backend.devices.models import Contact, DeviceRecord
from backend.devices.unlocking import find_device, record_unlock
from backend.errors import NotAllowed
from backend.feed import epoch_and_head
from backend.fields import read, specs
from backend.identity import EVERYBODY, MANAGERS
from backend.ids import is_id, new_id
from backend.lists import List, One
from backend.performing import perform
from backend.screens import Page, Part
from backend.serving import Office, caller_of, office_of, read_form, scope_of

COOKIE_SECONDS = 400 * 86_400  # the most that browsers keep

device_page = Page(
    "devices.device",
    ["/device"],
    "devices/device.html",
    "This device",
    sheets=["device", "office/{site}"],
    lists={"state": One("device_state"), "entries": List("entry", sort=["-sort_key"])},
    parts={"pill": Part("devices/_pill.html"), "entries": Part("devices/_entries.html")},
    roles=EVERYBODY,
)


def show(office: Office, caller: Caller, name: str, template: str, status: int = 200, **context: Any) -> Response[str]:
    """A page that only the office answers."""
    page = {"page": {"name": name, "path": ""}, "param": {}}
    return Response(
        office.plain(template, {**page, **context}, scope_of(caller, office)),
        status_code=status,
        media_type="text/html",
    )


def manager_of(request: Request, session: Any) -> Caller:
    """The manager who asks; anybody else is told that it is not theirs."""
    caller = caller_of(request, session)
    if not caller.actor.may(MANAGERS):
        raise NotAllowed("Only a manager sees to the devices.")
    return caller


@get("/devices", sync_to_thread=True)
def devices_page(request: Request) -> Response[str]:
    """Every device of the site, and when it was last heard of."""
    office = office_of(request)
    with office.database.read() as session:
        caller = manager_of(request, session)
        query = select(DeviceRecord, Contact).outerjoin(Contact, Contact.device_id == DeviceRecord.id)
        query = query.where(DeviceRecord.site_id == caller.site.id).order_by(DeviceRecord.name)
        devices = [
            {
                "id": device.id,
                "name": device.name,
                "place": device.place or "",
                "purpose": device.purpose,
                "state": device.state,
                "last_contact": optional_instant(contact.at if contact else None),
                "app": contact.app if contact else "",
            }
            for device, contact in session.execute(query)
        ]
        return show(office, caller, "devices.devices", "devices/devices.html", devices=devices)


@get("/devices/enrol", sync_to_thread=True)
def enrol_page(request: Request) -> Response[str]:
    """The form by which a manager makes this browser a device of the office."""
    office = office_of(request)
    with office.database.read() as session:
        caller = manager_of(request, session)
    form = {"command": "", "values": {}, "complaints": {}, "complaint": ""}
    return show(office, caller, "devices.enrol", "devices/enrol.html", form=form)


@post("/devices/enrol", sync_to_thread=True, status_code=200)
def enrol_post(request: Request, body: RawBody) -> Response[str]:
    """Enrol, and give this browser its token in a cookie that no script can read."""
    office = office_of(request)
    same_origin(request)
    form = read_form(body)
    with office.database.read() as session:
        caller = manager_of(request, session)
    scope = scope_of(caller, office)
    device_id = new_id()
    words = office.answering.manifest["words"].get(caller.language, {})
    fields, complaints = read(
        specs(EnrolDevice), {**form, "device_id": [device_id]}, scope["today"], caller.language, words
    )
    complaint = ""
    if not complaints:
        sent = Sent(command_id=new_id(), command="devices.enrol", fields=fields)
        asked = Asked(caller.replica_id, "session", caller.device, caller.site, caller.actor, office.clock.now())
        receipt = perform(sent, asked, office.performer)
        complaint = receipt.say if receipt.outcome in ("held", "refused") else ""
    if complaints or complaint:
        values = {name: texts[-1] for name, texts in form.items()}
        again = {"command": "devices.enrol", "values": values, "complaints": complaints, "complaint": complaint}
        return show(office, caller, "devices.enrol", "devices/enrol.html", status=422, form=again)
    with office.database.write() as session:
        token = give_token(session, device_id)
    device = {"name": fields["name"], "place": fields["place"] or ""}
    answer = show(office, caller, "devices.enrolled", "devices/enrolled.html", device=device)
    answer.cookies.append(
        Cookie(
            key=DEVICE_COOKIE,
            value=token,
            path="/",
            httponly=True,
            samesite="strict",
            secure=office.settings.secure_cookies,
            max_age=COOKIE_SECONDS,
        )
    )
    return answer


@post("/devices/unlock", sync_to_thread=True, status_code=200)
def unlock(request: Request, data: JSONBody[dict[str, Any]]) -> Response[dict[str, Any]]:
    """The signed-in person unlocks this device: recorded, and the server's share of the key is released."""
    office = office_of(request)
    said_by_our_script(request)
    now = office.clock.now()
    with office.database.write() as session:
        caller = office.find_caller(request, session)
        device = find_device(session, request.cookies.get(DEVICE_COOKIE))
        if caller is None:
            return Response({"error": "signed_out"}, status_code=401)
        if device is None or device.state != "enrolled" or not is_id(data.get("replica_id") or device.id):
            return Response({"error": "not_enrolled"}, status_code=404)
        if device.site_id != caller.site.id:
            raise NotAllowed("This device is another site’s. Use one of your own site.", "other_site")
        record_unlock(session, device.id, caller.actor.id, now)
        epoch, _ = epoch_and_head(session)
    scope = scope_of(caller, office)
    return Response(
        {
            "device": {"id": device.id, "name": device.name, "purpose": device.purpose, "code": device.code},
            "actor": scope["actor"],
            "site": {**scope["site"], "zone": caller.zone},
            "language": caller.language,
            "share": device.share,
            "epoch": epoch,
            "server_time": instant(now),
        }
    )
