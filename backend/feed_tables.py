"""The tables of the change feed, and the questions that every command puts to them."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table, Text, bindparam, select, update

from backend.database import Base

feed_head = Table(
    "feed_head",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("value", BigInteger, nullable=False),
    Column("epoch", String(36), nullable=False),
    # What left a sheet up to this number is told to nobody any more.
    Column("floor", BigInteger, nullable=False, default=0, server_default="0"),
)
sheet_head = Table(
    "sheet_head",
    Base.metadata,
    Column("sheet", String(160), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("digest", String(32), nullable=False),
    Column("seq", BigInteger, nullable=False),
)
# The body of a row is kept once, however many sheets show it.
seen_row = Table(
    "seen_row",
    Base.metadata,
    Column("kind", String(40), primary_key=True),
    Column("id", String(200), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("body", Text),
    Column("owner", String(200)),
    Index("seen_row_owner", "owner"),
)
sheet_row = Table(
    "sheet_row",
    Base.metadata,
    Column("sheet", String(160), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("id", String(200), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("present", Boolean, nullable=False),
    Index("sheet_row_seq", "sheet", "seq", "kind", "id"),
    Index("sheet_row_thing", "id", "kind"),
)
follow_ref = Table(
    "follow_ref",
    Base.metadata,
    Column("sheet", String(160), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("id", String(200), primary_key=True),
    Column("field", String(40), primary_key=True),
    Column("target", String(200), nullable=False),
    Index("follow_ref_target", "target"),
    Index("follow_ref_thing", "id", "kind"),
)
# Put together once: that costs more than the database takes to answer.
WANTED = {
    # The kinds as well as the ids, because a key begins with the kind.
    table: select(table).where(*(table.c[name].in_(bindparam(f"{name}s", expanding=True)) for name in ("kind", "id")))
    for table in (seen_row, sheet_row, follow_ref)
}
OWNED = select(seen_row).where(seen_row.c.owner.in_(bindparam("owners", expanding=True)))
POINTING = select(follow_ref).where(follow_ref.c.target.in_(bindparam("owners", expanding=True)))
HEADS = select(sheet_head).where(sheet_head.c.sheet.in_(bindparam("sheets", expanding=True)))
FEED = select(feed_head.c.epoch, feed_head.c.value, feed_head.c.floor)
COUNT_ON = update(feed_head).values(value=feed_head.c.value + 1).returning(feed_head.c.value)
