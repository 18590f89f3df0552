"""Signing in and out: a password and a second step, or a passkey alone; and who is signed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from backend.database import Database
from backend.identity import Actor
from backend.keyring import Keyring
from backend.settings import Settings
from backend.staff import guessing, passkeys
from backend.staff.codes import WRONG_CODE, has_factor, use_code
from backend.staff.factor_tables import Pending
from backend.staff.models import Password, SignIn, StaffMember
from backend.staff.passwords import NOBODYS_HASH, verify
from backend.staff.sessions import Begun, Where, begin_session, fresh_token, is_over, token_hash_of

WRONG = "That user name and password do not belong together. Check both and try again."
LATE = "That took longer than five minutes, so nobody was signed in. Begin again."
BETWEEN_STEPS = timedelta(minutes=5)
LONGEST_PASSWORD = 1000  # characters that are hashed at all
LONGEST_CODE = 60
# Put together once: every request asks for it.
SIGNED_IN = (
    select(SignIn, StaffMember, Password.must_change)
    .join(StaffMember, StaffMember.id == SignIn.staff_id)
    .outerjoin(Password, Password.staff_id == SignIn.staff_id)
    .where(SignIn.token_hash == bindparam("hash"))
)


@dataclass(frozen=True)
class Signed:
    """Who is signed in, where they work, and the replica by which their forms are counted.

    `owes`: what must be done before anything else opens, `password` or `second_factor`.
    """

    actor: Actor
    site_id: str
    replica_id: str
    owes: str
    last_used: datetime
    device_name: str


@dataclass(frozen=True)
class SignedIn:
    """Somebody is signed in. `codes_left` when a recovery code stood in for the second step."""

    staff_id: str
    begun: Begun
    codes_left: int | None = None


@dataclass(frozen=True)
class SecondStep:
    """The password was right; a code or a passkey is still to come. `token` is the cookie between the steps."""

    staff_id: str
    token: str


@dataclass(frozen=True)
class TurnedAway:
    """Nobody is signed in. `code`: wrong_password, wrong_code, untrue, copied, late, or wait (too many tries)."""

    code: str
    say: str
    staff_id: str | None = None


Outcome = SignedIn | SecondStep | TurnedAway


@dataclass(frozen=True)
class Door:
    """What signing in needs of the house."""

    database: Database
    keyring: Keyring
    settings: Settings
    now: datetime


def sign_in(door: Door, username: str, password: str, where: Where) -> Outcome:
    """The first step. Whatever was wrong, the sentence and the time it takes are the same."""
    name = username.strip().lower()
    with door.database.write() as session:
        query = select(StaffMember, Password).join(Password, Password.staff_id == StaffMember.id)
        found = session.execute(query.where(StaffMember.username == name)).one_or_none()
        member = found.StaffMember if found is not None and found.StaffMember.active else None
        staff_id = member.id if member is not None else None
        expected = found.Password.hash if found is not None and staff_id else NOBODYS_HASH
        budgets = guessing.for_password(session, name, staff_id, where.address, where.known_hash)
        paid = guessing.pay(session, budgets, door.now)
    if not paid:
        return TurnedAway("wait", guessing.WAIT, staff_id)
    # The slow part is outside of any transaction: guessing must not hold up the desk.
    if not verify(expected, password[:LONGEST_PASSWORD]) or staff_id is None:
        return TurnedAway("wrong_password", WRONG, staff_id)
    with door.database.write() as session:
        if session.scalar(select(Password.hash).where(Password.staff_id == staff_id)) != expected:
            return TurnedAway("wrong_password", WRONG, staff_id)
        guessing.give_back(session, budgets)
        if has_factor(session, staff_id):
            return SecondStep(staff_id, wait_for_second_step(session, staff_id, door.now))
        return SignedIn(staff_id, begin_session(session, staff_id, where, door.now, door.settings))


def wait_for_second_step(session: Session, staff_id: str | None, now: datetime) -> str:
    """Remember for five minutes that somebody is half signed in."""
    token = fresh_token()
    session.execute(delete(Pending).where(Pending.until < now))
    session.add(Pending(token_hash=token_hash_of(token), staff_id=staff_id, until=now + BETWEEN_STEPS))
    return token


def find_pending(session: Session, where: Where, now: datetime, to_use: bool = False) -> Pending | None:
    """What this browser has begun, as far as it is not too late; `to_use` it, only one transaction has it at a time."""
    if not where.pending:
        return None
    found = session.get(Pending, token_hash_of(where.pending), with_for_update=to_use or None)
    return found if found is not None and found.until > now else None


def sign_in_by_code(door: Door, text: str, where: Where) -> Outcome:
    """The second step, by the app's code or one from paper."""
    with door.database.write() as session:
        pending = find_pending(session, where, door.now, to_use=True)
        if pending is None or pending.staff_id is None or not is_active(session, pending.staff_id):
            return TurnedAway("late", LATE)
        staff_id = pending.staff_id
        budgets = guessing.for_code(session, staff_id, where.address, where.known_hash)
        if not guessing.pay(session, budgets, door.now):
            return TurnedAway("wait", guessing.WAIT, staff_id)
        left = use_code(session, staff_id, text[:LONGEST_CODE], door.now, door.keyring)
        if left is None:
            return TurnedAway("wrong_code", WRONG_CODE, staff_id)
        guessing.give_back(session, budgets)
        session.delete(pending)
        begun = begin_session(session, staff_id, where, door.now, door.settings)
        return SignedIn(staff_id, begun, left if left >= 0 else None)


