"""Where the bytes are: each part of a file sealed by itself, in a folder that is named by the file's hash."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from backend.keyring import Keyring, Unsealable
from backend.writing import write_whole

PART_BYTES = 256 * 1024
PURPOSE = "file"
SHA256 = re.compile(r"[0-9a-f]{64}")


def is_sha256(text: str) -> bool:
    """Whether it is the id of a file: nothing else ever becomes a part of a path."""
    return SHA256.fullmatch(text) is not None


def parts_of(size: int) -> int:
    """How many parts a file of this size has."""
    return -(-size // PART_BYTES)


def part_size(size: int, part: int) -> int:
    """All parts are full, but for the last."""
    return min(PART_BYTES, size - part * PART_BYTES)


class Cabinet:
    """The folder with the files of an office."""

    def __init__(self, data: Path, keyring: Keyring) -> None:
        self.folder, self.keyring = data / "files", keyring

    def place(self, sha256: str) -> Path:
        """The folder of a file's parts."""
        if not is_sha256(sha256):
            raise ValueError("not the hash of a file")
        return self.folder / sha256[:2] / sha256

    def keep(self, sha256: str, part: int, plain: bytes) -> None:
        """Seal a part and write it, whole or not at all; it is on the disk when this returns."""
        place = self.place(sha256)
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(place / str(part), self.keyring.seal(PURPOSE, plain, bound(sha256, part)))

    def there(self, sha256: str) -> list[int]:
        """Which parts are here."""
        return sorted(int(path.name) for path in self.place(sha256).glob("*") if path.name.isdigit())

    def read(self, sha256: str, parts: int) -> Iterator[bytes]:
        """The parts in order. Raises OSError for one that is missing, Unsealable for one that is not ours."""
        for part in range(parts):
            yield self.keyring.open(PURPOSE, (self.place(sha256) / str(part)).read_bytes(), bound(sha256, part))

    def open_part(self, path: Path) -> bytes:
        """One part by its path. Raises OSError for one that is missing, Unsealable for one that is not ours."""
        return self.keyring.open(PURPOSE, path.read_bytes(), bound(path.parent.name, int(path.name)))

    def drop(self, sha256: str) -> None:
        """All parts."""
        shutil.rmtree(self.place(sha256), ignore_errors=True)

    def seal_again(self, path: Path) -> bool:
        """One part under the newest secret, read back before it takes the old one's place; False if it was already."""
        sealed = path.read_bytes()
        if self.keyring.is_current(sealed):
            return False
        about = bound(path.parent.name, int(path.name))
        plain = self.keyring.open(PURPOSE, sealed, about)
        again = self.keyring.seal(PURPOSE, plain, about)
        if self.keyring.open(PURPOSE, again, about) != plain:
            raise Unsealable()
        write_whole(path, again)
        return True

    def waits(self, path: Path) -> bool:
        """Whether a part is to be sealed again, and can be."""
        sealed = path.read_bytes()
        if self.keyring.is_current(sealed):
            return False
        try:
            self.keyring.open(PURPOSE, sealed, bound(path.parent.name, int(path.name)))
        except Unsealable:
            return False
        return True

    def every_part(self) -> Iterator[Path]:
        """The path of every part of every file."""
        for path in sorted(self.folder.glob("??/*/*")):
            if path.name.isdigit() and is_sha256(path.parent.name):
                yield path


def bound(sha256: str, part: int) -> str:
    """What a sealed part is tied to, so that no two can change places."""
    return f"{sha256}/{part}"


def hash_of(parts: Iterator[bytes]) -> str:
    """The id of what these parts make together."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
