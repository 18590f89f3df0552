"""The supply room: items with their packs and codes, places, what belongs where, and the movements of stock."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Id, Instant

CLASSES = ("A", "B", "C")
# From the room down to what a hand reaches into.
PLACE_KINDS = ("room", "cabinet", "bin")


class Item(Base):
    """Something the office keeps a stock of. Quantities are in its base unit, cost in cents for one of it."""

    __tablename__ = "item"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    base_unit: Mapped[str] = mapped_column(String(20))
    cost_cents: Mapped[int | None] = mapped_column(Integer)
    abc: Mapped[str] = mapped_column(String(1))
    has_lots: Mapped[bool] = mapped_column(Boolean)
    has_expiry: Mapped[bool] = mapped_column(Boolean)
    controlled: Mapped[bool] = mapped_column(Boolean)
    active: Mapped[bool] = mapped_column(Boolean)
    is_stub: Mapped[bool] = mapped_column(Boolean)
    source: Mapped[str | None] = mapped_column(String(200), unique=True)


class Pack(Base):
    """A unit in which an item comes: how many base units it holds."""

    __tablename__ = "pack"

    item_id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holds: Mapped[int] = mapped_column(Integer)


class Code(Base):
    """A code on an item or on one of its packs, in the form in which every reader of codes gives it."""

    __tablename__ = "code"

    site_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    code: Mapped[str] = mapped_column(String(120), primary_key=True)
    item_id: Mapped[str] = mapped_column(Id, index=True)
    unit: Mapped[str] = mapped_column(String(40))


class Place(Base):
    """A room, a cabinet in it, or a bin in that; `path` names it from the room down."""

    __tablename__ = "place"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    site_id: Mapped[str] = mapped_column(String(40))
    parent_id: Mapped[str | None] = mapped_column(Id)
    room_id: Mapped[str] = mapped_column(Id)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(60))
    path: Mapped[str] = mapped_column(String(200))
    label: Mapped[str] = mapped_column(String(40))
    active: Mapped[bool] = mapped_column(Boolean)


class Belonging(Base):
    """What belongs in a place, and how much of it there should be, in base units."""

    __tablename__ = "belonging"

    place_id: Mapped[str] = mapped_column(Id, primary_key=True)
    item_id: Mapped[str] = mapped_column(Id, primary_key=True)
    least: Mapped[int | None] = mapped_column(Integer)
    most: Mapped[int | None] = mapped_column(Integer)

    @property
    def row_id(self) -> str:
        """The id of the rows that show it and how much is there."""
        return f"{self.place_id}/{self.item_id}"


class Movement(Base):
    """Stock that came, went or was put right: the only truth about it. Never changed.

    `kind`: received, used, wasted, expired, transferred or adjusted. `quantity` is in base units, negative for what
    left the place. `reverses` is the movement that this one takes back. `counters` is a movement that became known
    only after a count which had seen its effect; this one cancels it out, because the count stands.
    """

    __tablename__ = "movement"
    __table_args__ = (
        Index("movement_stock", "item_id", "place_id", "lot", "happened_at"),
        Index("movement_command", "command_id"),
        Index("movement_place", "place_id", "happened_at"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    command_id: Mapped[str] = mapped_column(Id)
    item_id: Mapped[str] = mapped_column(Id)
    place_id: Mapped[str] = mapped_column(Id)
    lot: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(12))
    quantity: Mapped[int] = mapped_column(Integer)
    visit_id: Mapped[str | None] = mapped_column(Id)
    reason: Mapped[str | None] = mapped_column(String(200))
    actor_id: Mapped[str] = mapped_column(Id)
    device_id: Mapped[str | None] = mapped_column(Id)
    happened_at: Mapped[datetime] = mapped_column(Instant)
    happened_about: Mapped[bool] = mapped_column(Boolean)
    received_at: Mapped[datetime] = mapped_column(Instant)
    reverses: Mapped[str | None] = mapped_column(Id, unique=True)
    counters: Mapped[str | None] = mapped_column(Id, unique=True)


class Stock(Base):
    """How much of one lot is on hand in one place: the sum of its movements, kept in their transactions.

    `counted_at` is when somebody last saw it there, of the counts that were posted.
    """

    __tablename__ = "stock"
    __table_args__ = (Index("stock_place", "place_id"),)

    item_id: Mapped[str] = mapped_column(Id, primary_key=True)
    place_id: Mapped[str] = mapped_column(Id, primary_key=True)
    lot: Mapped[str] = mapped_column(String(40), primary_key=True)
    on_hand: Mapped[int] = mapped_column(Integer)
    expires: Mapped[date | None] = mapped_column(Date)
    counted_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def row_id(self) -> str:
        """The id of the row that shows it."""
        return f"{self.item_id}/{self.place_id}/{self.lot}"
