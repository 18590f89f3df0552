"""What was opened in an emergency, and what a second person found about it."""

from datetime import datetime

from sqlalchemy import Boolean, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Id, Instant


class Glass(Base):
    """One emergency. `since` is when it was declared; what it opens closes EMERGENCY_MINUTES later by itself."""

    __tablename__ = "glass"
    __table_args__ = (Index("glass_site", "site_id", "since"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    command_id: Mapped[str] = mapped_column(Id)
    actor_id: Mapped[str] = mapped_column(Id)
    site_id: Mapped[str] = mapped_column(String(40))
    device_id: Mapped[str | None] = mapped_column(Id)
    reason: Mapped[str] = mapped_column(Text)
    patient_id: Mapped[str | None] = mapped_column(Id)
    since: Mapped[datetime] = mapped_column(Instant)
    since_about: Mapped[bool] = mapped_column(Boolean)
    reviewed_by: Mapped[str | None] = mapped_column(Id)
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant)
    verdict: Mapped[str | None] = mapped_column(String(20))
    finding: Mapped[str | None] = mapped_column(Text)
