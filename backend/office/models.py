"""The practice's sites: where they are, when they are open."""

from datetime import date

from sqlalchemy import Boolean, Date, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base


class SiteRecord(Base):
    """One place of work. `open_weekdays` holds the ISO weekday digits on which it sees patients."""

    __tablename__ = "site"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    zone_name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str | None] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(2))
    open_weekdays: Mapped[str] = mapped_column(String(7))
    hours: Mapped[str] = mapped_column(String(400))

    def is_open_on(self, day: date) -> bool:
        """Whether the office sees patients on this weekday (holidays are days of their own)."""
        return str(day.isoweekday()) in self.open_weekdays


class OfficeDay(Base):
    """One day of the office's calendar, so that everybody means the same by "the next three office days"."""

    __tablename__ = "office_day"

    site_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    open: Mapped[bool] = mapped_column(Boolean)
