"""Alembic's entry: the same tables and the same URL as the program."""

from alembic import context

import backend.app  # noqa: F401  (every room's tables)
from backend.database import Base, Database

url = context.config.attributes["url"]
database = Database(url)
with database.engine.connect() as connection:
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
database.close()
