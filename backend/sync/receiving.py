"""POST /sync: commands go up, rows come down, in one request of one device."""

import zlib
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, post
from litestar.params import RawBody
from sqlalchemy.orm import Session

from backend.access_handed_in import take_from_device
from backend.callers import DEVICE_COOKIE, SESSION_COOKIE, cookie_of, said_by_our_script
from backend.clock import Reading, instant, parse_instant
from backend.devices import (
    Known,
    after_hand_in,
    contact_is_due,
    find_device,
    is_signed,
    keys_of,
    read_standing,
    record_contact,
    signed_in_at,
)
from backend.downtime import note_apart
from backend.errors import Busy
from backend.feed import epoch_and_head
from backend.ids import is_id
from backend.journal import device_of
from backend.keyring import Keyring
from backend.logs import log
from backend.office import find_site
from backend.performing import Gap, NewReplica
from backend.pulling import LARGEST_ANSWER, since
from backend.serving import Office, office_of
from backend.staff import find_actor, suspend_session
from backend.sync.entries import MOST_COMMANDS, Entry, Malformed, read_entry
from backend.sync.packing import Answer, TooLarge, UnknownEncoding, unpack, wire, without_lone_surrogates
from backend.sync.pushing import Line, push
from backend.sync.scope import sheets_held
from backend.validity import certificate_until
from backend.work import Site

PROTO = 1


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """One request of a device. `proof` is the signature of `actor` over `proven`: without it no row comes down."""

    request_id: str
    device_id: str
    replica_id: str
    proto: int = PROTO
    app: str = ""
    epoch: str | None = None
    actor: str | None = None
    proof: str | None = None
    clock: Reading | None = None
    commands: list[msgspec.Raw] = []
    sheets: dict[str, str] = {}
    mismatch: list[str] = []
    # What the device says of itself; read with care, and shown to managers.
    standing: Any = None
    # When it could not reach the office since it last did, as pairs of instants; read with care, too.
    apart: Any = None
    # Who looked at whom on it: each entry with its id, sealed to the office.
    access: list[Any] = []

    def proven(self) -> bytes:
        """What the acting person signs to be given rows: this very request, of this replica of this device."""
        return f"daysheet sync\n{self.request_id}\n{self.device_id}\n{self.replica_id}\n{self.actor}".encode()


@post("/sync", sync_to_thread=True, status_code=200)
def sync(request: Request, body: RawBody) -> Answer:
    """The whole receiving rule, then what changed in the device's sheets."""
    office = office_of(request)
    said_by_our_script(request)
    try:
        batch = read_batch(unpack(body, request.headers.get("content-encoding")))
    except TooLarge:
        return wire({"error": "too_large", "say": "That is more than one request may carry."}, 413)
    except (msgspec.MsgspecError, zlib.error, OSError, EOFError, UnicodeDecodeError, RecursionError):
        return wire({"error": "malformed", "say": "The request could not be read. Nothing of it was used."}, 400)
    except UnknownEncoding:
        return wire({"error": "unknown_encoding", "say": "The request is packed in a way we do not know."}, 415)
    with office.database.read() as session:
        device = find_device(session, cookie_of(request, DEVICE_COOKIE))
        signed = signed_in_at(request, session, device, office.clock.now())
    status, answer = exchange(batch, device, office)
    if status == 200 and signed is not None and answer["proven"] and signed.actor.id != batch.actor:
        # Somebody else opened the device with a PIN while it was offline: they are not who is signed in.
        with office.database.write() as session:
            suspend_session(session, cookie_of(request, SESSION_COOKIE) or "", office.clock.now())
    return wire(answer, status, request.headers.get("accept-encoding", ""))


def read_batch(text: bytes) -> Batch:
    """The request; raises a MsgspecError, UnicodeDecodeError or RecursionError."""
    try:
        return msgspec.json.decode(text, type=Batch)
    except msgspec.DecodeError:
        return msgspec.json.decode(without_lone_surrogates(text), type=Batch)


