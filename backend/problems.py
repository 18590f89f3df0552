"""Problems answered: a sentence and the right status for every kind of failure, and never what was entered."""

import time
import traceback
import uuid
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import MutableScopeHeaders
from litestar.exceptions import HTTPException
from litestar.types import Message, Scope
from sqlalchemy.exc import OperationalError

from backend.callers import Caller
from backend.errors import Busy, NotAllowed, NotSignedIn, Problem
from backend.logs import log, where
from backend.manifest import HEADERS
from backend.noticing import note_by
from backend.serving import is_partial, office_of, scope_of

OURS = Path(__file__).parent
SENTENCES = {
    400: "The request could not be read. Nothing of it was used.",
    404: "There is no such page.",
    405: "That cannot be done here.",
    413: "That is more than the office takes at once. Nothing of it was used.",
    415: "That kind of content is not taken here.",
}


def answer_problem(request: Request, problem: Problem) -> Response[Any]:
    """What a person has to be told."""
    if isinstance(problem, NotSignedIn) and wants_a_page(request):
        return Response(b"", status_code=303, headers={"Location": "/signin"})
    answer = tell(request, problem.status, problem.code, problem.say)
    if isinstance(problem, NotAllowed) and (caller := request.scope.get("daysheet_caller")) is not None:
        # In a thread and after the answer: an error is answered in the loop, which must not wait for a disk.
        answer.background = BackgroundTask(note_denied, request, caller, problem.code)
    return answer


def note_denied(request: Request, caller: Caller, code: str) -> None:
    """Somebody who is signed in asked for what is not theirs: the page's name or the route's pattern, no address."""
    office = office_of(request)
    page = request.scope.get("daysheet_page")
    name = page["name"] if page else route_of(request.scope)
    note_by(caller, office, "denied", name[:60], code=code)


def answer_http(request: Request, error: HTTPException) -> Response[Any]:
    """What the framework refuses: its own words may quote the request, so ours stand in for them."""
    say = SENTENCES.get(error.status_code, SENTENCES[400] if error.status_code < 500 else "")
    return tell(request, error.status_code, "http", say) if say else answer_bug(request, error)


def answer_bug(request: Request, error: Exception) -> Response[Any]:
    """A fault of ours: a number for the log, and nothing else."""
    if isinstance(error, OperationalError):
        return answer_problem(request, Busy())
    if is_unreadable(error):
        return tell(request, 400, "http", SENTENCES[400])
    error_id = uuid.uuid4().hex[:8]
    log.error("our_fault", error=type(error).__name__, where=where(error), error_id=error_id)
    say = f"Something went wrong on our side (fault {error_id}). What was saved before is still saved."
    return tell(request, 500, "our_fault", say)


def is_unreadable(error: Exception) -> bool:
    """Whether the framework failed at the body itself, nested too deep or no UTF-8, before any code of ours ran."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    ours = any(Path(frame.f_code.co_filename).is_relative_to(OURS) for frame in frames)
    return isinstance(error, RecursionError | ValueError) and not ours


def wants_a_page(request: Request) -> bool:
    """Whether a person in a browser asked, rather than a script of ours."""
    return "text/html" in request.headers.get("accept", "") and not request.headers.get("x-daysheet")


def tell(request: Request, status: int, code: str, say: str) -> Response[Any]:
    """The sentence, as a page, a piece of one, or JSON."""
    if not wants_a_page(request) and not is_partial(request):
        body = msgspec.json.encode({"error": code, "say": say})
        return Response(body, status_code=status, media_type="application/json")
    office = office_of(request)
    template = "shell/_complaint.html" if is_partial(request) else "shell/problem.html"
    form = {"command": "", "values": {}, "complaints": {}, "complaint": say}
    caller, page = request.scope.get("daysheet_caller"), request.scope.get("daysheet_page")
    if status == NotAllowed.status and caller is not None and page is not None and page["emergency"]:
        # What was typed comes back, as of every form; the refusal itself stands above it.
        form = request.scope.get("daysheet_form", {**form, "complaint": ""})
        if not is_partial(request):
            context = {"form": form, "refusal": say}
            text = office.plain("shell/refused.html", context, scope_of(caller, office))
            return Response(text, status_code=status, media_type="text/html")
    return Response(office.plain(template, {"form": form}), status_code=status, media_type="text/html")


async def put_headers(message: Message, scope: Scope) -> None:
    """The policy of the house on every answer that does not carry its own."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        if seconds := hsts_seconds(scope):
            headers.setdefault("Strict-Transport-Security", f"max-age={seconds}")
        note_end(scope, message["status"])


def hsts_seconds(scope: Scope) -> int:
    """How long browsers shall come by HTTPS only; never where it would bind every other program of a machine."""
    seconds: int = scope["litestar_app"].state.office.settings.transport_security
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return 0 if host.split(b":")[0] == b"localhost" else seconds


async def note_start(request: Request) -> None:
    """Remember when it began."""
    request.scope["daysheet_began"] = time.perf_counter()  # type: ignore[typeddict-unknown-key]


def note_end(scope: Scope, status: int) -> None:
    """One line per request: the route's pattern, never its address, because that names whose it is."""
    began = scope.get("daysheet_began")
    route = route_of(scope)
    ms = round((time.perf_counter() - began) * 1000, 1) if isinstance(began, float) else None
    log.info("request", method=scope.get("method"), route=route, status=status, ms=ms)


def route_of(scope: Scope) -> str:
    """The pattern of the route that answers."""
    handler = scope.get("route_handler")
    return sorted(handler.paths)[0] if handler is not None and handler.paths else "none"
