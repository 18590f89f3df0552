"""What happened in a place since a moment, which every hand-in of a count asks."""

from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_index("movement_place", "movement", ["place_id", "happened_at"])
