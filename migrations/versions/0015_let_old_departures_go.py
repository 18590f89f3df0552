"""What left a sheet long ago need not be told any more, and a copy that differed is noted at its device."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"


def upgrade() -> None:
    op.add_column("feed_head", sa.Column("floor", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("device_contact", sa.Column("differed_at", sa.DateTime(timezone=True), nullable=True))
