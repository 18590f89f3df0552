"""Bringing the database to this version, and giving a new one its epoch."""

import uuid
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import insert, select

from backend.database import Database
from backend.feed import feed_head

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def alembic_config(url: str) -> Config:
    """Alembic's settings, without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["url"] = url
    return config


def migrate(url: str) -> None:
    """Every step that is missing; then the counter, if there is none yet."""
    command.upgrade(alembic_config(url), "head")
    database = Database(url)
    with database.write() as session:
        if session.execute(select(feed_head.c.value)).scalar() is None:
            session.execute(insert(feed_head).values(id=1, value=0, epoch=uuid.uuid4().hex[:12]))
    database.close()
