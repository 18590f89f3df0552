"""Sessions: begun, used, listed and ended; and which browsers know whom."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.clock import instant, optional_instant
from backend.errors import Missing, NotAllowed
from backend.ids import new_id
from backend.settings import Settings
from backend.staff.factor_tables import KnownBrowser, Pending
from backend.staff.models import SignIn

USE_IS_NOTED_EVERY = timedelta(minutes=1)
PROOF_LASTS = timedelta(minutes=10)
KNOWN_DAYS = 400  # the most that browsers keep a cookie
NOT_PROVEN = "Confirm first that it is you, on your account page, then do it again."


@dataclass(frozen=True)
class Where:
    """The browser at the other end: what it carries, where it is, and what people call it."""

    address: str
    browser: str
    session: str | None = None
    known: str | None = None
    pending: str | None = None

    @property
    def known_hash(self) -> str | None:
        """By which the table knows it."""
        return token_hash_of(self.known) if self.known else None


@dataclass(frozen=True)
class Begun:
    """A session's token, and the one by which this browser is known from now on."""

    token: str
    known: str


def token_hash_of(token: str) -> str:
    """Tokens are 256 random bits, so a plain hash is enough to keep them useless to who reads the table."""
    return hashlib.sha256(token.encode()).hexdigest()


def fresh_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def begin_session(session: Session, staff_id: str, where: Where, now: datetime, settings: Settings) -> Begun:
    """Somebody was let in. Whatever session this browser had is over: nobody goes on in one they were handed."""
    token = fresh_token()
    session.execute(delete(SignIn).where(SignIn.until < now))
    if where.session:
        session.execute(delete(SignIn).where(SignIn.token_hash == token_hash_of(where.session)))
    session.add(
        SignIn(
            token_hash=token_hash_of(token),
            staff_id=staff_id,
            replica_id=new_id(),
            since=now,
            until=now + timedelta(hours=settings.session_hours),
            last_used=now,
            proven_at=now,
            browser=where.browser,
            device_name="",
        )
    )
    return Begun(token, know_browser(session, staff_id, where, now))


def know_browser(session: Session, staff_id: str, where: Where, now: datetime) -> str:
    """Remember that this person was let in here. The token is new each time, so that a copied one is soon worthless."""
    token = fresh_token()
    session.execute(delete(KnownBrowser).where(KnownBrowser.last_used < now - timedelta(days=KNOWN_DAYS)))
    if where.known_hash:
        others = update(KnownBrowser).where(KnownBrowser.token_hash == where.known_hash)
        session.execute(others.values(token_hash=token_hash_of(token)))
    session.merge(KnownBrowser(token_hash=token_hash_of(token), staff_id=staff_id, last_used=now))
    return token


def is_over(found: SignIn, now: datetime, settings: Settings) -> bool:
    """Whether its time is up, since it began or was last used; or a lock screen has suspended it."""
    if found.suspended_at is not None:
        return True
    return found.until <= now or now - found.last_used >= timedelta(minutes=settings.session_idle_minutes)


def note_use(session: Session, token: str, device_name: str, now: datetime) -> None:
    """The session was used, on this device."""
    used = update(SignIn).where(SignIn.token_hash == token_hash_of(token))
    session.execute(used.values(last_used=now, device_name=device_name))


def prove(session: Session, token: str, now: datetime) -> str:
    """The person proved once more who they are: the same session under a new token, which is returned."""
    found = session.get(SignIn, token_hash_of(token))
    if found is None:
        raise Missing("That session has ended.")
    fresh = fresh_token()
    found.token_hash, found.proven_at, found.challenge = token_hash_of(fresh), now, None
    return fresh


def is_proven(session: Session, replica_id: str, now: datetime) -> bool:
    """Whether the person of this session proved who they are a short while ago."""
    at = session.scalar(select(SignIn.proven_at).where(SignIn.replica_id == replica_id))
    return at is not None and now - at < PROOF_LASTS


def need_proof(session: Session, replica_id: str, now: datetime) -> None:
    """Raise where the last proof is too old for a change of how somebody signs in."""
    if not is_proven(session, replica_id, now):
        raise NotAllowed(NOT_PROVEN, "not_proven")


def sessions_of(
    session: Session, staff_ids: Sequence[str], now: datetime, settings: Settings, this: str = ""
) -> list[dict[str, Any]]:
    """The sessions of these people as they are shown, the newest use first."""
    query = select(SignIn).where(SignIn.staff_id.in_(staff_ids)).order_by(SignIn.last_used.desc(), SignIn.since)
    return [
        {
            "id": one.replica_id,
            "staff_id": one.staff_id,
            "browser": one.browser,
            "device_name": one.device_name,
            "since": instant(one.since),
            "last_used": instant(one.last_used),
            "is_this": one.replica_id == this,
        }
        for one in session.scalars(query)
        if not is_over(one, now, settings)
    ]


def end_sessions_on(session: Session, device_name: str) -> None:
    """Whoever was signed in on this device is not any more: it is in other hands."""
    session.execute(delete(SignIn).where(SignIn.device_name == device_name))


def end_sessions(session: Session, staff_id: str, besides: str = "", only: str | None = None) -> int:
    """End somebody's sessions: all, all `besides` one, or `only` one; and what they had half begun. Says how many."""
    gone = delete(SignIn).where(SignIn.staff_id == staff_id, SignIn.replica_id != besides)
    if only is not None:
        gone = gone.where(SignIn.replica_id == only)
    else:
        session.execute(delete(Pending).where(Pending.staff_id == staff_id))
    return session.execute(gone).rowcount


def suspend_session(session: Session, token: str, now: datetime) -> datetime | None:
    """The device locked: until the same person is back at it, its session opens nothing. Says since when."""
    found = session.get(SignIn, token_hash_of(token))
    if found is None:
        return None
    found.suspended_at = found.suspended_at or now
    return found.suspended_at


def resume_session(session: Session, token: str, staff_id: str, suspended: str, now: datetime) -> bool:
    """This person is back, and named since when it was suspended. Anybody else's session stays as it is."""
    found = session.get(SignIn, token_hash_of(token))
    if found is None or found.staff_id != staff_id or optional_instant(found.suspended_at) != suspended:
        return False
    found.suspended_at, found.last_used = None, now
    return True
