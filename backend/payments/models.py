"""Money that was taken at the desk, and what was given back of it."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Id, Instant

METHODS = ("cash", "check", "card")
METHOD_WORDS = {"cash": "Cash", "check": "Check", "card": "Card"}


class Payment(Base):
    """One entry of the cash book, in integer cents: never changed and never deleted, only followed by its opposite.

    `kind` is copay, refund or undo; the latter two are negative and name what they reverse. `day` is the office's day
    on which the money moved, `visit_day` that of the visit. `number` stands on the printed receipt.
    """

    __tablename__ = "payment"
    __table_args__ = (Index("payment_visit", "visit_id"), Index("payment_day", "site_id", "day"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(String(40))
    visit_id: Mapped[str] = mapped_column(Id)
    visit_day: Mapped[date] = mapped_column(Date)
    patient_id: Mapped[str | None] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(10))
    cents: Mapped[int] = mapped_column(Integer)
    method: Mapped[str] = mapped_column(String(10))
    reference: Mapped[str | None] = mapped_column(String(40))  # of the check, or of the card terminal's slip
    number: Mapped[str] = mapped_column(String(20))
    day: Mapped[date] = mapped_column(Date)
    reverses: Mapped[str | None] = mapped_column(Id, unique=True)
    to_balance: Mapped[bool] = mapped_column(Boolean, default=False)
    command_id: Mapped[str] = mapped_column(Id)
    actor_id: Mapped[str] = mapped_column(Id)
    device: Mapped[str] = mapped_column(String(60))
    happened_at: Mapped[datetime] = mapped_column(Instant)
    happened_about: Mapped[bool] = mapped_column(Boolean)
    received_at: Mapped[datetime] = mapped_column(Instant)
