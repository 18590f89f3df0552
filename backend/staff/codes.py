"""Codes of the second step: from an authenticator app (RFC 6238), or one of ten on paper."""

import base64
import hashlib
import secrets
from datetime import datetime
from typing import NamedTuple

import pyotp
import segno
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend.errors import Missing, Refused
from backend.keyring import Keyring, Unsealable
from backend.staff.factor_tables import Authenticator, Passkey, RecoveryCode

ISSUER = "Daysheet"
STEP_SECONDS = 30
DRIFT_STEPS = 1
CODES = 10
CODE_BYTES = 10  # 80 bits, 16 letters
PURPOSE = "totp"
WRONG_CODE = "That code is not right. Take the one that the app shows now, or a recovery code that was not used yet."
NOT_CONFIRMED = "That code is not right. Scan the square again, and type the code that the app shows now."


class Offered(NamedTuple):
    """A secret on its way into an app: as a picture, and to be typed."""

    picture: str
    spelled: str


def has_factor(session: Session, staff_id: str) -> bool:
    """Whether there is a second step for this person."""
    return has_app(session, staff_id) or has_passkey(session, staff_id)


def has_app(session: Session, staff_id: str) -> bool:
    """Whether an authenticator app was set up and confirmed."""
    app = session.get(Authenticator, staff_id)
    return app is not None and app.sealed is not None


def has_passkey(session: Session, staff_id: str) -> bool:
    """Whether this person has a passkey."""
    return session.scalar(select(Passkey.id).where(Passkey.staff_id == staff_id).limit(1)) is not None


def offer_app(session: Session, staff_id: str, keyring: Keyring) -> None:
    """Make a new secret; the one in use stays until the new one is confirmed."""
    secret = pyotp.random_base32()
    app = session.get(Authenticator, staff_id) or Authenticator(staff_id=staff_id, last_step=0)
    app.offered = keyring.seal(PURPOSE, secret.encode(), staff_id)
    session.add(app)


def offered_app(session: Session, staff_id: str, username: str, keyring: Keyring) -> Offered:
    """What the app is to scan; only while it is not confirmed."""
    app = session.get(Authenticator, staff_id)
    if app is None or app.offered is None:
        raise Missing("Begin the set-up once more from your account.")
    secret = keyring.open(PURPOSE, app.offered, staff_id).decode()
    link = pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)
    picture = segno.make(link, error="m").svg_data_uri(scale=5, border=4, dark="black", light="white", nl=False)
    return Offered(picture, " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)))


def confirm_app(session: Session, staff_id: str, code: str, now: datetime, keyring: Keyring) -> None:
    """The app shows the right code, so its secret counts from now on, and any older one no longer."""
    app = session.get(Authenticator, staff_id)
    if app is None or app.offered is None:
        raise Missing("Begin the set-up once more from your account.")
    step = step_of(app.offered, staff_id, code, now, keyring)
    if step is None:
        raise Refused(NOT_CONFIRMED, "wrong_code")
    app.sealed, app.offered, app.last_step = app.offered, None, step


def step_of(sealed: bytes, staff_id: str, code: str, now: datetime, keyring: Keyring) -> int | None:
    """The step of time whose code this is, one either side of now included; None when it is none's."""
    try:
        totp = pyotp.TOTP(keyring.open(PURPOSE, sealed, staff_id).decode(), interval=STEP_SECONDS)
    except Unsealable:
        return None
    present = int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in range(present - DRIFT_STEPS, present + DRIFT_STEPS + 1):
        if secrets.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            found = step
    return found


def use_code(session: Session, staff_id: str, text: str, now: datetime, keyring: Keyring) -> int | None:
    """Let somebody in by a code, once: how many recovery codes are left if it was one, else -1; None if it is wrong."""
    code = "".join(text.split()).replace("-", "").upper()
    # Locked, so that the same code handed in twice at once is believed once.
    app = session.get(Authenticator, staff_id, with_for_update=True)
    if app is not None and app.sealed is not None:
        step = step_of(app.sealed, staff_id, code, now, keyring)
        if step is not None and step > app.last_step:
            app.last_step = step
            return -1
    paper = session.get(RecoveryCode, hash_of(staff_id, code), with_for_update=True)
    if paper is None or paper.used_at is not None:
        return None
    paper.used_at = now
    session.flush()
    return codes_left(session, staff_id)


def new_codes(session: Session, staff_id: str) -> list[str]:
    """Ten codes, to be shown once; the old ones are worthless."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    codes = [base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode() for _ in range(CODES)]
    session.add_all(RecoveryCode(hash=hash_of(staff_id, code), staff_id=staff_id) for code in codes)
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


def hash_of(staff_id: str, code: str) -> str:
    """80 random bits need no slow hash."""
    return hashlib.sha256(f"{staff_id} {code}".encode(errors="replace")).hexdigest()


def codes_left(session: Session, staff_id: str) -> int:
    """How many recovery codes were not used yet."""
    query = select(func.count()).where(RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None))
    return session.scalar(query) or 0


def remove_app(session: Session, staff_id: str) -> None:
    """The authenticator app counts no longer."""
    session.execute(delete(Authenticator).where(Authenticator.staff_id == staff_id))
    drop_idle_codes(session, staff_id)


def drop_idle_codes(session: Session, staff_id: str) -> None:
    """Without a second step there is nothing that recovery codes stand in for."""
    session.flush()
    if not has_factor(session, staff_id):
        session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))


def reset_factors(session: Session, staff_id: str) -> None:
    """Rescue: only the password is left."""
    for table in (Authenticator, Passkey, RecoveryCode):
        session.execute(delete(table).where(table.staff_id == staff_id))
