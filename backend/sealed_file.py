"""A sealed file: written as it comes, in parts that can be neither changed, moved, cut off nor added to.

The layout: a line that says what it is, the length of the header (4 bytes), the header (JSON), and parts of 1 MiB,
each AES-256-GCM under the file's own key. A part's nonce is its number and whether it is the last (the STREAM
construction of Hoang, Reyhanitabar, Rogaway and Vizár, 2015), and every part is bound to the header.
"""

import hashlib
import io
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"daysheet backup 1\n"
PART_BYTES = 1024 * 1024
TAG_BYTES = 16
LONGEST_HEADER = 100_000
NO_BACKUP = "This is no backup of Daysheet, or its beginning is damaged."
DAMAGED = "This backup is damaged: what it holds is not what was written. Nothing of it was used. Take another copy."
CUT_SHORT = "This backup is cut short: its end is missing. Nothing of it was used. Take another copy."


class Damaged(Exception):
    """It is not as it was written; the text is a sentence for who wants to use it."""


def nonce_of(number: int, last: bool) -> bytes:
    """12 bytes: the part's number, and a 1 for the last."""
    return number.to_bytes(11) + bytes([last])


def read_header(file: BinaryIO) -> bytes:
    """The header, unproven until a part is opened; the file then stands at its first part. Raises Damaged."""
    if file.read(len(MAGIC)) != MAGIC:
        raise Damaged(NO_BACKUP)
    length = int.from_bytes(file.read(4))
    header = file.read(length) if length <= LONGEST_HEADER else b""
    if not header or len(header) != length:
        raise Damaged(NO_BACKUP)
    return header


class Sealing(io.RawIOBase):
    """What is written is sealed; `finish` writes the last part, without which nobody takes the file for whole."""

    def __init__(self, file: BinaryIO, key: bytes, header: bytes) -> None:
        super().__init__()
        self.file, self.cipher, self.bound = file, AESGCM(key), hashlib.sha256(header).digest()
        self.waiting, self.number = bytearray(), 0
        file.write(MAGIC + len(header).to_bytes(4) + header)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Keep the last part back: whether more comes is known only afterwards."""
        self.waiting += data
        while len(self.waiting) > PART_BYTES:
            self._part(bytes(self.waiting[:PART_BYTES]), last=False)
            del self.waiting[:PART_BYTES]
        return len(data)

    def finish(self) -> None:
        """The end."""
        self._part(bytes(self.waiting), last=True)

    def _part(self, plain: bytes, last: bool) -> None:
        self.file.write(self.cipher.encrypt(nonce_of(self.number, last), plain, self.bound))
        self.number += 1


class Unsealing(io.RawIOBase):
    """What was sealed, to be read from its beginning to its end. Raises Damaged."""

    def __init__(self, file: BinaryIO, key: bytes, header: bytes) -> None:
        super().__init__()
        self.file, self.cipher, self.bound = file, AESGCM(key), hashlib.sha256(header).digest()
        self.plain, self.number, self.ended = memoryview(b""), 0, False
        self.ahead = file.read(PART_BYTES + TAG_BYTES)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """As much as is open; the next part when that is used up."""
        while not self.plain and not self.ended:
            self._open_next()
        size = min(len(buffer), len(self.plain))
        buffer[:size] = self.plain[:size]
        self.plain = self.plain[size:]
        return size

    def _open_next(self) -> None:
        sealed, self.ahead = self.ahead, self.file.read(PART_BYTES + TAG_BYTES)
        last = not self.ahead
        try:
            self.plain = memoryview(self.cipher.decrypt(nonce_of(self.number, last), sealed, self.bound))
        except InvalidTag as error:
            raise Damaged(CUT_SHORT if last and self._is_whole(sealed) else DAMAGED) from error
        except ValueError as error:
            raise Damaged(CUT_SHORT) from error
        self.number, self.ended = self.number + 1, last

    def _is_whole(self, sealed: bytes) -> bool:
        """Whether it opens as a part that others follow: then only what followed is gone."""
        try:
            self.cipher.decrypt(nonce_of(self.number, last=False), sealed, self.bound)
        except InvalidTag:
            return len(sealed) < PART_BYTES + TAG_BYTES
        return True
