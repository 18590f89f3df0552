"""Which things each entry of the journal is about; of what is there already, as far as its fields and rows say."""

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

ID = re.compile(r'"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"')


def upgrade() -> None:
    id = sa.String(length=36)
    concern = op.create_table(
        "journal_concern",
        sa.Column("thing_id", id, nullable=False),
        sa.Column("command_id", id, nullable=False),
        sa.PrimaryKeyConstraint("thing_id", "command_id"),
    )
    connection = op.get_bind()
    after = 0
    query = sa.text(
        "SELECT seq, command_id, payload FROM journal "
        "WHERE seq > :after AND payload IS NOT NULL ORDER BY seq LIMIT 1000"
    )
    while entries := connection.execute(query, {"after": after}).all():
        after = entries[-1].seq
        rows = [
            {"thing_id": named, "command_id": entry.command_id}
            for entry in entries
            for named in sorted(set(ID.findall(json.dumps(json.loads(entry.payload)["fields"]))))[:500]
        ]
        if rows:
            connection.execute(concern.insert(), rows)
    # What the handlers knew: the patient on a card, the item of a movement, and the request that an entry made.
    for thing, table in (("subject", "open_case"), ("item_id", "movement"), ("patient_id", "patient_change")):
        connection.execute(
            sa.text(
                f"INSERT INTO journal_concern (thing_id, command_id) SELECT DISTINCT {thing}, command_id FROM {table} "
                f"WHERE {thing} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM journal_concern known "
                f"WHERE known.thing_id = {thing} AND known.command_id = {table}.command_id)"
            )
        )
