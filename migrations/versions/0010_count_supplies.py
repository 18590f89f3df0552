"""Counts: what is to be counted, what people saw, the evidence, and the tolerances."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    with op.batch_alter_table("stock") as stock:
        stock.add_column(sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("movement") as movement:
        movement.add_column(sa.Column("counters", sa.String(length=36), nullable=True))
        movement.create_unique_constraint("uq_movement_counters", ["counters"])
    op.create_table(
        "stock_count",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("place_id", sa.String(length=36), nullable=True),
        sa.Column("item_id", sa.String(length=36), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_stub", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "count_place",
        sa.Column("count_id", sa.String(length=36), nullable=False),
        sa.Column("place_id", sa.String(length=36), nullable=False),
        sa.Column("taken_by", sa.String(length=36), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_in_by", sa.String(length=36), nullable=True),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("count_id", "place_id"),
    )
    op.create_table(
        "count_stand",
        sa.Column("count_id", sa.String(length=36), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("place_id", sa.String(length=36), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("count_id", "by"),
    )
    op.create_table(
        "count_task",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("count_id", sa.String(length=36), nullable=False),
        sa.Column("place_id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(length=80), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("count_task_of", "count_task", ["count_id", "place_id"])
    op.create_table(
        "observation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("command_id", sa.String(length=36), nullable=False),
        sa.Column("count_id", sa.String(length=36), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("place_id", sa.String(length=36), nullable=False),
        sa.Column("item_id", sa.String(length=36), nullable=True),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("said", sa.String(length=120), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("lot", sa.String(length=40), nullable=False),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_about", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_id", sa.String(length=36), nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("observation_of", "observation", ["count_id", "by", "place_id"])
    op.create_index("observation_command", "observation", ["command_id"])
    op.create_table(
        "count_finding",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("count_id", sa.String(length=36), nullable=False),
        sa.Column("task_id", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("lot", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=36), nullable=False),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("counted", sa.String(length=400), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("value_cents", sa.Integer(), nullable=True),
        sa.Column("within", sa.Boolean(), nullable=False),
        sa.Column("expires", sa.Date(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_about", sa.Boolean(), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("posted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("count_finding_task", "count_finding", ["task_id"])
    op.create_index("count_finding_of", "count_finding", ["count_id"])
    op.create_table(
        "count_settings",
        sa.Column("site_id", sa.String(length=40), nullable=False),
        sa.Column("a_percent", sa.Integer(), nullable=False),
        sa.Column("b_percent", sa.Integer(), nullable=False),
        sa.Column("c_percent", sa.Integer(), nullable=False),
        sa.Column("unit_floor", sa.Integer(), nullable=False),
        sa.Column("value_cents", sa.Integer(), nullable=False),
        sa.Column("a_days", sa.Integer(), nullable=False),
        sa.Column("b_days", sa.Integer(), nullable=False),
        sa.Column("c_days", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("site_id"),
    )
