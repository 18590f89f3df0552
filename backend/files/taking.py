"""Taking files in, part by part: any part may come twice, in any order, and after a pause of days."""

from datetime import datetime
from typing import NamedTuple

from litestar import Request, Response, get, post
from litestar.params import FromPath, RawBody
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.callers import DEVICE_COOKIE, cookie_of, said_by_our_script
from backend.devices import find_device
from backend.errors import Missing, NotSignedIn, Problem, Refused, TooMuch, WrongKind
from backend.files.keeping import Cabinet, hash_of, is_sha256, part_size, parts_of
from backend.files.models import StoredFile
from backend.files.sniffing import sniff
from backend.keyring import Unsealable
from backend.serving import Office, office_of

LARGEST_FILE = 20_000_000
MOST_WAITING = 200_000_000
SEALED = "application/vnd.daysheet.sealed"
CHANGED = "The file changed on its way, so nothing of it was kept. The device sends it again."
KINDS = "The office keeps photos (JPEG, PNG, WebP, HEIC) and PDF documents. This is something else."


class Giver(NamedTuple):
    """Who hands in: a device in any state, because a lost one's work is kept too, or a person at a browser."""

    device_id: str | None
    actor_id: str | None


class Claim(NamedTuple):
    """What is said of a file before its bytes are known."""

    sha256: str
    size: int
    parts: int


@post("/files/{sha256:str}/{part:int}", sync_to_thread=True, status_code=200)
def take_part(request: Request, sha256: FromPath[str], part: FromPath[int], body: RawBody) -> dict[str, object]:
    """One part of a file, open or sealed to the office. `x-file-size` is the whole file's size in bytes."""
    office = office_of(request)
    said_by_our_script(request)
    giver = giver_of(request, office)
    claim = read_claim(request, sha256)
    if not 0 <= part < claim.parts:
        raise Problem(f"A file of {claim.size} bytes has no part {part}.", "no_such_part")
    plain = opened(request, body, office)
    if len(plain) != part_size(claim.size, part):
        raise Problem("The part was cut short on its way. Send it again.", "cut_short")
    if part == 0 and sniff(plain) is None:
        raise WrongKind(KINDS)
    cabinet = Cabinet(office.settings.data, office.keyring)
    try:
        with office.database.write() as session:
            if begin(session, claim, giver, cabinet, office.clock.now()):
                return told(claim, [*range(claim.parts)], complete=True)
    except IntegrityError:
        # Another part of the same file was announced in the same moment, and the file with it.
        pass
    cabinet.keep(sha256, part, plain)
    return finish(claim, cabinet, office)


@get("/files/{sha256:str}/parts", sync_to_thread=True)
def show_parts(request: Request, sha256: FromPath[str]) -> Response[dict[str, object]]:
    """Which parts of a file are here, for a device that goes on where it was cut off."""
    office = office_of(request)
    said_by_our_script(request)
    giver_of(request, office)
    if not is_sha256(sha256):
        raise Missing("There is no such file.")
    with office.database.read() as session:
        known = session.get(StoredFile, sha256)
        if known is None:
            return Response({"size": None, "parts": None, "have": [], "complete": False})
        claim, complete = Claim(sha256, known.size, known.parts), known.complete_at is not None
    have = Cabinet(office.settings.data, office.keyring).there(sha256)
    return Response(told(claim, have, complete))


def giver_of(request: Request, office: Office) -> Giver:
    """Who hands in; raises NotSignedIn for nobody."""
    with office.database.read() as session:
        device = find_device(session, cookie_of(request, DEVICE_COOKIE))
        caller = office.find_caller(request, session)
    if device is None and caller is None:
        raise NotSignedIn("Sign in first. Nothing was lost.")
    return Giver(device.id if device else None, caller.actor.id if caller else None)


def read_claim(request: Request, sha256: str) -> Claim:
    """What the address and the header say, within the limits."""
    if not is_sha256(sha256):
        raise Missing("There is no such file.")
    said = request.headers.get("x-file-size", "")
    if not (said.isascii() and said.isdigit() and 0 < len(said) < 12 and int(said) > 0):
        raise Problem("The size of the file is missing.", "no_size")
    if int(said) > LARGEST_FILE:
        raise TooMuch("The office takes files of up to 20 MB. Take the picture in a smaller size.")
    return Claim(sha256, int(said), parts_of(int(said)))


def opened(request: Request, body: bytes, office: Office) -> bytes:
    """The bytes of the part: as they are, or out of their envelope."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != SEALED:
        return body
    try:
        return office.keyring.unseal("file", body)
    except Unsealable as error:
        raise Refused("The part was sealed for another office or changed on its way.", "unsealable") from error


def begin(session: Session, claim: Claim, giver: Giver, cabinet: Cabinet, now: datetime) -> bool:
    """Note that the file is on its way; True when it is here already."""
    known = session.get(StoredFile, claim.sha256, with_for_update=True)
    if known is not None and known.complete_at is not None:
        return True
    if known is not None and known.size == claim.size:
        return False
    # Whoever claimed another size for the same hash was wrong, and must not stand in the way of who is right.
    if known is not None:
        cabinet.drop(claim.sha256)
        session.delete(known)
        session.flush()
    if waiting(session, giver) + claim.size > MOST_WAITING:
        raise TooMuch("Too many files of this device are half sent. It finishes those first.", "too_many_waiting")
    session.add(
        StoredFile(
            sha256=claim.sha256,
            size=claim.size,
            parts=claim.parts,
            began_at=now,
            device_id=giver.device_id,
            actor_id=giver.actor_id,
        )
    )
    return False


def waiting(session: Session, giver: Giver) -> int:
    """The bytes that a device, or a person without one, has announced and not finished."""
    theirs = (
        StoredFile.device_id == giver.device_id
        if giver.device_id
        else (StoredFile.device_id.is_(None) & (StoredFile.actor_id == giver.actor_id))
    )
    query = select(func.coalesce(func.sum(StoredFile.size), 0)).where(theirs, StoredFile.complete_at.is_(None))
    return int(session.execute(query).scalar_one())


def finish(claim: Claim, cabinet: Cabinet, office: Office) -> dict[str, object]:
    """Once all parts are here: check that together they are what the hash says, or drop them all."""
    have = cabinet.there(claim.sha256)
    if len(have) < claim.parts:
        return told(claim, have, complete=False)
    try:
        media_type = sniff(next(cabinet.read(claim.sha256, 1)))
        right = hash_of(cabinet.read(claim.sha256, claim.parts)) == claim.sha256
    except (OSError, Unsealable):
        media_type, right = None, False
    with office.database.write() as session:
        known = session.get(StoredFile, claim.sha256, with_for_update=True)
        if known is not None and known.complete_at is not None:
            return told(claim, have, complete=True)
        if right and media_type and known is not None:
            known.complete_at, known.media_type = office.clock.now(), media_type
            return told(claim, have, complete=True)
        cabinet.drop(claim.sha256)
        if known is not None:
            session.delete(known)
    raise Refused(CHANGED, "wrong_hash") if not right else WrongKind(KINDS)


def told(claim: Claim, have: list[int], complete: bool) -> dict[str, object]:
    """How the file stands."""
    return {"size": claim.size, "parts": claim.parts, "have": have, "complete": complete}
