"""The devices of the office: what they are for, how they prove who they are, who unlocked them."""

from datetime import datetime

from sqlalchemy import Boolean, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Id, Instant


class DeviceRecord(Base):
    """One enrolled tablet, phone or desk. `code` is the short number on its receipts and labels."""

    __tablename__ = "device"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60), unique=True)
    place: Mapped[str | None] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(String(20))
    code: Mapped[int] = mapped_column(Integer, unique=True)
    state: Mapped[str] = mapped_column(String(10))  # enrolled, retired or lost
    enrolled_at: Mapped[datetime] = mapped_column(Instant)
    enrolled_by: Mapped[str] = mapped_column(Id)
    # What its browser can do, as found at enrolment: `{"storage": "yes", …}` as JSON; null when nobody tested it.
    features: Mapped[str | None] = mapped_column(Text)
    state_since: Mapped[datetime | None] = mapped_column(Instant)
    state_by: Mapped[str | None] = mapped_column(Id)
    wiped_at: Mapped[datetime | None] = mapped_column(Instant)
    # As the office last noted it: when a silent device was last heard of, and how old what it keeps is.
    silent_since: Mapped[datetime | None] = mapped_column(Instant)
    holding_since: Mapped[datetime | None] = mapped_column(Instant)


class DeviceSecret(Base):
    """The device's token (its hash) and the server's share of its key. Not part of the journal."""

    __tablename__ = "device_secret"

    device_id: Mapped[str] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    share: Mapped[str] = mapped_column(String(64))
    # By which the device itself signs that it was wiped (SPKI in base64url).
    identity_key: Mapped[str | None] = mapped_column(String(200))


class PersonShare(Base):
    """The server's share of one person's signing key on one device: released to that person alone."""

    __tablename__ = "device_person"

    device_id: Mapped[str] = mapped_column(Id, primary_key=True)
    staff_id: Mapped[str] = mapped_column(Id, primary_key=True)
    share: Mapped[str] = mapped_column(String(64))


class PersonKey(Base):
    """A key by which a person signs on a device. What was signed by an older one still counts."""

    __tablename__ = "device_key"

    device_id: Mapped[str] = mapped_column(Id, primary_key=True)
    staff_id: Mapped[str] = mapped_column(Id, primary_key=True)
    key_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    public_key: Mapped[str] = mapped_column(String(200))
    since: Mapped[datetime] = mapped_column(Instant)


class Contact(Base):
    """When a device was last heard of, and what it said of itself."""

    __tablename__ = "device_contact"

    device_id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    app: Mapped[str] = mapped_column(String(20))
    skew_ms: Mapped[int | None] = mapped_column(Integer)
    durable: Mapped[bool | None] = mapped_column(Boolean)
    waiting: Mapped[int | None] = mapped_column(Integer)
    oldest_at: Mapped[datetime | None] = mapped_column(Instant)
    files: Mapped[int | None] = mapped_column(Integer)
    sheets: Mapped[int | None] = mapped_column(Integer)
    rows: Mapped[int | None] = mapped_column(Integer)
    handed_in_at: Mapped[datetime | None] = mapped_column(Instant)
    # When its copy was last found to be otherwise than the office's, and sent afresh.
    differed_at: Mapped[datetime | None] = mapped_column(Instant)


class Unlock(Base):
    """Somebody unlocked a device: from then on it may hand in work in their name."""

    __tablename__ = "device_unlock"
    __table_args__ = (Index("device_unlock_who", "device_id", "staff_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    device_id: Mapped[str] = mapped_column(Id)
    staff_id: Mapped[str] = mapped_column(Id)
    at: Mapped[datetime] = mapped_column(Instant)


class Invitation(Base):
    """A manager's code by which one new device may be enrolled, once, within minutes. Only its hash is kept."""

    __tablename__ = "device_invitation"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    site_id: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    place: Mapped[str | None] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(Id)
    until: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
    device_id: Mapped[str] = mapped_column(Id)


class WrongCode(Base):
    """How often codes that are nobody's came from an address lately."""

    __tablename__ = "device_wrong_code"

    address: Mapped[str] = mapped_column(String(45), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)
    failures: Mapped[int] = mapped_column(Integer)


class Wipe(Base):
    """The receipt that a device signed when it had wiped itself, kept as it came, with the key that verifies it."""

    __tablename__ = "device_wipe"

    device_id: Mapped[str] = mapped_column(Id, primary_key=True)
    replica_id: Mapped[str] = mapped_column(Id)
    at: Mapped[str] = mapped_column(String(40))
    entries_left: Mapped[int] = mapped_column(Integer)
    signature: Mapped[str] = mapped_column(String(100))
    identity_key: Mapped[str] = mapped_column(String(200))
    received_at: Mapped[datetime] = mapped_column(Instant)
