"""Counts: what is asked to be counted, what people saw, and what was found when they handed it in."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Id, Instant

KINDS = ("full", "cycle", "spot")
# Somebody still has to count it.
TO_COUNT = ("open", "recount")
# Nobody has to do anything about it any more.
SETTLED = ("posted", "rejected", "not_counted", "superseded")
# Why the book was wrong (facts/domain.md §2.1).
REASONS = (
    "miscount", "unrecorded_use", "expired_or_waste", "damaged", "short_receipt", "unit_of_measure", "theft_or_loss",
    "transfer",
)  # fmt: skip


class StockCount(Base):
    """One count of a place and all that stands in it. `state`: open, done or cancelled; a stub was never asked for."""

    __tablename__ = "stock_count"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    place_id: Mapped[str | None] = mapped_column(Id)
    item_id: Mapped[str | None] = mapped_column(Id)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    due: Mapped[date | None] = mapped_column(Date)
    asked_by: Mapped[str] = mapped_column(Id)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    is_stub: Mapped[bool] = mapped_column(Boolean)

    @property
    def open_at(self) -> str | None:
        """The site whose devices still need what is to be counted; None once the count is over."""
        return self.site_id if self.state == "open" else None


class CountPlace(Base):
    """A place that a count goes through, who is counting there, and who handed it in last."""

    __tablename__ = "count_place"

    count_id: Mapped[str] = mapped_column(Id, primary_key=True)
    place_id: Mapped[str] = mapped_column(Id, primary_key=True)
    taken_by: Mapped[str | None] = mapped_column(Id)
    taken_at: Mapped[datetime | None] = mapped_column(Instant)
    handed_in_by: Mapped[str | None] = mapped_column(Id)
    handed_in_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def row_id(self) -> str:
        """The id of the row that shows it."""
        return f"{self.count_id}/{self.place_id}"


class CountStand(Base):
    """Where one person stands in a count: the page of the count goes on there, on any device of theirs."""

    __tablename__ = "count_stand"

    count_id: Mapped[str] = mapped_column(Id, primary_key=True)
    by: Mapped[str] = mapped_column(Id, primary_key=True)
    place_id: Mapped[str] = mapped_column(Id)
    since: Mapped[datetime] = mapped_column(Instant)

    @property
    def row_id(self) -> str:
        """The id of the row that shows it."""
        return f"{self.count_id}/{self.by}"


class CountTask(Base):
    """An item in a place that a count has to settle.

    `state`: open, recount (by somebody else), review (waits for an approval), posted, rejected, not_counted, or
    superseded (a later count of the same thing stands). `listed` is false for what was found and not expected
    there; `why` says why a cycle count picked it.
    """

    __tablename__ = "count_task"
    __table_args__ = (Index("count_task_of", "count_id", "place_id"),)

    id: Mapped[str] = mapped_column(String(120), primary_key=True)
    count_id: Mapped[str] = mapped_column(Id)
    place_id: Mapped[str] = mapped_column(Id)
    item_id: Mapped[str] = mapped_column(Id)
    state: Mapped[str] = mapped_column(String(12))
    listed: Mapped[bool] = mapped_column(Boolean)
    why: Mapped[str | None] = mapped_column(String(80))
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


class Observation(Base):
    """One thing that somebody saw while counting. Inserted, never overwritten; what was undone is marked as struck.

    `what`: `scan` (one more), `amount` (so many in all, of this lot in this unit), `none` (the item is not here).
    `item_id` is None where nobody knows the thing yet: `said` is then its code or what the person called it.
    `quantity` is in `unit`, `base` in the item's base unit.
    """

    __tablename__ = "observation"
    __table_args__ = (
        Index("observation_of", "count_id", "by", "place_id"),
        Index("observation_command", "command_id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    command_id: Mapped[str] = mapped_column(Id)
    count_id: Mapped[str] = mapped_column(Id)
    by: Mapped[str] = mapped_column(Id)
    place_id: Mapped[str] = mapped_column(Id)
    item_id: Mapped[str | None] = mapped_column(Id)
    what: Mapped[str] = mapped_column(String(8))
    said: Mapped[str | None] = mapped_column(String(120))
    unit: Mapped[str] = mapped_column(String(40))
    lot: Mapped[str] = mapped_column(String(40))
    expires: Mapped[date | None] = mapped_column(Date)
    quantity: Mapped[int] = mapped_column(Integer)
    base: Mapped[int] = mapped_column(Integer)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    seen_about: Mapped[bool] = mapped_column(Boolean)
    received_at: Mapped[datetime] = mapped_column(Instant)
    device_id: Mapped[str | None] = mapped_column(Id)
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    struck: Mapped[bool] = mapped_column(Boolean)

    @property
    def tally_id(self) -> str:
        """The id of what this person counted of this item in this place."""
        return f"{self.count_id}/{self.place_id}/{self.item_id}/{self.by}"

    @property
    def line_id(self) -> str:
        """The id of the line that it went into; a lot may hold a slash and comes last."""
        return f"{self.tally_id}/{self.unit}/{self.lot}"

    @property
    def stray_id(self) -> str:
        """The id of the line of a thing that nobody knows yet."""
        return f"{self.count_id}/{self.by}/{self.place_id}/{self.said}"


class Finding(Base):
    """One line of the evidence: what one person found of one lot when they handed it in, and what the book had then.

    In base units; `counted` is as it was entered. Never changed but for `posted`: whether it went into the book.
    """

    __tablename__ = "count_finding"
    __table_args__ = (Index("count_finding_task", "task_id"), Index("count_finding_of", "count_id"))

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    count_id: Mapped[str] = mapped_column(Id)
    task_id: Mapped[str] = mapped_column(String(120))
    number: Mapped[int] = mapped_column(Integer)
    lot: Mapped[str] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(Id)
    by_name: Mapped[str] = mapped_column(String(120))
    counted: Mapped[str] = mapped_column(String(400))
    found: Mapped[int] = mapped_column(Integer)
    expected: Mapped[int] = mapped_column(Integer)
    value_cents: Mapped[int | None] = mapped_column(Integer)
    within: Mapped[bool] = mapped_column(Boolean)
    expires: Mapped[date | None] = mapped_column(Date)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    seen_about: Mapped[bool] = mapped_column(Boolean)
    handed_in_at: Mapped[datetime] = mapped_column(Instant)
    posted: Mapped[bool] = mapped_column(Boolean)

    @property
    def variance(self) -> int:
        """Found more (positive) or less than the book had."""
        return self.found - self.expected


class CountSettings(Base):
    """A site's tolerances and how often each class is counted. Percent, base units, cents, days."""

    __tablename__ = "count_settings"

    site_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    a_percent: Mapped[int] = mapped_column(Integer)
    b_percent: Mapped[int] = mapped_column(Integer)
    c_percent: Mapped[int] = mapped_column(Integer)
    unit_floor: Mapped[int] = mapped_column(Integer)
    value_cents: Mapped[int] = mapped_column(Integer)
    a_days: Mapped[int] = mapped_column(Integer)
    b_days: Mapped[int] = mapped_column(Integer)
    c_days: Mapped[int] = mapped_column(Integer)
