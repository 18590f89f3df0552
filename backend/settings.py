"""Settings: one frozen Struct read from the environment, safe when nothing is set."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

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
    # PEM files; with none given, `serve --lan` makes its own. The key may stand in the certificate's file.
    certificate: str = ""
    certificate_key: str = ""
    # Where a device may learn to trust the office's own authority, over plain HTTP; 0 is the port after the office's.
    trust_port: int = 0
    # Seconds for which browsers are told to come by HTTPS only; `serve` sets it where it speaks TLS itself.
    transport_security: int = 0
    # Whether to start at all where the data's disk is not encrypted, or that cannot be told.
    require_encrypted_disk: bool = False
    # A device that could not reach the office for at least as long had an outage, of which there is a record.
    outage_seconds: Annotated[int, msgspec.Meta(ge=1)] = 180
    # Where each night's backup is put, and when the night begins, in the zone of the first site: best another disk.
    backups: str = ""
    backup_hour: Annotated[int, msgspec.Meta(ge=0, le=23)] = 2
    # Of how many of the last days, weeks and months one is kept.
    backups_daily: Annotated[int, msgspec.Meta(ge=1)] = 7
    backups_weekly: Annotated[int, msgspec.Meta(ge=1)] = 4
    backups_monthly: Annotated[int, msgspec.Meta(ge=1)] = 12
    # A folder in which the downtime packet of every site is kept as a PDF, with the extra `pdf`; none by default, as
    # it names patients. Best on a machine that has a printer beside it, and an encrypted disk.
    packets: str = ""
    session_hours: int = 12
    session_idle_minutes: Annotated[int, msgspec.Meta(ge=1)] = 60
    # Whether everybody must have a passkey or an authenticator app beside the password, or may.
    second_factor: Literal["required", "offered"] = "offered"
    # Where browsers find this office, as in https://desk.example.com; what passkeys are bound to.
    origin: str = ""
    # How many reverse proxies stand in front, each of which adds whom it heard to X-Forwarded-For.
    proxies: Annotated[int, msgspec.Meta(ge=0)] = 0
    # Every server may keep the timetable: a job is leased in the database. One may be told not to.
    timed_jobs: bool = True
    # Push services besides the browsers' own: names of hosts, or whole origins, separated by spaces.
    push_hosts: str = ""
    # The key by which push services know this office (32 bytes in base64url); with none given, it follows from the
    # keyring. And whom they may turn to: mailto:… or https://….
    push_key: Annotated[str, msgspec.Meta(pattern="^([A-Za-z0-9_-]{43})?$")] = ""
    push_contact: str = ""
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
    def certificate_path(self) -> Path:
        """The file of the certificate and of those between it and its authority, in PEM."""
        return Path(self.certificate)

    @property
    def certificate_key_path(self) -> Path:
        """The file of its private key, which may be the same."""
        return Path(self.certificate_key or self.certificate)

    @property
    def backups_path(self) -> Path:
        """The folder of the backups: what was set, else one in the data folder."""
        return Path(self.backups) if self.backups else self.data / "backups"

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
