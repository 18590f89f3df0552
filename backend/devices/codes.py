"""The code on the manager's phone: shown as a picture to scan and in groups to type, with what became of it."""

from typing import Any

import segno
from litestar import Request, Response, get, post
from litestar.params import RawBody

from backend.at_office import show
from backend.callers import Caller, same_origin
from backend.clock import instant
from backend.devices import features
from backend.devices.inviting import LIVES, in_groups, invite
from backend.devices.models import DeviceRecord, Invitation
from backend.devices.pages import enrol_form, manager_of, read_enrolment
from backend.errors import Missing, Refused
from backend.serving import Office, office_of, read_form

QUIET = 4  # modules of white around the code (ISO/IEC 18004)


@post("/devices/invitations", sync_to_thread=True, status_code=200)
def invite_post(request: Request, body: RawBody) -> Response[str]:
    """A code for another device. It is in this answer only: nobody can look it up again."""
    office = office_of(request)
    same_origin(request)
    form = read_form(body)
    with office.database.read() as session:
        caller = manager_of(request, session)
    fields, complaints = read_enrolment(office, caller, form)
    if complaints:
        return enrol_form(office, caller, form, complaints)
    now = office.clock.now()
    try:
        with office.database.write() as session:
            id, code = invite(session, caller.site, caller.actor.id, fields, now)
    except Refused as refused:
        return enrol_form(office, caller, form, {}, refused.say)
    invited = {"name": fields["name"], "place": fields["place"] or "", "purpose": fields["purpose"]}
    shown = {"id": id, "state": "waits", "until": instant(now + LIVES), **invited}
    address = f"{'https' if office.settings.secure_cookies else request.url.scheme}://{request.url.netloc}/enrol"
    # Behind the # it never leaves the browser that opens it: no log and no proxy sees it.
    picture = qr_of(f"{address}#{code}")
    context = {"code": in_groups(code), "qr": picture, "address": address, "invitation": shown}
    return show(office, caller, "devices.invitation", "devices/invitation.html", **context)


@get("/devices/invitation", sync_to_thread=True)
def invitation_state(request: Request) -> Response[str]:
    """What became of a code; the phone that shows it asks every two seconds."""
    office = office_of(request)
    with office.database.read() as session:
        caller = manager_of(request, session)
        found = session.get(Invitation, request.query_params.get("invitation_id", ""))
        if found is None or found.site_id != caller.site.id:
            raise Missing("There is no such code.")
        device = session.get(DeviceRecord, found.device_id)
        state = state_of(found, device is not None, office)
        shown = {"id": found.id, "state": state, "until": instant(found.until), "name": found.name}
        shown |= {"device_id": found.device_id, "durable": is_durable(device)}
    return part(office, caller, shown)


def part(office: Office, caller: Caller, invitation: dict[str, Any]) -> Response[str]:
    """The piece of the page that lives."""
    return show(office, caller, "devices.invitation", "devices/_invitation.html", invitation=invitation)


def state_of(invitation: Invitation, enrolled: bool, office: Office) -> str:
    """One of waits, enrolled, expired."""
    if enrolled:
        return "enrolled"
    return "expired" if invitation.until <= office.clock.now() else "waits"


def is_durable(device: DeviceRecord | None) -> bool:
    """False only where the device's own test found that its browser may clear what it keeps."""
    return device is None or features.shown(device.features)["durable"] is not False


def qr_of(text: str) -> dict[str, Any]:
    """A QR code as one SVG path in modules, so that it needs no style of its own."""
    matrix = segno.make(text, error="m", micro=False).matrix
    path = [
        f"M{column + QUIET} {line + QUIET}h1v1h-1z"
        for line, modules in enumerate(matrix)
        for column, module in enumerate(modules)
        if module
    ]
    return {"size": len(matrix) + 2 * QUIET, "path": "".join(path)}
