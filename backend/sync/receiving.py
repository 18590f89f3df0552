"""POST /sync: commands go up, rows come down, in one request of one device."""

import gzip
import zlib
from datetime import datetime
from typing import Any

import msgspec
from litestar import Request, Response, post
from litestar.params import RawBody
from sqlalchemy.orm import Session

from backend.callers import DEVICE_COOKIE, said_by_our_script
from backend.clock import Reading, instant, parse_instant
from backend.deciding import Asked, Sent
from backend.devices import Known, contact_is_due, find_device, record_contact, unlocked_by
from backend.errors import Busy
from backend.feed import epoch_and_head
from backend.identity import Actor
from backend.ids import is_id
from backend.journal import device_of
from backend.office import find_site
from backend.performing import Gap, NewReplica, perform
from backend.pulling import LARGEST_ANSWER, since
from backend.serving import Office, office_of
from backend.staff import find_actor
from backend.sync.scope import sheets_held
from backend.work import Device, Site

MOST_COMMANDS = 200
LARGEST_UNPACKED = 1_000_000
PROTO = 1
# What a device that was taken out of use is told, and why its work waits for a person.
HOLDS = {
    "retired": ("device_retired", "This device was taken out of use. The entry is kept until a manager decides."),
    "lost": ("device_lost", "This device was reported lost. The entry is kept apart until a manager decides."),
}
NOT_UNLOCKED = ("not_unlocked", "The office has no record that this person unlocked this device. A manager decides.")


class SentCommand(Sent, frozen=True, kw_only=True):
    """One entry of an outbox, as it comes over the wire: with its number, and who did it."""

    n: int
    actor: str
    # What only the device paints by; it is not part of what was said.
    new: dict[str, Any] = msgspec.field(default_factory=dict)


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """One request of a device."""

    request_id: str
    device_id: str
    replica_id: str
    proto: int = PROTO
    app: str = ""
    epoch: str | None = None
    actor: str | None = None
    clock: Reading | None = None
    commands: list[SentCommand] = []
    sheets: dict[str, str] = {}
    mismatch: list[str] = []


Wire = Response[bytes]


@post("/sync", sync_to_thread=True, status_code=200)
def sync(request: Request, body: RawBody) -> Wire:
    """The whole receiving rule, then what changed in the device's sheets."""
    office = office_of(request)
    said_by_our_script(request)
    try:
        batch = msgspec.json.decode(unpack(body, request.headers.get("content-encoding")), type=Batch)
    except TooLarge:
        return wire({"error": "too_large", "say": "That is more than one request may carry."}, 413)
    except (msgspec.MsgspecError, zlib.error, OSError, EOFError, UnicodeDecodeError, RecursionError):
        return wire({"error": "malformed", "say": "The request could not be read. Nothing of it was used."}, 400)
    with office.database.read() as session:
        device = find_device(session, request.cookies.get(DEVICE_COOKIE))
    status, answer = exchange(batch, device, office)
    return wire(answer, status)


def exchange(
    batch: Batch, device: Known | None, office: Office, room: int = LARGEST_ANSWER
) -> tuple[int, dict[str, Any]]:
    """The whole receiving rule for one request of a device: the status and the body of the answer."""
    if not is_id(batch.replica_id) or len(batch.commands) > MOST_COMMANDS or not all(map(well_named, batch.commands)):
        return 400, {"error": "malformed", "say": "The request is not one of ours. Nothing of it was used."}
    if device is None or device.id != batch.device_id:
        return 401, {"error": "unknown_device"}
    now = office.clock.now()
    with office.database.read() as session:
        site = find_site(session, device.site_id)
        epoch, _ = epoch_and_head(session)
        unlocked = unlocked_by(session, device.id)
        due = contact_is_due(session, device.id, now)
        owner = device_of(session, batch.replica_id)
    assert site is not None
    if batch.epoch is not None and batch.epoch != epoch:
        return 409, {"error": "epoch", "epoch": epoch}
    if owner not in (None, device.id):
        # Another device's replica: its receipts are not for this one to read, nor its numbers to use up.
        return 409, {"error": "new_replica"}
    if due:
        with office.database.write() as session:
            record_contact(session, device.id, now, batch.app, skew_ms(batch.clock, now))
    try:
        acked_n = push(batch, device, site, unlocked, office)
    except Gap as gap:
        return 409, {"error": "gap", "expect": gap.expect}
    except NewReplica:
        return 409, {"error": "new_replica"}
    except Busy as busy:
        return 503, {"error": "busy", "say": busy.say}
    if device.state != "enrolled":
        return 401, {"error": "revoked", "mode": "lost" if device.state == "lost" else "retire"}
    if batch.proto != PROTO:
        return 426, {"error": "too_old", "acked_n": acked_n}
    with office.database.read() as session:
        answer = pull(session, batch, device, site, unlocked, office, room)
    return 200, {**answer, "request_id": batch.request_id, "acked_n": acked_n}


