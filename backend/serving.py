"""Serving: every page and post of the house, answered by the server for browsers that have no worker to do it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.exceptions import ClientException
from litestar.params import FromPath, RawBody
from sqlalchemy.orm import Session

from backend import answers, paths
from backend.callers import Caller, same_origin
from backend.clock import Clock, instant, office_day
from backend.database import Database
from backend.deciding import Asked, Sent
from backend.emergencies import may_see
from backend.errors import Missing, NotAllowed, NotSignedIn
from backend.house import Room
from backend.identity import PURPOSES
from backend.ids import new_id
from backend.kept_sheets import KeptSheets
from backend.keyring import Keyring
from backend.noticing import Noticing, note_shown
from backend.own_rows import own_entries, own_state
from backend.painting import Painted
from backend.performing import Performer, perform
from backend.posts import read_post
from backend.settings import Settings
from backend.shelf import Shelf
from backend.timetable import Job

FindCaller = Callable[..., Caller | None]


@dataclass(frozen=True)
class Office:
    """The running house: what every route finds at `request.app.state.office`."""

    settings: Settings
    clock: Clock
    database: Database
    performer: Performer
    keyring: Keyring
    answering: answers.House
    find_caller: FindCaller
    rooms: list[Room]
    jobs: list[Job] = field(default_factory=list)
    kept: KeptSheets = field(default_factory=KeptSheets)

    def plain(self, template: str, context: dict[str, Any], scope: dict[str, Any] | None = None) -> str:
        """A page outside of the sheets: for nobody in particular, unless (part of) a caller's `scope` is given."""
        now = instant(self.clock.now())
        nobody = {"now": now, "today": now[:10], "zone": {"name": "UTC", "transitions": []}, "language": "en"}
        nobody |= {
            "site": {"id": "", "name": ""},
            "actor": {"id": "", "name": "", "roles": []},
            "seed": new_id(),
            "purpose": "",
        }
        known = nobody | (scope or {})
        lock = {"device": "", "idle": False, "left": 0, "last": "", "people": []}
        page = {"page": {"name": "", "path": ""}, "param": {}, "lock": lock}
        return self.answering.templates.render(
            template, {**page, **known, **answers.about(self.answering, known), **context}
        )


def office_of(request: Request) -> Office:
    """The house that answers this request."""
    office: Office = request.app.state.office
    return office


def caller_of(request: Request, session: Session, owing: bool = False) -> Caller:
    """Who asks; raises NotSignedIn when nobody is signed in, or who is must set up how they sign in first."""
    caller = office_of(request).find_caller(request, session, owing=owing)
    if caller is None:
        raise NotSignedIn("Sign in first. Nothing was lost.")
    request.scope["daysheet_caller"] = caller  # type: ignore[typeddict-unknown-key]
    return caller


def asked_by(caller: Caller, office: Office) -> Asked:
    """The caller asks now, by their session's replica."""
    return Asked(caller.replica_id, "session", caller.device, caller.site, caller.actor, office.clock.now())


def scope_of(caller: Caller, office: Office) -> dict[str, Any]:
    """What pages are rendered with, beside their rows."""
    now = office.clock.now()
    return {
        "site": {"id": caller.site.id, "name": caller.site.name},
        "actor": {"id": caller.actor.id, "name": caller.actor.name, "roles": sorted(caller.actor.roles)},
        "device": caller.device.id,
        "now": instant(now),
        "today": str(office_day(now, caller.site.zone_name)),
        "zone": caller.zone,
        "language": caller.language,
        "seed": new_id(),
        "purpose": caller.purpose,
    }


def view_of(session: Session, caller: Caller, office: Office) -> Painted:
    """The sheets as this caller's pages see them; on the server nothing is ever unsent."""
    local = {
        "entry": lambda: own_entries(session, caller, office.performer.kinds),
        "news": list,
        "device_state": lambda: [own_state(session, caller, office.answering.manifest["app"])],
    }
    return Painted(Shelf(session, local, office.kept))


def is_partial(request: Request) -> bool:
    """Whether htmx asks for a piece; a browser without script asks for pages."""
    return request.headers.get("hx-request-type") == "partial"


def reply(answer: answers.Answer) -> Response[bytes]:
    """The answer as Litestar sends it, never kept by any cache."""
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "content-type"}
    media_type = answer.headers.get("Content-Type", "text/html; charset=utf-8")
    return Response(answer.body.encode(), status_code=answer.status, headers=headers, media_type=media_type)


