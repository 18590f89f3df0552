"""The manager's pages of outages and drills. From the office alone: they change with what comes in."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, RawBody
from litestar.response import Redirect
from sqlalchemy.orm import Session

from backend.at_office import form_of, give, only_for, show
from backend.callers import Caller, same_origin
from backend.clock import instant
from backend.commands import Command
from backend.devices import heard_of
from backend.downtime.drilling import BeginDrill, EndDrill, open_drill
from backend.downtime.printing import as_pdf, can_print
from backend.downtime.reckoning import Outage, find_outage, outages
from backend.downtime.reporting import briefs_of, record_of
from backend.errors import Missing
from backend.identity import MANAGERS, PRIVACY_OFFICER
from backend.ids import is_id, new_id
from backend.serving import Office, office_of, read_form, scope_of

READERS = MANAGERS | {PRIVACY_OFFICER}
NOT_YOURS = "Only a manager or the privacy officer reads the record of outages."
NOT_YOUR_DRILL = "Only a manager makes a drill."
MOST_LISTED = 100


@get("/downtime", sync_to_thread=True)
def show_outages(request: Request) -> Response[str]:
    """Every outage and drill of the site, and the form for a drill."""
    office = office_of(request)
    with office.database.read() as session:
        caller = only_for(request, session, READERS, NOT_YOURS)
        return list_of(session, caller, office)


def list_of(session: Session, caller: Caller, office: Office, complaint: str = "") -> Response[str]:
    """The list, with what was wrong with the form for a drill."""
    found = outages(session, caller.site.id)
    drill = open_drill(session, caller.site.id)
    devices = [one for one in heard_of(session) if one.site_id == caller.site.id and one.state == "enrolled"]
    context = {
        "outages": briefs_of(session, found[:MOST_LISTED]),
        "earlier": max(0, len(found) - MOST_LISTED),
        "drill_id": drill.id if drill else None,
        "fresh_id": new_id(),
        "minutes": -(-office.settings.outage_seconds // 60),
        "devices": [{"id": one.id, "name": one.name} for one in devices],
        "may_drill": caller.actor.may(MANAGERS),
        "form": form_of(complaint=complaint),
    }
    status = 422 if complaint else 200
    return show(office, caller, "downtime.outages", "downtime/outages.html", status, **context)


@get("/downtime/{outage_id:str}", sync_to_thread=True)
def show_record(request: Request, outage_id: FromPath[str]) -> Response[str]:
    """The record of one."""
    office = office_of(request)
    caller, context = record_for(request, outage_id, office)
    return show(office, caller, "downtime.record", "downtime/record.html", **context, form=form_of())


@get("/downtime/{outage_id:str}/record.pdf", sync_to_thread=True)
def print_record(request: Request, outage_id: FromPath[str]) -> Response[bytes]:
    """The same on paper, with lines to sign on."""
    office = office_of(request)
    caller, context = record_for(request, outage_id, office)
    page = {"page": {"name": "downtime.record", "path": ""}, "param": {}}
    html = office.plain("downtime/record_paper.html", {**page, **context}, scope_of(caller, office))
    headers = {"Cache-Control": "no-store", "Content-Disposition": 'inline; filename="downtime-record.pdf"'}
    return Response(as_pdf(html, office), media_type="application/pdf", headers=headers)


def record_for(request: Request, outage_id: str, office: Office) -> tuple[Caller, dict[str, Any]]:
    """Who asks, and what both of them show."""
    with office.database.read() as session:
        caller = only_for(request, session, READERS, NOT_YOURS)
        record = record_of(session, found_at(session, caller, outage_id), office.performer.kinds)
    return caller, {
        "record": record,
        "site_name": caller.site.name,
        "made_at": instant(office.clock.now()),
        "may_drill": caller.actor.may(MANAGERS),
        "can_print": can_print(),
    }


def found_at(session: Session, caller: Caller, outage_id: str) -> Outage:
    """One of the caller's own site."""
    found = find_outage(session, caller.site.id, outage_id) if is_id(outage_id) else None
    if found is None:
        raise Missing("There is no such outage.")
    return found


@post("/downtime/drills", sync_to_thread=True)
def begin(request: Request, body: RawBody) -> Response[str] | Redirect:
    """Begin one with the devices that were ticked."""
    form = read_form(body)
    fields = {"drill_id": form.get("drill_id", [""])[-1], "device_ids": form.get("device_id", [])}
    return decide(request, BeginDrill, fields)


@post("/downtime/drills/end", sync_to_thread=True)
def end(request: Request, body: RawBody) -> Response[str] | Redirect:
    """End the one that is under way."""
    form = read_form(body)
    fields = {name: form.get(name, [""])[-1].strip() for name in ("drill_id", "learned")}
    return decide(request, EndDrill, fields)


def decide(request: Request, kind: type[Command], fields: dict[str, Any]) -> Response[str] | Redirect:
    """Give the command; the record of the drill, or the list with what was wrong."""
    office = office_of(request)
    same_origin(request)
    with office.database.read() as session:
        caller = only_for(request, session, MANAGERS, NOT_YOUR_DRILL)
    if complaint := give(office, caller, kind, fields):
        with office.database.read() as session:
            return list_of(session, caller, office, complaint)
    return Redirect(f"/downtime/{fields['drill_id']}", status_code=303)