def well_named(sent: SentCommand) -> bool:
    """Whether the ids are ids and the numbers can be stored; all else about a command is decided."""
    short = len(sent.command) <= 80 and sent.command.isprintable() and 0 < sent.n < 2**53 and 0 < sent.v < 2**31
    return is_id(sent.command_id) and is_id(sent.actor) and short and len(sent.after) <= MOST_COMMANDS


def push(batch: Batch, device: Known, site: Site, unlocked: set[str], office: Office) -> int:
    """Decide the batch, each command in its own transaction; returns the last number that is decided."""
    acked_n = 0
    with office.database.read() as session:
        actors = {staff_id: find_actor(session, staff_id) for staff_id in {sent.actor for sent in batch.commands}}
    for sent in batch.commands:
        actor = actors[sent.actor]
        hold = HOLDS.get(device.state)
        if hold is None and (actor is None or sent.actor not in unlocked):
            hold = NOT_UNLOCKED
        asked = Asked(
            replica_id=batch.replica_id,
            replica_kind="device",
            device=Device(device.id, device.name),
            site=site,
            actor=actor or unknown_actor(sent.actor),
            received_at=office.clock.now(),
            sent_clock=batch.clock,
            hold=hold,
        )
        perform(sent, asked, office.performer)
        acked_n = sent.n
    return acked_n


def unknown_actor(staff_id: str) -> Actor:
    """Somebody whom the office does not know; what they did is held."""
    return Actor(staff_id, "Somebody unknown")


def pull(
    session: Session, batch: Batch, device: Known, site: Site, unlocked: set[str], office: Office, room: int
) -> dict[str, Any]:
    """What changed since the cursors, what to drop, and whether there is more, all of one moment."""
    now = office.clock.now()
    actor = find_actor(session, batch.actor) if batch.actor in unlocked else None
    allowed = sheets_held(session, device.purpose, actor, site, now)
    receipts = f"receipts/{batch.replica_id}"
    cursors = {name: cursor for name, cursor in batch.sheets.items() if name not in batch.mismatch}
    pages, more = since(session, allowed, cursors, last=receipts, room=room)
    drop = [name for name in batch.sheets if name not in allowed and name != receipts]
    epoch, _ = epoch_and_head(session)
    return {"server_time": instant(now), "epoch": epoch, "sheets": pages, "drop": drop, "more": more}


class TooLarge(Exception):
    """A body that unpacks to more than a batch can be."""


def unpack(body: bytes, encoding: str | None) -> bytes:
    """The JSON text. A small body that unpacks to gigabytes is stopped at the limit, not after it."""
    if encoding == "gzip":
        unpacker = zlib.decompressobj(wbits=31)
        body = unpacker.decompress(body, LARGEST_UNPACKED + 1)
        if len(body) <= LARGEST_UNPACKED and not unpacker.eof:
            raise EOFError("cut short")
    if len(body) > LARGEST_UNPACKED:
        raise TooLarge()
    return body


def skew_ms(clock: Reading | None, now: datetime) -> int | None:
    """How far the device's wall clock is ahead of ours, within what a column can hold."""
    if clock is None:
        return None
    try:
        ahead = (parse_instant(clock.wall) - now).total_seconds() * 1000
    except (ValueError, OverflowError):
        return None
    return max(-(2**31), min(2**31 - 1, round(ahead)))


def wire(body: dict[str, Any], status: int = 200) -> Wire:
    """The answer as JSON; large ones are packed."""
    packed = msgspec.json.encode(body)
    headers = {"Cache-Control": "no-store"}
    if len(packed) > 4_000:
        packed = gzip.compress(packed, compresslevel=1)
        headers["Content-Encoding"] = "gzip"
    return Response(packed, status_code=status, headers=headers, media_type="application/json")