def ask_for_passkey(door: Door, party: passkeys.Party, where: Where) -> tuple[str, dict[str, Any]]:
    """A challenge for any passkey of the office, bound to this browser; its cookie and what the browser is asked."""
    challenge = passkeys.fresh_challenge()
    with door.database.write() as session:
        pending, token = find_pending(session, where, door.now), where.pending
        if pending is None or token is None:
            token = wait_for_second_step(session, None, door.now)
            session.flush()
            pending = session.get_one(Pending, token_hash_of(token))
        pending.challenge = challenge
    return token, passkeys.options_to_use(party, challenge)


def sign_in_by_passkey(door: Door, said: Mapping[str, Any], party: passkeys.Party, where: Where) -> Outcome:
    """A passkey is enough, whoever gave a password before: its authenticator verified its person."""
    with door.database.write() as session:
        pending = find_pending(session, where, door.now, to_use=True)
        if pending is None or pending.challenge is None:
            return TurnedAway("late", LATE)
        # Whatever becomes of this answer, there is no second one to the same challenge.
        challenge, pending.challenge = pending.challenge, None
        passkey = passkeys.passkey_of(session, said)
        staff_id = passkey.staff_id if passkey is not None else None
        budgets = guessing.for_passkey(session, staff_id, where.address, where.known_hash)
        if not guessing.pay(session, budgets, door.now):
            return TurnedAway("wait", guessing.WAIT, staff_id)
        if passkey is None or not is_active(session, passkey.staff_id):
            return TurnedAway("untrue", passkeys.UNTRUE, staff_id)
        try:
            passkeys.use_passkey(passkey, said, challenge, party, door.now)
        except passkeys.Untrue as untrue:
            return TurnedAway(untrue.code, untrue.say, staff_id)
        guessing.give_back(session, budgets)
        session.delete(pending)
        return SignedIn(passkey.staff_id, begin_session(session, passkey.staff_id, where, door.now, door.settings))


def is_active(session: Session, staff_id: str) -> bool:
    """Whether somebody still works here."""
    member = session.get(StaffMember, staff_id)
    return member is not None and member.active


def who_is_signed_in(session: Session, token: str | None, now: datetime, settings: Settings) -> Signed | None:
    """The person behind a session cookie, or None when it is unknown, over, or they left."""
    if not token:
        return None
    found = session.execute(SIGNED_IN, {"hash": token_hash_of(token)}).one_or_none()
    if found is None or is_over(found.SignIn, now, settings) or not found.StaffMember.active:
        return None
    member, kept = found.StaffMember, found.SignIn
    owes = "password" if found.must_change else ""
    if not owes and settings.second_factor == "required" and not has_factor(session, member.id):
        owes = "second_factor"
    return Signed(actor_of(member), member.site_id, kept.replica_id, owes, kept.last_used, kept.device_name)


def sign_out(database: Database, token: str) -> None:
    """End the session of this token."""
    with database.write() as session:
        session.execute(delete(SignIn).where(SignIn.token_hash == token_hash_of(token)))


def actor_of(member: StaffMember) -> Actor:
    """A member of staff as somebody who acts."""
    return Actor(member.id, member.name, frozenset(member.roles.split()))
