"""What was backed up, tried out and restored, and what a restore took away."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from backend.database import Base, Id, Instant


class BackupMade(Base):
    """A backup that was read back and found to be whole. `size` is in bytes; `recovery` names the phrase's key."""

    __tablename__ = "backup_made"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    entries: Mapped[int] = mapped_column(Integer)
    size: Mapped[int] = mapped_column(BigInteger)
    recovery: Mapped[str] = mapped_column(String(16))


class BackupDrill(Base):
    """A backup that was restored into a place of its own, as an exercise. `wrong` is how many things differed there."""

    __tablename__ = "backup_drill"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    made_at: Mapped[datetime] = mapped_column(Instant)
    entries: Mapped[int] = mapped_column(Integer)
    size: Mapped[int] = mapped_column(BigInteger)
    milliseconds: Mapped[int] = mapped_column(Integer)
    wrong: Mapped[int] = mapped_column(Integer)
    # Whether somebody opened it with the phrase, as they would have to on the day that it is needed.
    by_phrase: Mapped[bool] = mapped_column(Boolean)


class BackupFailure(Base):
    """Since when the office can make no backup, and of which kind the trouble is; there is one row, or none."""

    __tablename__ = "backup_failure"

    id: Mapped[str] = mapped_column(String(8), primary_key=True)
    since: Mapped[datetime] = mapped_column(Instant)
    code: Mapped[str] = mapped_column(String(20))


class Restore(Base):
    """The office was put back to an earlier moment. `seq` is the newest entry that the journal then had.

    `compared` says whether the journal that was there before could be read: then it is known what has to come back.
    """

    __tablename__ = "restore"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    made_at: Mapped[datetime | None] = mapped_column(Instant)
    epoch: Mapped[str] = mapped_column(String(36))
    seq: Mapped[int] = mapped_column(BigInteger)
    compared: Mapped[bool] = mapped_column(Boolean)


class RestoreEntry(Base):
    """An entry that the journal before a restore had and the backup has not: who did what where, never what was said.

    No part of the journal's replay, as it tells of another journal. `device_id` is None for what was done at the
    office's own pages, of which no device has a copy.
    """

    __tablename__ = "restore_entry"

    restore_id: Mapped[str] = mapped_column(Id, primary_key=True)
    command_id: Mapped[str] = mapped_column(Id, primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    site_id: Mapped[str] = mapped_column(String(40))
    device_id: Mapped[str | None] = mapped_column(Id)
    device: Mapped[str] = mapped_column(String(60))
    actor: Mapped[str] = mapped_column(String(200))
    command: Mapped[str] = mapped_column(String(80))
    happened_at: Mapped[datetime] = mapped_column(Instant)
