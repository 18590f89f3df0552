"""Two records that may be of one person, and what a person said about them."""

import jellyfish
import sqlalchemy as sa
from alembic import op

from backend.values import folded

revision = "0021"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("patient", sa.Column("sound", sa.String(13), nullable=True))
    op.add_column("patient", sa.Column("merged_into", sa.String(36), nullable=True))
    op.create_table(
        "duplicate_pair",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("site_id", sa.String(40), nullable=False),
        sa.Column("patient_id", sa.String(36), nullable=False),
        sa.Column("other_id", sa.String(36), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("found_by", sa.String(36), nullable=False),
        sa.Column("closed_card", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.String(36), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("command_id", sa.String(36), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
    )
    op.create_index("ix_duplicate_pair_patient_id", "duplicate_pair", ["patient_id"])
    op.create_index("ix_duplicate_pair_other_id", "duplicate_pair", ["other_id"])
    op.create_index("ix_duplicate_pair_found_by", "duplicate_pair", ["found_by"])
    patients = sa.table("patient", sa.column("id"), sa.column("family"), sa.column("given"), sa.column("sound"))
    known = op.get_bind().execute(sa.select(patients.c.id, patients.c.family, patients.c.given)).all()
    sounds = [{"one": one.id, "heard": sound(one.family, one.given)} for one in known]
    if sounds:
        heard = patients.update().where(patients.c.id == sa.bindparam("one")).values(sound=sa.bindparam("heard"))
        op.get_bind().execute(heard, sounds)
    op.create_index("ix_patient_sound", "patient", ["sound"])
    op.create_index("ix_patient_merged_into", "patient", ["merged_into"])
    op.create_index("ix_patient_phone", "patient", ["phone"])
    op.create_index("visit_patient", "visit", ["patient_id"])


def sound(*names: str) -> str:
    """As of this release; `Jr` and its like are no names."""
    suffixes = {"jr", "junior", "sr", "senior", "ii", "iii", "iv"}
    words = [[word for word in folded(name).split(" ") if word and word not in suffixes] for name in names]
    return "/".join(jellyfish.soundex(each[0]) if each else "" for each in words)
