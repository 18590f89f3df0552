"""Settings: one frozen Struct read from the environment, safe when nothing is set."""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

PROJECT = Path(__file__).resolve().parent.parent


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that differs from one office's server to another's."""

    data: Path = PROJECT / "data"
    database: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    log_level: str = "INFO"
    # The office's secrets: given here (base64, oldest first, separated by spaces), or in a file of their own.
    key: str = ""
    key_file: str = ""
    # Where the heads of the chains are written every day: best on a disk that can only be added to.
    anchors: str = ""
    # Plain HTTP is only for localhost, where browsers treat it as secure.
    secure_cookies: bool = False
    session_hours: int = 12
    # Every server may keep the timetable: a job is leased in the database. One may be told not to.
    timed_jobs: bool = True
    largest_body: int = 2_000_000
    web: Path = PROJECT / "web"

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL: what was set, else a SQLite file in the data folder."""
        return self.database or f"sqlite:///{self.data / 'daysheet.sqlite3'}"

    @property
    def key_path(self) -> Path:
        """The keyring's file: what was set, else beside the database. Keep a copy where the backups are not."""
        return Path(self.key_file) if self.key_file else self.data / "daysheet.key"

    @property
    def anchors_path(self) -> Path:
        """The folder of the anchors: what was set, else one in the data folder."""
        return Path(self.anchors) if self.anchors else self.data / "anchors"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `DAYSHEET_<NAME>` variables; a value that does not fit is a sentence at start-up."""
    given = {
        field: environment[f"DAYSHEET_{field.upper()}"]
        for field in Settings.__struct_fields__
        if environment.get(f"DAYSHEET_{field.upper()}")
    }
    try:
        return msgspec.convert(given, Settings, strict=False, dec_hook=lambda kind, value: kind(value))
    except msgspec.ValidationError as error:
        raise SystemExit(f"A DAYSHEET_… setting cannot be read: {error}") from error
