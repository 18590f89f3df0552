"""Who is told on which device that something waits, when they are left in peace, and what they were told of."""

from datetime import datetime

from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Id, Instant


class PushDevice(Base):
    """Somebody's subscription on one device: where its browser's push service takes messages, and how to seal them.

    `p256dh` and `auth` are the browser's keys (RFC 8291) in base64url. The endpoint is nobody else's business: it is
    on no row.
    """

    __tablename__ = "push_device"

    device_id: Mapped[str] = mapped_column(Id, primary_key=True)
    staff_id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(String(40))
    endpoint: Mapped[str] = mapped_column(String(500))
    p256dh: Mapped[str] = mapped_column(String(100))
    auth: Mapped[str] = mapped_column(String(40))
    since: Mapped[datetime] = mapped_column(Instant)


class PushHours(Base):
    """From which hour to which (0 to 23, in the site's zone) somebody is not told. Who chose none has 19 to 7."""

    __tablename__ = "push_hours"

    staff_id: Mapped[str] = mapped_column(Id, primary_key=True)
    quiet_from: Mapped[int] = mapped_column(Integer)
    quiet_to: Mapped[int] = mapped_column(Integer)


class PushTold(Base):
    """What somebody was told of and still waits, as a JSON list of texts. Not part of the journal."""

    __tablename__ = "push_told"

    staff_id: Mapped[str] = mapped_column(Id, primary_key=True)
    told: Mapped[str] = mapped_column(Text)