def watched(office: Office) -> tuple[answers.House, Noticing]:
    """The house for one answer, and what remembers whose rows were in it."""
    noticing = Noticing(office.answering.templates, office.answering.manifest["pages"])
    return office.answering._replace(templates=noticing), noticing


@get("/{path:path}", sync_to_thread=True)
def show_page(request: Request, path: FromPath[str]) -> Response[bytes]:
    """Any page of any room, or one part of it."""
    office = office_of(request)
    found = answers.page_at(office.answering.manifest, request.url.path)
    if found is None:
        raise Missing("There is no such page.")
    page, params = found
    given = {**paths.form_of(request.url.query), **params}
    house, noticed = watched(office)
    with office.database.read() as session:
        caller = caller_of(request, session)
        code = may_see(request, session, caller, page, office.clock.now())
        view, scope = view_of(session, caller, office), scope_of(caller, office)
        if part := given.pop("_part", None):
            answer = answers.render_part(house, page, part[0], given, view, scope)
        else:
            answer = answers.render_page(house, page, given, view, scope)
    note_shown(office, caller, noticed, "read", code)
    return reply(answer)


@post("/find/{name:str}", sync_to_thread=True, status_code=200)
def find(request: Request, name: FromPath[str], body: RawBody) -> Response[bytes]:
    """A search. What was typed came in the body, because it may be a patient's name."""
    office = office_of(request)
    same_origin(request)
    page = next((page for page in office.answering.manifest["pages"] if page["name"] == name and page["find"]), None)
    if page is None:
        raise Missing("There is nothing to search by that name.")
    house, noticed = watched(office)
    with office.database.read() as session:
        caller = caller_of(request, session)
        code = may_see(request, session, caller, page, office.clock.now())
        view, scope = view_of(session, caller, office), scope_of(caller, office)
        form, partial = read_form(body), is_partial(request)
        known = answers.parameters(page, form, scope)
        # A whole page can be shown only at an address: without its day, it has none.
        if not partial and not any(paths.parse(pattern).fits(known) for pattern in page["paths"]):
            raise Missing("There is no such page.")
        answer = answers.render_find(house, page, form, view, scope, partial)
    note_shown(office, caller, noticed, "search", code)
    return reply(answer)


def read_form(body: bytes) -> dict[str, list[str]]:
    """A URL-encoded form; anything else is an empty one, about which the fields complain."""
    try:
        return paths.form_of(body.decode())
    except (UnicodeDecodeError, ValueError) as error:
        raise ClientException("The form could not be read.") from error


@post("/{path:path}", sync_to_thread=True, status_code=200)
def take_post(request: Request, path: FromPath[str], body: RawBody) -> Response[bytes]:
    """Any form of any room: read, performed, answered with the page it belongs to."""
    office = office_of(request)
    same_origin(request)
    found = answers.post_at(office.answering.manifest, request.url.path)
    if found is None:
        raise Missing("There is no such form.")
    declared, params = found
    form, partial = read_form(body), is_partial(request)
    house, noticed = watched(office)
    with office.database.read() as session:
        caller = caller_of(request, session)
        if not PURPOSES[caller.purpose].may_hand_in(declared["command"]):
            raise NotAllowed("A device of this kind does not do such work. Use another one.", "not_for_device")
        posted = read_post(house.manifest, declared, params, form, scope_of(caller, office))
    refusal = ""
    if not posted.complaints:
        sent = Sent(
            command_id=posted.command_id,
            command=posted.command,
            v=house.manifest["commands"][posted.command]["v"],
            fields=msgspec.to_builtins(posted.fields),
            was=posted.was,
            seen=posted.seen,
        )
        receipt = perform(sent, asked_by(caller, office), office.performer)
        refusal = receipt.say if receipt.outcome in ("held", "refused") else ""
    with office.database.read() as session:
        view, scope = view_of(session, caller, office), scope_of(caller, office)
        if posted.complaints or refusal:
            answer = answers.complain(house, declared, params, form, posted.complaints, view, scope, partial, refusal)
        else:
            answer = answers.answer_post(house, declared, params, form, posted.fields, view, scope, partial)
        code = ""
        if noticed.page is not None:
            # The answer is a page, and a form that anybody may send must not show it to who could not open it.
            again = answers.form_again(house, declared, form, posted.complaints, scope, refusal)
            request.scope["daysheet_form"] = again  # type: ignore[typeddict-unknown-key]
            code = may_see(request, session, caller, noticed.page, office.clock.now())
    note_shown(office, caller, noticed, "read", code)
    return reply(answer)
