"""Pages that only the office answers: who may have one, how it is shown, and the commands that are given from it."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response
from sqlalchemy.orm import Session

from backend.callers import Caller
from backend.commands import Command
from backend.deciding import sent_by_us
from backend.errors import NotAllowed
from backend.ids import new_id
from backend.performing import perform
from backend.serving import Office, asked_by, caller_of, scope_of


def only_for(request: Request, session: Session, roles: frozenset[str], say: str) -> Caller:
    """Who asks, if one of the roles is theirs; anybody else is told `say`."""
    caller = caller_of(request, session)
    if not caller.actor.may(roles):
        raise NotAllowed(say)
    return caller


def form_of(
    values: Mapping[str, Any] | None = None, complaints: Mapping[str, str] | None = None, complaint: str = ""
) -> dict[str, Any]:
    """What a template shows of a form: what was typed, what is wrong with which field, and with all of it."""
    return {"command": "", "values": dict(values or {}), "complaints": dict(complaints or {}), "complaint": complaint}


def show(office: Office, caller: Caller, name: str, template: str, status: int = 200, **context: Any) -> Response[str]:
    """The page, for this caller."""
    page = {"page": {"name": name, "path": ""}, "param": {}}
    html = office.plain(template, {**page, **context}, scope_of(caller, office))
    return Response(html, status_code=status, media_type="text/html")


def give(office: Office, caller: Caller, kind: type[Command], fields: dict[str, Any], command_id: str = "") -> str:
    """Perform one command in the caller's name; the sentence when it was not done, else nothing."""
    sent = sent_by_us(kind, command_id or new_id(), fields)
    receipt = perform(sent, asked_by(caller, office), office.performer)
    return receipt.say if receipt.outcome in ("held", "refused") else ""
