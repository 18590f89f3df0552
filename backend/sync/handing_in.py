"""Handing in for a device that cannot reach the office: its sealed, unsent work comes as a file by another browser."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import MultipartBody

from backend.access_handed_in import take_from_device
from backend.at_office import form_of, show
from backend.callers import Caller, same_origin
from backend.clock import Reading, instant
from backend.devices import find_device_by_id, keys_of
from backend.errors import Problem
from backend.ids import is_id
from backend.journal import Receipt, device_of
from backend.office import find_site
from backend.performing import Gap, NewReplica
from backend.serving import Office, caller_of, office_of
from backend.sync.entries import Malformed, read_entry
from backend.sync.pushing import Line, push

MOST_ENTRIES = 5_000
NOT_OURS = "This is no file of unsent work that a device of this office saved."


class HandIn(msgspec.Struct, frozen=True, kw_only=True):
    """The file: numbers and replica stay the device's own, so that it is not asked for the same work again."""

    daysheet: Annotated[str, msgspec.Meta(pattern="^hand-in$")]
    v: int
    device_id: str
    replica_id: str
    commands: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=MOST_ENTRIES)]
    # Who looked at whom on it; the device keeps them too, until it can hand them in itself.
    access: list[Any] = []


def show_form(office: Office, caller: Caller, status: int = 200, **context: Any) -> Response[str]:
    """The form, with what became of the last file."""
    return show(office, caller, "sync.hand_in", "sync/hand_in.html", status, **{"counts": None, **context})


@get("/hand-in", sync_to_thread=True)
def hand_in_page(request: Request) -> Response[str]:
    """Where a file of unsent work is handed in, by anybody of the staff."""
    office = office_of(request)
    with office.database.read() as session:
        return show_form(office, caller_of(request, session))


@post("/hand-in", sync_to_thread=True, status_code=200)
def hand_in(request: Request, data: MultipartBody[dict[str, Any]]) -> Response[str]:
    """Decide what is in the file as if the device had sent it: the same numbers, the same signatures, the same rule."""
    office = office_of(request)
    same_origin(request)
    with office.database.read() as session:
        caller = caller_of(request, session)
    work = data.get("work")
    content = work.file.read() if isinstance(work, UploadFile) else b""
    try:
        return show_form(office, caller, counts=counted(decide_file(content, office)))
    except Problem as problem:
        return show_form(office, caller, 422, form=form_of(complaint=problem.say))


def decide_file(content: bytes, office: Office) -> list[Receipt]:
    """What became of each entry; raises Problem with a sentence."""
    try:
        given = msgspec.json.decode(content, type=HandIn)
        entries = [read_entry(raw, given.replica_id, office.keyring) for raw in given.commands]
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, Malformed) as error:
        raise Problem(NOT_OURS) from error
    with office.database.read() as session:
        device = find_device_by_id(session, given.device_id) if is_id(given.device_id) else None
        site = find_site(session, device.site_id) if device else None
        if device is None or site is None or not is_id(given.replica_id):
            raise Problem(NOT_OURS)
        if device_of(session, given.replica_id) not in (None, device.id):
            raise Problem(NOT_OURS)
        keys = keys_of(session, device.id)
    # How long the file was on its way nobody knows, so the wall clock of the device has to be believed.
    now = office.clock.now()
    clock = Reading(instant(now), 0, "")
    if given.access:
        with office.database.write() as session:
            take_from_device(session, office.keyring, device, site, given.access, now, clock, source="file")
    try:
        return push(entries, Line(given.replica_id, device, site, keys, clock), office)
    except Gap as gap:
        say = f"The office waits for entry {gap.expect} of this device; the file begins later. Save a new one there."
        raise Problem(say) from gap
    except NewReplica as error:
        say = "This device has gone on by itself since the file was saved. Save a new file there."
        raise Problem(say) from error


def counted(receipts: list[Receipt]) -> dict[str, int]:
    """How many came to be known at the office, and how many of them need a person."""
    open_ones = sum(receipt.outcome in ("flagged", "held", "refused") for receipt in receipts)
    return {"all": len(receipts), "open": open_ones}
