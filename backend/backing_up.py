"""Backing up: the whole office in one sealed file, written beside its place, read back, and only then given its name.

Inside are the database of one moment, the files of patients, the keyring, the anchors of the chains, the certificates
that devices trust, and a manifest that says what must be there. It opens with the recovery phrase alone.
"""

import errno
import fcntl
import gzip
import io
import os
import secrets
import shutil
import sqlite3
import tarfile
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import msgspec
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from backend import VERSION, anchors
from backend.clock import Clock, instant
from backend.errors import Busy
from backend.files import Cabinet
from backend.keyring import open_keyring, write_ring
from backend.manifests import Manifest, describe, differences
from backend.recovery import NO_KEY, RecoveryKey, find_recovery_key, path_of, seal_key
from backend.sealed_file import Damaged, Sealing
from backend.settings import Settings
from backend.snapshots import OtherVersion, take_snapshot
from backend.unpacking import (
    ANCHORS,
    DATABASE,
    FILES,
    KEYRING,
    MANIFEST,
    RECOVERY,
    TLS,
    Header,
    read_about,
    unpack_with,
)
from backend.writing import sync_folder

UNDER_WAY, UNFINISHED = "under-way-", ".unfinished"
BUSY = "Another backup or restore of this office is under way. Wait until it is done."


# What a full or broken disk, a damaged database, or one that others keep busy, is met as.
TROUBLE = (OSError, sqlite3.Error, SQLAlchemyError, Busy)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class NotDone(Exception):
    """Nothing was made or changed; the text is a sentence for the person at the server, the code is for managers."""

    def __init__(self, say: str, code: str = "failed") -> None:
        super().__init__(say)
        self.code = code


def reason(error: BaseException) -> str:
    """What went wrong, in the words of whoever noticed it first and without what was being written."""
    return str(first_of(error)).partition("\n")[0]


def first_of(error: BaseException) -> BaseException:
    """The error that whoever noticed it first raised."""
    while isinstance(error, Busy) and error.__cause__:
        error = error.__cause__
    return error.orig if isinstance(error, DBAPIError) and error.orig else error


def code_of(error: BaseException) -> str:
    """Of which kind the trouble is, as managers are told: `full`, `folder` or `failed`."""
    found = first_of(error)
    if isinstance(found, sqlite3.Error) and found.sqlite_errorcode == sqlite3.SQLITE_FULL:
        return "full"
    if not isinstance(found, OSError):
        return "failed"
    return "full" if found.errno in FULL else "folder"


class Made(NamedTuple):
    """A backup that was read back and found to be whole."""

    path: Path
    key: bytes
    manifest: Manifest
    size: int
    seconds: float


def make(settings: Settings, where: Path | None, clock: Clock, folder: Path) -> Made:
    """One backup, in `where` (a folder, or the file itself). Raises NotDone; then nothing of it is left."""
    began, now = time.monotonic(), clock.now()
    key = find_recovery_key(settings)
    if key is None:
        raise NotDone(NO_KEY, "no_phrase")
    path = place_of(settings, where, now)
    if path.exists():
        raise NotDone(f"There is a file {path} already. Name another, or a folder.")
    beside = path.with_name(f".{path.name}{UNFINISHED}")
    file_key = secrets.token_bytes(32)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for left in path.parent.glob(f".daysheet-*{UNFINISHED}"):
            left.unlink()
        manifest = gather(settings, folder, instant(now))
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            manifest = write(settings, folder, manifest, key, file_key, file)
            file.flush()
            os.fsync(file.fileno())
        if wrong := read_back(beside, file_key, folder / "read-back"):
            say = f"The backup was written and does not read back: {wrong[0]}. It was thrown away."
            raise NotDone(say, "unreadable")
        beside.replace(path)
        sync_folder(path.parent)
    except (*TROUBLE, OtherVersion) as error:
        raise NotDone(f"No backup was made. {reason(error)}", code_of(error)) from error
    finally:
        beside.unlink(missing_ok=True)
    return Made(path, file_key, manifest, path.stat().st_size, time.monotonic() - began)


