"""The manager's phone: requests passed on and filed away, silent devices, and who is told what waits."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("approval", sa.Column("passed_to", sa.String(length=36), nullable=True))
    op.add_column("approval", sa.Column("filed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("device", sa.Column("silent_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("device", sa.Column("holding_since", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "push_device",
        sa.Column("device_id", sa.String(length=36), nullable=False),
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("endpoint", sa.String(length=500), nullable=False),
        sa.Column("p256dh", sa.String(length=100), nullable=False),
        sa.Column("auth", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("device_id", "staff_id"),
    )
    op.create_table(
        "push_hours",
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_to", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id"),
    )
    op.create_table(
        "push_told",
        sa.Column("staff_id", sa.String(length=36), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("staff_id"),
    )
