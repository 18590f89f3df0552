"""A visit is cancelled and its time given away, a card is shown to more than its author, and paper is typed in."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.add_column("visit", sa.Column("given_to", sa.String(length=36), nullable=True))
    op.add_column("visit_event", sa.Column("paper_by", sa.String(length=80), nullable=True))
    op.add_column("open_case", sa.Column("told", sa.Text(), nullable=True))