def noted(path: Path, manifest: Manifest) -> dict[str, Any]:
    """What the office notes of one that is whole: the fields of RecordBackup."""
    with path.open("rb") as file:
        about, _ = read_about(file)
    counted = {"made_at": manifest.made_at, "entries": manifest.entries, "size": path.stat().st_size}
    return counted | {"recovery": about.key.recovery}


def place_of(settings: Settings, where: Path | None, now: datetime) -> Path:
    """The file's path: its name says when, and sorts."""
    where = where or settings.backups_path
    if where.suffix and not where.is_dir():
        return where
    return where / f"daysheet-{now.strftime('%Y-%m-%dT%H%M%SZ')}.backup"


def gather(settings: Settings, folder: Path, made_at: str) -> Manifest:
    """Take the snapshot and write down what must be there."""
    snapshot = folder / DATABASE
    take_snapshot(settings.database_url, snapshot)
    return describe(snapshot, made_at)


def write(
    settings: Settings, folder: Path, manifest: Manifest, key: RecoveryKey, file_key: bytes, file: BinaryIO
) -> Manifest:
    """Everything, packed and sealed, with the manifest that stands inside; the snapshot was taken before, so that no
    row in it names a part of a file that is not here."""
    header = Header(manifest.made_at, VERSION, seal_key(key.public, file_key))
    sealing = Sealing(file, file_key, msgspec.json.encode(header))
    keyring = open_keyring(settings)
    write_ring(folder / KEYRING, list(keyring.secrets.values()))
    with (
        gzip.GzipFile(fileobj=sealing, mode="wb", compresslevel=1, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|") as archive,
    ):
        files = [path for path in Cabinet(settings.data, keyring).every_part() if add(archive, *part(path))]
        manifest = msgspec.structs.replace(manifest, parts=len(files))
        add_bytes(archive, MANIFEST, msgspec.json.encode(manifest))
        for name, path in {
            DATABASE: folder / DATABASE,
            KEYRING: folder / KEYRING,
            RECOVERY: path_of(settings),
            ANCHORS: settings.anchors_path / anchors.FILE,
            **{TLS + path.name: path for path in sorted((settings.data / "tls").glob("*.pem"))},
        }.items():
            add(archive, name, path)
    sealing.finish()
    return manifest


def part(path: Path) -> tuple[str, Path]:
    """What a part of a file is called inside, and where it is."""
    return FILES + "/".join(path.parts[-3:]), path


def add(archive: tarfile.TarFile, name: str, path: Path) -> bool:
    """One file under a name; False for one that is not there, or was thrown away as nobody's meanwhile."""
    with suppress(FileNotFoundError), path.open("rb") as file:
        told = tarfile.TarInfo(name)
        told.size = os.fstat(file.fileno()).st_size
        archive.addfile(told, file)
        return True
    return False


def add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    """The same of what is no file."""
    told = tarfile.TarInfo(name)
    told.size = len(content)
    archive.addfile(told, io.BytesIO(content))


def read_back(path: Path, key: bytes, into: Path) -> list[str]:
    """Open it from its first byte to its last and look through what is inside; what is wrong with it."""
    try:
        found = unpack_with(lambda _: key, path, into, with_files=False)
        return list(differences(into / DATABASE, found.manifest, found.parts))
    except Damaged as problem:
        return [str(problem)]
    finally:
        shutil.rmtree(into, ignore_errors=True)


@contextmanager
def one_at_a_time(data: Path) -> Iterator[Path]:
    """A folder of its own on the office's own disk: what is in it is not encrypted. Raises NotDone beside another."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise NotDone(BUSY, "busy") from error
        # With the lock held, whatever lies there was left by a run that was killed.
        for left in data.glob(f"{UNDER_WAY}*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=UNDER_WAY, dir=data))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
