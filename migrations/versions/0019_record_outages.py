"""When devices were without the office, and the drills for it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0017"


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "downtime_apart",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("from_at", instant, nullable=False),
        sa.Column("to_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "downtime_drill",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("from_at", instant, nullable=False),
        sa.Column("begun_by", sa.String(length=36), nullable=False),
        sa.Column("devices", sa.Text(), nullable=False),
        sa.Column("to_at", instant, nullable=True),
        sa.Column("ended_by", sa.String(length=36), nullable=True),
        sa.Column("learned", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "downtime_due",
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("last_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("site_id"),
    )
