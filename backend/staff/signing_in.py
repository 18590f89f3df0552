"""Signing in and out: passwords, sessions, and how guessing is slowed without locking a colleague out."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.clock import optional_instant
from backend.database import Database
from backend.errors import NotAllowed
from backend.identity import Actor
from backend.ids import new_id
from backend.staff.models import Password, SignIn, StaffMember

HASHER = PasswordHasher()  # Argon2id with the library's current defaults (RFC 9106, low-memory choice)
# Verified when the user name is unknown, so that the time an answer takes does not tell which names exist.
NOBODYS_HASH = HASHER.hash("nobody has this password")
WRONG = "That user name and password do not belong together. Check both and try again."
FREE_FAILURES = 5
LONGEST_WAIT = timedelta(minutes=1)


@dataclass(frozen=True)
class Signed:
    """Who is signed in, where they work, and the replica by which their forms are counted."""

    actor: Actor
    site_id: str
    replica_id: str


def token_hash_of(token: str) -> str:
    """Tokens are 256 random bits, so a plain hash is enough to keep them useless to who reads the table."""
    return hashlib.sha256(token.encode()).hexdigest()


def set_password(session: Session, staff_id: str, password: str) -> None:
    """Give somebody a password; ends their sessions."""
    if len(password) < 10:
        raise ValueError("a password needs at least ten characters")
    session.merge(Password(staff_id=staff_id, hash=HASHER.hash(password), failures=0, wait_until=None))
    session.execute(delete(SignIn).where(SignIn.staff_id == staff_id))


def sign_in(database: Database, username: str, password: str, now: datetime, hours: int) -> str:
    """A new session's token. Raises NotAllowed with one sentence, whatever was wrong."""
    with database.read() as session:
        query = select(StaffMember, Password).join(Password, Password.staff_id == StaffMember.id)
        found = session.execute(query.where(StaffMember.username == username.strip().lower())).one_or_none()
        known = None if found is None or not found.StaffMember.active else found.Password
        expected = known.hash if known else NOBODYS_HASH
        waiting = known is not None and known.wait_until is not None and known.wait_until > now
        staff_id = known.staff_id if known else None
    # The slow part is outside of any transaction: guessing must not hold up the desk.
    right = verify(expected, password) and staff_id is not None
    if waiting:
        raise NotAllowed("Too many wrong passwords. Wait a minute, then try again.", "wait")
    with database.write() as session:
        record = session.get(Password, staff_id) if staff_id else None
        if not right:
            if record is not None:
                record.failures += 1
                if record.failures >= FREE_FAILURES:
                    record.wait_until = now + min(LONGEST_WAIT, timedelta(seconds=2 ** (record.failures - 2)))
            failed = True
        else:
            assert record is not None
            record.failures, record.wait_until, failed = 0, None, False
            token = secrets.token_urlsafe(32)
            session.execute(delete(SignIn).where(SignIn.until < now))
            session.add(
                SignIn(
                    token_hash=token_hash_of(token),
                    staff_id=record.staff_id,
                    replica_id=new_id(),
                    since=now,
                    until=now + timedelta(hours=hours),
                )
            )
    if failed:
        raise NotAllowed(WRONG, "wrong_password")
    return token


def verify(expected: str, password: str) -> bool:
    """Whether the password fits the hash."""
    try:
        return HASHER.verify(expected, password)
    except (VerifyMismatchError, InvalidHashError):
        return False


def who_is_signed_in(session: Session, token: str | None, now: datetime) -> Signed | None:
    """The person behind a session cookie, or None when it is unknown, over, or they left."""
    if not token:
        return None
    query = select(SignIn, StaffMember).join(StaffMember, StaffMember.id == SignIn.staff_id)
    found = session.execute(query.where(SignIn.token_hash == token_hash_of(token))).one_or_none()
    if found is None or found.SignIn.until <= now or not found.StaffMember.active or found.SignIn.suspended_at:
        return None
    member = found.StaffMember
    return Signed(actor_of(member), member.site_id, found.SignIn.replica_id)


def sign_out(database: Database, token: str) -> None:
    """End the session of this token."""
    with database.write() as session:
        session.execute(delete(SignIn).where(SignIn.token_hash == token_hash_of(token)))


def suspend_session(session: Session, token: str, now: datetime) -> datetime | None:
    """The device locked: until the same person is back at it, its session opens nothing. Says since when."""
    found = session.get(SignIn, token_hash_of(token))
    if found is None:
        return None
    found.suspended_at = found.suspended_at or now
    return found.suspended_at


def resume_session(session: Session, token: str, staff_id: str, suspended: str) -> bool:
    """This person is back, and named since when it was suspended. Anybody else's session stays as it is."""
    found = session.get(SignIn, token_hash_of(token))
    if found is None or found.staff_id != staff_id or optional_instant(found.suspended_at) != suspended:
        return False
    found.suspended_at = None
    return True


def actor_of(member: StaffMember) -> Actor:
    """A member of staff as somebody who acts."""
    return Actor(member.id, member.name, frozenset(member.roles.split()))
