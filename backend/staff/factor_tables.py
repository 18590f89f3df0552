"""What people prove themselves with beside the password, and what is remembered while they do; none of it journal."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Id, Instant


class Pending(Base):
    """A sign-in between its steps, or a passkey's challenge before anybody is known. Only the cookie's hash is kept."""

    __tablename__ = "sign_in_pending"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    # Whose password was right; nobody's yet where a passkey alone is to say.
    staff_id: Mapped[str | None] = mapped_column(Id)
    challenge: Mapped[bytes | None] = mapped_column(LargeBinary)
    until: Mapped[datetime] = mapped_column(Instant)


class Authenticator(Base):
    """The secret that an authenticator app shares with the office, sealed; `offered` is one not yet confirmed."""

    __tablename__ = "authenticator_app"

    staff_id: Mapped[str] = mapped_column(Id, primary_key=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    offered: Mapped[bytes | None] = mapped_column(LargeBinary)
    # The newest step of time whose code was used: no code works twice.
    last_step: Mapped[int]


class RecoveryCode(Base):
    """One of ten codes on paper, which stands in once for the second step."""

    __tablename__ = "recovery_code"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(Id, index=True)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Passkey(Base):
    """A passkey's public part. `copied_at`: its counter once went back, so there may be a copy of it."""

    __tablename__ = "passkey"
    __table_args__ = (Index("passkey_staff", "staff_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    staff_id: Mapped[str] = mapped_column(Id)
    name: Mapped[str] = mapped_column(String(60))
    credential: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    multi_device: Mapped[bool] = mapped_column(Boolean)
    backed_up: Mapped[bool] = mapped_column(Boolean)
    added_at: Mapped[datetime] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant)
    copied_at: Mapped[datetime | None] = mapped_column(Instant)


class KnownBrowser(Base):
    """A browser at which this person was let in before."""

    __tablename__ = "known_browser"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(Id, primary_key=True)
    last_used: Mapped[datetime] = mapped_column(Instant)


class Guesses(Base):
    """How far one budget of guesses is used up: `until` this moment, in steps of the time that one guess costs."""

    __tablename__ = "guesses"
    __table_args__ = (Index("guesses_until", "until"),)

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime] = mapped_column(Instant)
