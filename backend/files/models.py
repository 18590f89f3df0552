"""What is known of a file beside its bytes."""

from datetime import datetime

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Id, Instant


class StoredFile(Base):
    """One file, by the SHA-256 of its content. Its bytes are parts on the disk; complete once they were checked."""

    __tablename__ = "stored_file"
    __table_args__ = (Index("stored_file_waiting", "device_id", "actor_id"),)

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(Integer)
    parts: Mapped[int] = mapped_column(Integer)
    began_at: Mapped[datetime] = mapped_column(Instant)
    complete_at: Mapped[datetime | None] = mapped_column(Instant)
    media_type: Mapped[str | None] = mapped_column(String(40))
    # Who handed it in: a device, or a person at a browser without one.
    device_id: Mapped[str | None] = mapped_column(Id)
    actor_id: Mapped[str | None] = mapped_column(Id)
