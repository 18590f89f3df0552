"""Unpacking a backup: each part is proven before it is used, and nothing is written outside of its folder."""

import gzip
import io
import re
import shutil
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec

from backend.manifests import Manifest
from backend.recovery import SealedKey
from backend.sealed_file import DAMAGED, NO_BACKUP, Damaged, Unsealing, read_header

DATABASE, MANIFEST, KEYRING, RECOVERY = "daysheet.sqlite3", "manifest.json", "daysheet.key", "recovery.json"
ANCHORS, FILES, TLS = "anchors/anchors.log", "files/", "tls/"
# Whatever else an archive may name becomes no path.
TAKEN = re.compile(
    rf"{DATABASE}|{MANIFEST}|{KEYRING}|{RECOVERY}|{ANCHORS}|tls/[a-z]+\.pem|files/[0-9a-f]{{2}}/[0-9a-f]{{64}}/[0-9]+"
)
# What becomes a file for its owner's eyes only.
MODE = 0o600


class Header(msgspec.Struct, frozen=True):
    """What stands in the open: when it was made, by which version, and the key, sealed to the phrase."""

    made_at: str
    version: str
    key: SealedKey


# How the key in the header is opened: by who knows the phrase, or who has just made the backup.
KeyOf = Callable[[SealedKey], bytes]


class Unpacked(NamedTuple):
    """What came out: the manifest, and how many parts of files there were."""

    manifest: Manifest
    parts: int


def read_about(file: BinaryIO) -> tuple[Header, bytes]:
    """The header and its bytes; the file then stands at its first sealed part. Raises Damaged."""
    raw = read_header(file)
    try:
        return msgspec.json.decode(raw, type=Header), raw
    except msgspec.MsgspecError as error:
        raise Damaged(NO_BACKUP) from error


def unpack_with(key_of: KeyOf, path: Path, into: Path, with_files: bool = True) -> Unpacked:
    """Everything in the backup, into a folder. Raises Damaged or OSError, and WrongPhrase if `key_of` does."""
    with path.open("rb") as file:
        about, raw = read_about(file)
        return unpack(file, key_of(about.key), raw, into, with_files)


def unpack(file: BinaryIO, key: bytes, raw: bytes, into: Path, with_files: bool) -> Unpacked:
    """The same from a file that stands at its first part; without the files of patients they are read, not written."""
    manifest, parts = None, 0
    stream = io.BufferedReader(Unsealing(file, key, raw))
    try:
        with gzip.open(stream) as plain, tarfile.open(fileobj=plain, mode="r|") as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content is None or not TAKEN.fullmatch(member.name):
                    raise Damaged(DAMAGED)
                is_part = member.name.startswith(FILES)
                parts += is_part
                if member.name == MANIFEST:
                    manifest = msgspec.json.decode(content.read(), type=Manifest)
                elif with_files or not is_part:
                    write_member(into / member.name, content)
            # What follows the archive's end is proven too, the last part above all.
            while plain.read(1 << 20):
                pass
        while stream.read(1 << 20):
            pass
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, msgspec.MsgspecError) as error:
        raise Damaged(DAMAGED) from error
    if manifest is None or not (into / DATABASE).exists():
        raise Damaged(DAMAGED)
    return Unpacked(manifest, parts)


def write_member(path: Path, content: BinaryIO) -> None:
    """One file of the archive."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=MODE)
    with path.open("wb") as written:
        shutil.copyfileobj(content, written, 1 << 20)
