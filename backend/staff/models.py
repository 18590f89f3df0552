"""The people who work here, how they sign in, and who is signed in now."""

from datetime import datetime

from sqlalchemy import Boolean, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Id, Instant


class StaffMember(Base):
    """One person. `roles` are names from `backend.identity`, separated by spaces."""

    __tablename__ = "staff_member"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    username: Mapped[str] = mapped_column(String(60), unique=True)
    roles: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(Boolean)


class Password(Base):
    """What a password is checked against (Argon2id). Not part of the journal: secrets do not belong there."""

    __tablename__ = "password"

    staff_id: Mapped[str] = mapped_column(Id, primary_key=True)
    hash: Mapped[str] = mapped_column(String(200))
    # Somebody else chose it, so its owner chooses another at the first sign-in.
    must_change: Mapped[bool] = mapped_column(Boolean)


class SignIn(Base):
    """One person signed in on one browser. Only the hash of the cookie is kept; the replica's id names it to people."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("sign_in_staff", "staff_id"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(Id)
    replica_id: Mapped[str] = mapped_column(Id)
    since: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)
    # A device that locked has suspended it; only the same person, by a signature, resumes it.
    suspended_at: Mapped[datetime | None] = mapped_column(Instant)
    last_used: Mapped[datetime] = mapped_column(Instant)
    # When the person last proved who they are, and what a passkey is to sign for a proof or to be added.
    proven_at: Mapped[datetime] = mapped_column(Instant)
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary)
    challenge_until: Mapped[datetime | None] = mapped_column(Instant)
    browser: Mapped[str] = mapped_column(String(60))
    device_name: Mapped[str] = mapped_column(String(60))
