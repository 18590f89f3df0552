"""Both truths of a case with its choices, what was changed of a patient, and copays with their receipts."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.add_column("open_case", sa.Column("act", sa.String(length=36), nullable=True))
    for name in ("stands", "choices", "entered"):
        op.add_column("open_case", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("patient", sa.Column("verified_at", instant, nullable=True))
    op.add_column("patient", sa.Column("verified_by", sa.String(length=36), nullable=True))
    op.create_table(
        "patient_change",
        sa.Column("command_id", sa.String(length=36), nullable=False),
        sa.Column("field", sa.String(length=20), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("happened_at", instant, nullable=False),
        sa.Column("happened_about", sa.Boolean(), nullable=False),
        sa.Column("received_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("command_id", "field"),
    )
    op.create_index("patient_change_patient", "patient_change", ["patient_id", "field"])
    op.create_table(
        "payment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("visit_id", sa.String(length=36), nullable=False),
        sa.Column("visit_day", sa.Date(), nullable=False),
        sa.Column("patient_id", sa.String(length=36), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=10), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=True),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reverses", sa.String(length=36), nullable=True),
        sa.Column("to_balance", sa.Boolean(), nullable=False),
        sa.Column("command_id", sa.String(length=36), nullable=False),
        sa.Column("actor_id", sa.String(length=36), nullable=False),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.Column("happened_at", instant, nullable=False),
        sa.Column("happened_about", sa.Boolean(), nullable=False),
        sa.Column("received_at", instant, nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("reverses"),
    )
    op.create_index("payment_visit", "payment", ["visit_id"])
    op.create_index("payment_day", "payment", ["site_id", "day"])
