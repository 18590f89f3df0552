"""A manager's phone shows a code, and whichever new device brings it back becomes the device that was meant."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.crockford import ALPHABET, read_typed
from backend.database import upsert
from backend.deciding import Asked, sent_by_us
from backend.devices.enrolling import EnrolDevice, give_token, refuse_taken
from backend.devices.models import Invitation, WrongCode
from backend.errors import NotAllowed, Refused
from backend.ids import new_id
from backend.performing import perform
from backend.serving import Office
from backend.staff import find_actor, token_hash_of
from backend.work import Device, Site

LIVES = timedelta(minutes=10)
LENGTH = 26  # of 128 bits
FREE_GUESSES = 10
GUESSES_FORGOTTEN = timedelta(minutes=10)
UNKNOWN = "This code is not one of ours. Check every group of it, or ask for a new one."
USED = "This code was used already: it enrols one device, once. Ask a manager for a new one."
OVER = "This code has expired: it holds for ten minutes. Ask a manager for a new one."


@dataclass(frozen=True)
class Invited:
    """What a code that holds is for."""

    id: str
    site_id: str
    name: str
    place: str
    purpose: str
    by: str
    by_name: str


def new_code() -> str:
    """128 random bits, in 26 digits."""
    number = secrets.randbits(128)
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(LENGTH)))


def in_groups(code: str) -> str:
    """As it is read aloud and typed."""
    return " ".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def hash_of(typed: str) -> str:
    """By which an invitation is found."""
    return token_hash_of(read_typed(typed))


def invite(session: Session, site: Site, by: str, fields: dict[str, Any], now: datetime) -> tuple[str, str]:
    """A new invitation's id and its code, which nobody can read again; raises Refused when the name is taken."""
    refuse_taken(session, fields["name"])
    code, id = new_code(), new_id()
    session.add(
        Invitation(
            id=id,
            code_hash=hash_of(code),
            site_id=site.id,
            name=fields["name"],
            place=fields["place"],
            purpose=fields["purpose"],
            by=by,
            until=now + LIVES,
            device_id=new_id(),
        )
    )
    return id, code


def look_at(session: Session, code: str, now: datetime) -> Invited:
    """What the code is for. Raises Refused with the sentence when it holds for nothing."""
    found = session.scalar(select(Invitation).where(Invitation.code_hash == hash_of(code)))
    if found is None:
        raise Refused(UNKNOWN, "unknown_code")
    if found.used_at is not None:
        raise Refused(USED, "used_code")
    inviting = find_actor(session, found.by)
    if found.until <= now or inviting is None:
        raise Refused(OVER, "expired_code")
    return Invited(found.id, found.site_id, found.name, found.place or "", found.purpose, found.by, inviting.name)


def use(office: Office, site: Site, code: str, tested: dict[str, Any]) -> tuple[Invited, str]:
    """Enrol the device in the name of who invited it; its token. Of two who bring the same code, one comes through."""
    now = office.clock.now()
    with office.database.write() as session:
        invited = look_at(session, code, now)
        free = (Invitation.id == invited.id, Invitation.used_at.is_(None))
        # The row decides, not what was read before: at the same moment somebody else may have read the same.
        if session.execute(update(Invitation).where(*free).values(used_at=now)).rowcount != 1:
            raise Refused(USED, "used_code")
        device_id = session.scalar(select(Invitation.device_id).where(Invitation.id == invited.id))
        actor = find_actor(session, invited.by)
    assert device_id is not None
    assert actor is not None
    fields = {"device_id": device_id, "name": invited.name, "place": invited.place or None, "purpose": invited.purpose}
    sent = sent_by_us(EnrolDevice, new_id(), fields | tested)
    asked = Asked(invited.id, "session", Device(None, "a new device"), site, actor, now)
    receipt = perform(sent, asked, office.performer)
    if receipt.outcome in ("held", "refused"):
        with office.database.write() as session:
            session.execute(update(Invitation).where(Invitation.id == invited.id).values(used_at=None))
        raise Refused(receipt.say, receipt.code)
    with office.database.write() as session:
        return invited, give_token(session, device_id)


def refuse_guessing(session: Session, address: str, now: datetime) -> None:
    """Raises NotAllowed when too many wrong codes came from there lately."""
    known = session.get(WrongCode, address)
    if known is not None and known.failures >= FREE_GUESSES and now - known.since < GUESSES_FORGOTTEN:
        raise NotAllowed("Too many wrong codes came from here. Wait ten minutes, then try again.", "wait")


def note_wrong(session: Session, address: str, now: datetime) -> None:
    """One more wrong code from there; what is older than the limit is forgotten."""
    session.execute(delete(WrongCode).where(WrongCode.since <= now - GUESSES_FORGOTTEN))
    more = update(WrongCode).where(WrongCode.address == address).values(failures=WrongCode.failures + 1)
    if session.execute(more).rowcount == 0:
        upsert(session, WrongCode.__table__, [{"address": address, "since": now, "failures": 1}])