def exchange(
    batch: Batch, device: Known | None, office: Office, room: int = LARGEST_ANSWER
) -> tuple[int, dict[str, Any]]:
    """The whole receiving rule for one request of a device: the status and the body of the answer."""
    # Before anything is unsealed: that costs work which nobody unknown may ask of us.
    if device is None or device.id != batch.device_id:
        return 401, {"error": "unknown_device"}
    try:
        entries = read_entries(batch, office.keyring)
    except Malformed:
        return 400, {"error": "malformed", "say": "The request is not one of ours. Nothing of it was used."}
    now = office.clock.now()
    with office.database.read() as session:
        site = find_site(session, device.site_id)
        epoch, _ = epoch_and_head(session)
        keys = keys_of(session, device.id)
        due = contact_is_due(session, device.id, now)
        owner = device_of(session, batch.replica_id)
    assert site is not None
    if batch.epoch is not None and batch.epoch != epoch:
        return 409, {"error": "epoch", "epoch": epoch}
    if owner not in (None, device.id):
        # Another device's replica: its receipts are not for this one to read, nor its numbers to use up.
        return 409, {"error": "new_replica"}
    taken = take_access(batch, device, site, office)
    line = Line(batch.replica_id, device, site, keys, batch.clock)
    status, answer = hand_in(entries, batch, line, epoch, office)
    # Told once, and forgotten there when it was answered: it is in the journal before.
    if apart := bool(batch.apart) and "acked_n" in answer:
        note_apart(batch.apart, device, site, batch.clock, office, now)
    differs = bool(batch.mismatch) and bool(answer.get("proven"))
    if differs:
        # A copy came out otherwise than the office has it: it is sent afresh, and managers see it at the device.
        log.warning("copy_differs", device=device.id, replica=batch.replica_id, count=len(batch.mismatch))
    if due or differs or apart:
        stands = read_standing(batch.standing)
        # Only what was decided waits no longer.
        stands = after_hand_in(stands, len(entries)) if "acked_n" in answer else stands
        with office.database.write() as session:
            record_contact(session, device.id, now, batch.app, skew_ms(batch.clock, now), stands, differs)
    # Last, so that what is sent is how the office stands when it has taken everything that came.
    if status == 200:
        answer |= (
            send(batch, line, now, office, room) if answer["proven"] else {"sheets": {}, "drop": [], "more": False}
        )
    return status, {**answer, "access_taken": taken} if batch.access else answer


def take_access(batch: Batch, device: Known, site: Site, office: Office) -> list[str]:
    """The entries of the device's access log that it may forget; also a locked or revoked one hands them in."""
    if not batch.access:
        return []
    now = office.clock.now()
    with office.database.write() as session:
        return take_from_device(session, office.keyring, device, site, batch.access, now, batch.clock)


def hand_in(entries: list[Entry], batch: Batch, line: Line, epoch: str, office: Office) -> tuple[int, dict[str, Any]]:
    """The commands of a device that we know are decided; the answer as yet without what changed.

    Whose person did not prove to be there (`proven`) hands in, and is told no more than that it did.
    """
    device, keys = line.device, line.keys
    try:
        receipts = push(entries, line, office)
        acked_n = entries[-1].sent.n or 0 if receipts else 0
    except Gap as gap:
        return 409, {"error": "gap", "expect": gap.expect}
    except NewReplica:
        return 409, {"error": "new_replica"}
    except Busy as busy:
        return 503, {"error": "busy", "say": busy.say}
    if device.state != "enrolled":
        return 401, {"error": "revoked", "mode": "lost" if device.state == "lost" else "retire", "acked_n": acked_n}
    if batch.proto != PROTO:
        return 426, {"error": "too_old", "acked_n": acked_n}
    now = office.clock.now()
    told: dict[str, Any] = {"server_time": instant(now), "epoch": epoch, "request_id": batch.request_id}
    told |= {
        "acked_n": acked_n,
        "proven": batch.actor in keys and is_signed(keys[batch.actor], batch.proven(), batch.proof),
    }
    return 200, told


def send(batch: Batch, line: Line, now: datetime, office: Office, room: int) -> dict[str, Any]:
    """What changed since the cursors, of one moment."""
    with office.database.read() as session:
        return pull(session, batch, line, now, office, room)


def read_entries(batch: Batch, keyring: Keyring) -> list[Entry]:
    """The entries in their order; raises Malformed for a request that no device of ours writes."""
    if not is_id(batch.replica_id) or len(batch.commands) > MOST_COMMANDS:
        raise Malformed()
    return [read_entry(raw, batch.replica_id, keyring) for raw in batch.commands]


def pull(session: Session, batch: Batch, line: Line, now: datetime, office: Office, room: int) -> dict[str, Any]:
    """What changed since the cursors, what to drop, and whether there is more, all of one moment."""
    actor = find_actor(session, batch.actor) if batch.actor else None
    allowed = sheets_held(session, line.device.purpose, actor, line.site, now)
    receipts = f"receipts/{batch.replica_id}"
    cursors = {name: cursor for name, cursor in batch.sheets.items() if name not in batch.mismatch}
    pages, more = since(session, allowed, cursors, last=receipts, room=room)
    drop = [name for name in batch.sheets if name not in allowed and name != receipts]
    return {"certificate_until": certificate_until(office.settings), "sheets": pages, "drop": drop, "more": more}


def skew_ms(clock: Reading | None, now: datetime) -> int | None:
    """How far the device's wall clock is ahead of ours, within what a column can hold."""
    if clock is None:
        return None
    try:
        ahead = (parse_instant(clock.wall) - now).total_seconds() * 1000
    except (ValueError, OverflowError):
        return None
    return max(-(2**31), min(2**31 - 1, round(ahead)))
