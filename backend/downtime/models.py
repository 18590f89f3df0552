"""When devices were without the office, and the drills for it."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Id, Instant


class Apart(Base):
    """A stretch of time in which one device tried to reach the office, and could not; by the office's clock."""

    __tablename__ = "downtime_apart"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    device_id: Mapped[str] = mapped_column(Id)
    site_id: Mapped[str] = mapped_column(String(40))
    from_at: Mapped[datetime] = mapped_column(Instant)
    to_at: Mapped[datetime] = mapped_column(Instant)


class Drill(Base):
    """An outage made on purpose. `devices` are the ids of those that take part, as JSON; `learned` is in words."""

    __tablename__ = "downtime_drill"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(String(40))
    from_at: Mapped[datetime] = mapped_column(Instant)
    begun_by: Mapped[str] = mapped_column(Id)
    devices: Mapped[str] = mapped_column(Text)
    to_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_by: Mapped[str | None] = mapped_column(Id)
    learned: Mapped[str | None] = mapped_column(Text)


class DrillDue(Base):
    """A site whose last drill is too long ago, as the office last noted it; `last_at` is None where there was none."""

    __tablename__ = "downtime_due"

    site_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    last_at: Mapped[datetime | None] = mapped_column(Instant)
